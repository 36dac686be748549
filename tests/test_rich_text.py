"""Rich text: what the sanitizer lets through, told in docs/rich-text.md, and attacked."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from documents.richtext import LET_THROUGH, OF, RichTextField, shower, shown, words_of
from projects.models import Project
from tests import make
from tests.filling import step, typed
from tests.markup import VOID, Page

PAPER = Path(__file__).parent.parent / "docs" / "rich-text.md"

SAFE_TAGS = {"a", "blockquote", "br", "em", "h2", "h3", "h4", "li", "ol", "p", "strong", "ul"}
SAFE_ATTRIBUTES = {("a", "href"), ("a", "rel"), ("ol", "start"), ("ol", "type")} | {
    (tag, name) for tag in SAFE_TAGS for name in ("lang", "title")
}

ATTACKS = [
    *Path(__file__).with_name("rich_text_attacks.txt").read_text().splitlines(),
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<p>\x00<scr\x00ipt>alert(1)</script></p>",
    "<p><p><p>" * 90 + "<img src=x onerror=alert(1)>",
    "<strong>" * 300 + "x",
]
TEXT = "\n".join(ATTACKS)


def harm_in(html):
    """What of a text is not on the list, as a browser's tokens would be read."""
    harm = []
    for each in Page(html).elements:
        harm += [] if each.tag in SAFE_TAGS else [each.tag]
        harm += [name for name in each.attributes if (each.tag, name) not in SAFE_ATTRIBUTES]
        scheme = re.match(r"[\s\x00-\x20]*([\w+.-]+):", each["href"] or "")
        harm += (
            [scheme[1]] if scheme and scheme[1].lower() not in LET_THROUGH["url_schemes"] else []
        )
    return harm


def prose_of(page):
    """The inside of the rich text on a page."""
    texts = re.findall(r'<div class="prose" lang="it">(.*?)</div>', page, re.S)
    assert texts
    return "".join(texts)


def test_the_list_in_the_docs_is_what_the_code_lets_through():
    rows = {
        "elements": ticked(LET_THROUGH["tags"]),
        "of each": "`lang`, `title`",
        **{f"of `{tag}`": ticked(OF[tag]) for tag in sorted(OF)},
        "schemes of addresses": f"{ticked(LET_THROUGH['url_schemes'])}; none, for pages of the "
        "portal",
        "added to every link on a page": '`rel="noopener"`',
    }
    lines = [f"| {what} | {which} |" for what, which in rows.items()]
    table = "\n".join(["| what | let through |", "|---|---|", *lines])
    said = PAPER.read_text().partition("<!-- let through -->\n")[2]
    assert said.startswith(f"{table}\n<!-- /let through -->")
    assert LET_THROUGH["tags"] == SAFE_TAGS
    every = "".join(f"<{tag} {' '.join(f'{name}=1' for name in ALL)}>x</{tag}>" for tag in TAGS)
    kept = Page(shown(every)).elements
    assert {each.tag for each in kept} == SAFE_TAGS
    assert {(each.tag, name) for each in kept for name in each.attributes} == SAFE_ATTRIBUTES


ALL = [
    "href", "title", "rel", "start", "type", "style", "class", "id", "src", "target", "onclick",
    "data-type", "lang", "dir", "name", "width", "value", "ping", "download", "hidden",
]  # fmt: skip
TAGS = sorted(SAFE_TAGS | VOID | {"h1", "h5", "div", "span", "table", "button", "form", "b", "i"})


def ticked(words):
    return ", ".join(f"`{word}`" for word in sorted(words))


def test_no_attack_gets_through_when_it_is_stored_nor_when_it_is_shown():
    store = RichTextField().sanitize
    for attack in [*ATTACKS, TEXT]:
        for cleaned in (store(attack), shown(attack), shown(store(attack)), store(shown(attack))):
            assert harm_in(cleaned) == [], attack
        assert shower.clean(shown(attack)) == shown(attack), attack  # nothing mutates


def test_plain_text_keeps_its_lines_and_its_paragraphs():
    typed_by_hand = (
        RichTextField().formfield().clean("Via Mazzini 1\n60044 Fabriano\n\nCarta & filo")
    )
    stored = RichTextField().sanitize(typed_by_hand)
    assert stored == "<p>Via Mazzini 1<br>60044 Fabriano</p>\n\n<p>Carta &amp; filo</p>"
    assert shown(stored) == stored
    assert words_of(stored) == "Via Mazzini 1 60044 Fabriano Carta & filo"


def test_links_on_a_page_cannot_reach_back():
    assert shown('<p><a href="https://e.it" rel="opener" target="_blank">x</a></p>') == (
        '<p><a href="https://e.it" rel="noopener">x</a></p>'
    )
    assert shown(None) == ""


@pytest.mark.django_db
def test_no_attack_gets_through_by_the_form_the_spreadsheet_or_the_database(
    client, as_user, fabriano, fabriano_delegate, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    project = make.project(lead=fabriano, status="published", slug="carta")
    page = reverse("project_detail", args=["carta"])
    text = TEXT.replace("\x00", "").replace("\x01", "")

    as_user(fabriano_delegate)
    address = step(project, "story")
    client.post(address, typed(client.get(address), text_it=f"<p>Carta viva</p>{text}"))
    stored = Project.objects.get().text_it
    assert "Carta viva" in stored
    assert harm_in(stored) == []

    as_user(coordinator)
    rows = '"slug","title_it","lead","text_it"\n"","Nuovo","fabriano","<p>Da fuori</p>{}"\n'
    sheet = SimpleUploadedFile("a.csv", rows.format(text.replace('"', '""')).encode())
    shown_rows = client.post(
        reverse("admin:projects_project_import"),
        {"import_file": sheet, "format": "", "resource": ""},
    )
    sent = shown_rows.context["confirm_form"].initial
    client.post(reverse("admin:projects_project_process_import"), sent)
    imported = Project.objects.get(title_it="Nuovo").text_it
    assert "Da fuori" in imported
    assert harm_in(imported) == []

    with connection.cursor() as cursor:  # as nobody should, past all our code
        words = f"<p>A mano</p>{text}"
        cursor.execute("UPDATE projects_project SET text_it = %s, text_en = ''", [words])
    client.logout()
    prose = prose_of(client.get(page).text)
    assert "A mano" in prose
    assert harm_in(prose) == []
    assert client.get(page).text.count("<script") == client.get(page).text.count("</script>")
