"""Each public page says where it stands, in which languages, and what it is about."""

from itertools import pairwise

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests import make, showcase
from tests.markup import Page

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    """Every public page of the small network in both languages, by its address."""
    with django_db_blocker.unblock(), showcase.standing():
        return {address: Page(Client().get(address).text) for address in showcase.addresses()}


@pytest.fixture
def twins():
    """The addresses of each page in Italian and in English."""
    return list(zip(showcase.addresses("it"), showcase.addresses("en"), strict=True))


def test_each_page_has_one_clear_heading(pages):
    headings = {at: [h1.text.strip() for h1 in page.all("h1")] for at, page in pages.items()}
    assert {at: found for at, found in headings.items() if len(found) != 1 or not found[0]} == {}


def test_headings_skip_no_level(pages):
    skips = {}
    for address, page in pages.items():
        levels = [int(h.tag[1]) for h in page.all("h1", "h2", "h3", "h4", "h5") if in_main(h)]
        skips[address] = [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1]
    assert {address: found for address, found in skips.items() if found} == {}


def in_main(element):
    return "main" in element.parents


def test_titles_and_descriptions_are_there_and_each_pages_own(pages):
    for language in showcase.LANGUAGES:
        these = [pages[address] for address in showcase.addresses(language)]
        titles = [page.all("title")[0].text for page in these]
        assert len(set(titles)) == len(titles)
        assert [title for title in titles if len(title) > 160 or "\n" in title] == []
    for address, page in pages.items():
        description = page.meta("description")
        assert description, address
        assert 8 <= len(description) <= 500, address
        assert "\n" not in description, address
        assert "<" not in description, address


def test_pages_say_their_language(pages, twins):
    for italian, english in twins:
        assert pages[italian].all("html")[0]["lang"] == "it"
        assert pages[english].all("html")[0]["lang"] == "en"


def test_pages_name_their_one_address_and_their_twin(pages, twins):
    for italian, english in twins:
        for address in (italian, english):
            page = pages[address]
            assert [link["href"] for link in page.all("link", rel="canonical")] == [SITE + address]
            assert {
                link["hreflang"]: link["href"]
                for link in page.all("link", rel="alternate")
                if "hreflang" in link
            } == {"it": SITE + italian, "en": SITE + english, "x-default": SITE + italian}


def test_the_language_switch_leads_to_the_same_page(pages, twins):
    for italian, english in twins:
        assert switch(pages[italian]) == [("en", english)]
        assert switch(pages[english]) == [("it", italian)]


def switch(page):
    return [(link["hreflang"], link["href"]) for link in page.all("a") if "hreflang" in link]


def test_the_language_switch_keeps_what_was_asked(client, fabriano):
    page = Page(client.get("/it/notizie/?page=2&q=carta").text)
    assert switch(page) == [("en", "/en/news/?page=2&q=carta")]


def test_the_canonical_address_of_a_list_has_its_page_and_no_filters(client):
    page = Page(client.get("/it/notizie/?q=a&page=2&utm_source=x").text)
    assert page.all("link", rel="canonical")[0]["href"] == f"{SITE}/it/notizie/?page=2"


def test_pages_can_be_shared(pages):
    for address, page in pages.items():
        assert page.meta("og:url") == SITE + address
        assert page.meta("og:title"), address
        assert page.meta("og:description") == page.meta("description")
        assert page.meta("og:locale") == {"it": "it_IT", "en": "en_GB"}[address[1:3]]
        image = page.meta("og:image").removeprefix(SITE)
        assert (
            image.startswith(settings.MEDIA_URL)
            or (image.startswith(address) and image.endswith(".jpg"))
            or finders.find(image.removeprefix(settings.STATIC_URL))
        ), address


def test_a_picture_of_the_thing_is_what_others_show_of_it(pages):
    assert pages["/en/news/parigi/"].meta("og:image").startswith(f"{SITE}{settings.MEDIA_URL}")
    project = "/en/projects/carta/"
    assert pages[project].meta("og:image") == f"{SITE}{project}share.jpg"


@pytest.mark.parametrize(
    ("address", "kind", "name"),
    [
        ("/it/citta/fabriano/", "City", "Fabriano"),
        ("/en/projects/carta/", "Project", None),
        ("/it/incontri/plenaria/", "Event", None),
        ("/it/notizie/parigi/", "NewsArticle", None),
    ],
)
def test_search_engines_are_told_what_a_page_is_about(pages, address, kind, name):
    told = pages[address].linked_data()
    kinds = {"CreativeWork", "Project"} if kind == "Project" else {kind}
    found = [data for each, data in told.items() if each in kinds]
    assert len(found) == 1, told.keys()
    assert name is None or found[0]["name"] == name


def test_every_page_but_home_says_where_it_stands(pages):
    for address, page in pages.items():
        if address in ("/it/", "/en/"):
            continue
        steps = page.linked_data()["BreadcrumbList"]["itemListElement"]
        assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
        assert steps[0]["item"] == SITE + address[:4], address
        assert steps[-1]["item"] == SITE + address


@pytest.mark.parametrize(
    ("languages", "home"),
    [
        ("", "/it/"),
        ("it-IT,it;q=0.9", "/it/"),
        ("en-GB,en;q=0.9,it;q=0.5", "/en/"),
        ("de-DE,de;q=0.9", "/it/"),
        ("de,en;q=0.4", "/en/"),
        ("*;q=0.1, ;;,x" * 50, "/it/"),
    ],
)
def test_the_bare_address_leads_to_the_readers_language(client, languages, home):
    answer = client.get("/", headers={"accept-language": languages})
    assert (answer.status_code, answer["Location"]) == (302, home)
    assert "Accept-Language" in answer["Vary"]
    assert not answer.cookies


def test_a_page_with_an_address_in_the_other_language_is_not_found(client, fabriano):
    assert client.get("/it/cities/fabriano/").status_code == 404
    assert client.get("/en/citta/fabriano/").status_code == 404


def test_a_slash_that_is_missing_is_added(client):
    assert client.get("/it/notizie")["Location"] == "/it/notizie/"


def test_a_page_of_one_language_says_so_to_readers_of_the_other(client):
    make.news_item(slug="solo", title_it="Solo in italiano", title_en="")
    page = Page(client.get("/en/news/solo/").text)
    assert [h1["lang"] for h1 in page.all("h1")] == ["it"]
