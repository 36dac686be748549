"""News: newest first, hidden until its day, with what it speaks of."""

import json
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from tests import make

pytestmark = pytest.mark.django_db


def titles(response):
    return [item.title for item in response.context["page_obj"]]


def linked_data(response, kind):
    """The block of this type among the page's linked data."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text, re.S)
    return next(data for data in map(json.loads, blocks) if data["@type"] == kind)


def test_the_list_has_the_newest_first(client):
    make.news_item(title_it="Vecchia", published_on=date(2025, 3, 1))
    make.news_item(title_it="Nuova", published_on=date(2026, 3, 1))
    make.news_item(title_it="Nuova anche lei", published_on=date(2026, 3, 1))

    assert titles(client.get("/it/notizie/")) == ["Nuova anche lei", "Nuova", "Vecchia"]


def test_the_list_comes_in_pages_of_twelve(client):
    for number in range(13):
        make.news_item(title_it=f"Notizia {number}")

    assert len(titles(client.get("/it/notizie/"))) == 12
    assert titles(client.get("/it/notizie/?page=2")) == ["Notizia 0"]
    assert titles(client.get("/it/notizie/?page=900")) == ["Notizia 0"]
    assert len(titles(client.get("/it/notizie/?page=first"))) == 12


def test_a_draft_and_a_day_to_come_are_hidden(client):
    tomorrow = timezone.localdate() + timedelta(days=1)
    draft = make.news_item(title_it="Bozza", is_published=False)
    coming = make.news_item(title_it="Domani", published_on=tomorrow)

    assert titles(client.get("/it/notizie/")) == []
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(coming.get_absolute_url()).status_code == 404


def test_on_its_day_it_shows_by_itself_at_midnight_in_rome(client):
    item = make.news_item(title_it="Oggi", published_on=date(2026, 5, 9))
    with time_machine.travel("2026-05-08T23:59:00+02:00"):
        assert client.get(item.get_absolute_url()).status_code == 404
    with time_machine.travel("2026-05-09T00:01:00+02:00"):
        assert client.get(item.get_absolute_url()).status_code == 200


def test_a_coordinator_sees_what_is_not_public_yet_marked_so(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    item = make.news_item(title_it="Bozza", is_published=False)

    page = as_user(coordinator).get(item.get_absolute_url())

    assert page.context["item"] == item
    assert page.context["item"].is_public is False


def test_a_delegate_does_not_see_drafts(as_user, fabriano_delegate):
    item = make.news_item(is_published=False)
    assert as_user(fabriano_delegate).get(item.get_absolute_url()).status_code == 404


def test_the_list_can_be_narrowed_to_words_and_to_a_city(client, fabriano):
    make.news_item(title_it="Parigi").cities.add(fabriano)
    make.news_item(title_it="Londra")

    assert titles(client.get("/it/notizie/?q=parig")) == ["Parigi"]
    assert titles(client.get("/it/notizie/?city=fabriano")) == ["Parigi"]
    assert titles(client.get("/it/notizie/?city=atlantide")) == ["Londra", "Parigi"]
    assert titles(client.get("/it/notizie/?q=roma")) == []


def test_the_page_leads_to_the_cities_and_public_projects_it_speaks_of(client, fabriano, parma):
    shown = make.project(lead=fabriano, status="published", title_it="Carta")
    hidden = make.project(lead=parma, status="draft", title_it="Segreto")
    candidate = make.city(name="Napoli", member=False)
    item = make.news_item()
    item.cities.add(fabriano, candidate)
    item.projects.add(shown, hidden)

    page = client.get(item.get_absolute_url())

    assert list(page.context["cities"]) == [fabriano]
    assert list(page.context["projects"]) == [shown]
    assert f'href="{shown.get_absolute_url()}"' in page.text
    assert "Segreto" not in page.text


def test_the_page_leads_to_the_one_before_and_the_one_after(client):
    first = make.news_item(published_on=date(2026, 1, 1))
    second = make.news_item(published_on=date(2026, 1, 2))
    third = make.news_item(published_on=date(2026, 1, 2))
    make.news_item(published_on=date(2026, 1, 3), is_published=False)

    def neighbours(item):
        context = client.get(item.get_absolute_url()).context
        return context["older"], context["newer"]

    assert neighbours(first) == (None, second)
    assert neighbours(second) == (first, third)
    assert neighbours(third) == (second, None)


def test_english_readers_are_told_that_a_text_is_in_italian(client):
    item = make.news_item(title_it="Solo qui", title_en="", text_it="<p>Testo</p>")

    page = client.get(f"/en/news/{item.slug}/").text

    assert '<h1 lang="it">Solo qui</h1>' in page
    assert "This text is not translated yet" in page
    assert "This text is not translated yet" not in client.get(f"/it/notizie/{item.slug}/").text


def test_search_engines_read_a_news_article(client, settings):
    item = make.news_item(title_it="Parigi", summary_it="Ci ascolta", published_on="2026-02-03")

    schema = linked_data(client.get(item.get_absolute_url()), "NewsArticle")

    assert schema["headline"] == "Parigi"
    assert schema["description"] == "Ci ascolta"
    assert schema["datePublished"] == "2026-02-03"
    assert schema["url"] == f"http://testserver/it/notizie/{item.slug}/"
    assert schema["inLanguage"] == "it"


def test_a_picture_shows_with_its_words_and_credit(client):
    item = make.news_item(
        picture=make.picture_upload(), picture_alt_it="Un torchio", picture_credit="Anna Rossi"
    )

    page = client.get(item.get_absolute_url())

    assert 'alt="Un torchio"' in page.text
    assert "Anna Rossi" in page.text
    assert linked_data(page, "NewsArticle")["image"] == f"http://testserver{item.picture.url}"


def test_a_script_in_a_title_stays_a_text(client):
    item = make.news_item(title_it="</script><script>alert(1)</script>")
    page = client.get(item.get_absolute_url()).text
    assert "<script>alert" not in page


def feed(client, name, language):
    with translation.override(language):
        response = client.get(reverse(name))
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return response.text


def test_a_feed_of_the_news_that_are_public(client):
    make.news_item(title_it="Pubblica", slug="pubblica", summary_it="In breve")
    make.news_item(title_it="Bozza", is_published=False)

    atom = feed(client, "news_feed", "it")

    assert re.findall(r"<entry><title>(.*?)</title>", atom) == ["Pubblica"]
    assert 'href="http://testserver/it/notizie/pubblica/"' in atom
    assert "In breve" in atom
    assert 'xml:lang="it"' in atom


def test_a_feed_of_the_projects_that_are_public_in_english(client, fabriano):
    make.project(lead=fabriano, status="published", slug="paper", title_en="Paper")
    make.project(lead=fabriano, status="draft", title_en="Secret")

    atom = feed(client, "project_feed", "en")

    assert re.findall(r"<entry><title>(.*?)</title>", atom) == ["Paper"]
    assert 'href="http://testserver/en/projects/paper/"' in atom


def test_the_lists_show_their_feeds_to_readers(client):
    page = client.get("/it/notizie/").text
    assert '<link rel="alternate" type="application/atom+xml"' in page
