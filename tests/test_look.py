"""What every page says about itself, and that colours, drawings and CSS are whole."""

import json
import re
from datetime import date
from io import StringIO

import pytest
from django import forms
from django.conf import settings
from django.core.management import call_command
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.translation import override

from cities.dates import known_date
from network.templatetags.portal import json_ld
from tests import make

CSS = (settings.BASE_DIR / "static" / "css" / "portal.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"\.field--([\w-]+) \{ --field: (#\w{6}); --field-soft: (#\w{6});")
FIELDS = {slug: (dark, soft) for slug, dark, soft in COLOUR.findall(CSS)}


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_field_has_a_drawing_a_pattern_and_colours_that_can_be_read():
    drawings = (settings.BASE_DIR / "static/img/icons.svg").read_text()
    files = json.loads((settings.BASE_DIR / "cities/data/fields.json").read_text())
    known = {record["key"] for each in files for record in each["records"]}
    assert set(FIELDS) == known
    for slug, (dark, soft) in FIELDS.items():
        assert contrast(dark, "#ffffff") >= 4.5
        assert contrast(dark, soft) >= 4.5, slug
        assert f'id="field-{slug}"' in drawings
        assert (settings.BASE_DIR / f"static/img/patterns/{slug}.svg").exists()


def test_every_icon_that_a_template_names_is_drawn():
    drawn = set(re.findall(r'id="(\w+)"', (settings.BASE_DIR / "static/img/icons.svg").read_text()))
    named = {
        name
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for name in re.findall(r'components/icon\.html" with name="(\w+)"', path.read_text())
    }
    assert named <= drawn


def test_the_theme_is_cut_to_what_the_templates_use_today():
    call_command("trim_theme", "--check", stdout=StringIO())
    assert (settings.BASE_DIR / "static/css/theme.css").stat().st_size < 40_000


@pytest.mark.parametrize(("language", "other"), [("it", "en"), ("en", "it")])
def test_a_page_links_to_itself_in_the_other_language_with_its_query(client, db, language, other):
    pages = {"it": "/it/notizie/?page=1&q=carta", "en": "/en/news/?page=1&q=carta"}
    html = client.get(pages[language]).content.decode()
    assert f'href="{pages[other].replace("&", "&amp;")}" lang="{other}"' in html


def test_a_page_names_its_address_in_both_languages(client, db):
    html = client.get("/it/notizie/?q=carta").content.decode()
    site = settings.SITE_URL
    assert f'<link rel="canonical" href="{site}/it/notizie/">' in html
    for language, path in {"it": "it/notizie", "en": "en/news", "x-default": "it/notizie"}.items():
        assert f'rel="alternate" hreflang="{language}" href="{site}/{path}/"' in html


def test_a_missing_page_helps_and_has_no_twin(client, db):
    response = client.get("/it/qui-non-c-e-niente/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "hreflang=" not in html.split("</head>")[0]
    assert 'href="/en/" lang="en"' in html
    assert not response.cookies


def test_linked_data_cannot_close_its_script():
    html = json_ld({"name": "</script><b>"})
    assert html.count("</script>") == 1
    assert json.loads(html.split(">", 1)[1].rsplit("<", 1)[0])["name"] == "</script><b>"


def test_a_breadcrumb_tells_people_and_machines_the_way(rf):
    context = Context({"request": rf.get("/it/citta/torino/")})
    html = Template('{% load portal %}{% breadcrumb "Città" "/it/citta/" "Torino" %}')
    html = html.render(context)
    assert '<li><a href="/it/citta/">Città</a></li>' in html
    assert '<span aria-current="page">Torino</span>' in html
    data = json.loads(re.search(r"ld\+json\">(.*)</script>", html)[1])
    assert [item["name"] for item in data["itemListElement"]][1:] == ["Città", "Torino"]


def test_a_text_without_english_is_shown_in_italian_and_says_so(client, db):
    item = make.news_item(
        title_it="Solo qui", title_en="Only here", text_it="<p>Ciao</p>", text_en=""
    )
    html = client.get(item.get_absolute_url().replace("/it/notizie/", "/en/news/")).content.decode()
    assert '<div class="prose" lang="it"><p>Ciao</p></div>' in html
    assert 'class="note"' in html


class Guestbook(forms.Form):
    name = forms.CharField(help_text="As you say it")
    field = forms.MultipleChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )


def test_a_fields_help_and_error_are_tied_to_it():
    form = Guestbook({})
    html = form["name"].as_field_group()
    assert 'for="id_name"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    for part in ("helptext", "error"):
        assert f'id="id_name_{part}"' in html
    assert "<fieldset" in form["field"].as_field_group()


def test_the_summary_of_errors_leads_to_the_fields():
    html = render_to_string("components/form_errors.html", {"form": Guestbook({})})
    assert 'role="alert"' in html
    assert '<a href="#id_name">' in html


@pytest.mark.parametrize(
    ("language", "written"), [("it", "5 dicembre 2024"), ("en", "5 December 2024")]
)
def test_dates_are_written_as_europeans_write_them(language, written):
    with override(language):
        assert known_date(date(2024, 12, 5)) == written
