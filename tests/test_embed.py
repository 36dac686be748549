"""A project as a card on other people's pages, and what oEmbed is told."""

import json
from xml.etree import ElementTree

import pytest
from django.conf import settings

from tests import make
from tests.markup import Page

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
PAGE = "/en/projects/carta/"
CARD = "/en/projects/carta/embed/"


@pytest.fixture
def carta(fabriano, parma):
    return make.project(
        lead=fabriano,
        partners=[parma],
        status="published",
        slug="carta",
        title_en="Paper “&” <sound>",
        title_it="Carta",
        fields=["design"],
    )


def ask(client, **query):
    return client.get("/en/oembed/", {"url": SITE + PAGE, **query})


def test_the_card_tells_title_cities_and_summary_and_leads_out_of_the_frame(client, carta):
    make.partnership(project=carta, city=make.city(name="Como"))
    response = client.get(CARD)
    page = Page(response.text)
    assert [(a["href"], a["target"]) for a in page.all("a")] == [(SITE + PAGE, "_top")]
    assert [h1.text for h1 in page.all("h1")] == ["Paper “&” <sound>"]
    assert "Fabriano, Parma</p>" in response.text
    assert carta.summary_en in response.text
    assert "Como" not in response.text
    assert page.all("form", "script", "iframe") == []
    assert page.faults == []


def test_the_card_alone_may_be_framed(client, carta):
    response = client.get(CARD)
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "script-src 'none'" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    for address in [PAGE, "/en/", "/en/projects/", "/en/oembed/?url=x", "/en/projects/no/embed/"]:
        other = client.get(address)
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"], address
        assert other["X-Frame-Options"] == "DENY", address
    assert settings.SECURE_CSP["frame-ancestors"] == ["'none'"]


def test_the_card_sets_no_cookie_and_is_the_same_for_everyone(
    client, as_user, carta, fabriano_delegate
):
    anyone = client.get(CARD)
    assert not anyone.cookies
    known = as_user(fabriano_delegate).get(CARD)
    assert known.text == anyone.text
    assert not known.cookies


@pytest.mark.parametrize("status", ["draft", "submitted", "withdrawn"])
def test_what_is_not_public_is_not_embedded_not_even_by_its_city(
    as_user, carta, fabriano_delegate, status
):
    type(carta).objects.filter(pk=carta.pk).update(status=status)
    client = as_user(fabriano_delegate)
    assert client.get(CARD).status_code == 404
    assert ask(client).status_code == 404


def test_the_page_offers_the_code_and_says_where_oembed_answers(client, carta):
    page = Page(client.get(PAGE).text)
    code = page.all("textarea")[0].text
    frame = Page(code).all("iframe")[0]
    assert frame["src"] == SITE + CARD
    assert frame["title"] == "Paper “&” <sound>"
    found = {
        link["type"]: link["href"].removeprefix(SITE)
        for link in page.all("link", rel="alternate")
        if (link["type"] or "").endswith("oembed")
    }
    assert set(found) == {"application/json+oembed", "text/xml+oembed"}
    assert client.get(found["application/json+oembed"]).json()["title"] == "Paper “&” <sound>"
    assert b"<oembed>" in client.get(found["text/xml+oembed"]).content


def test_a_project_that_is_not_public_offers_nothing_to_embed(as_user, carta, fabriano_delegate):
    type(carta).objects.filter(pk=carta.pk).update(status="draft")
    page = as_user(fabriano_delegate).get(PAGE).text
    assert "oembed" not in page
    assert "/embed/" not in page


def test_oembed_answers_in_json(client, carta):
    response = ask(client)
    told = response.json()
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert (told["type"], told["version"], told["title"]) == ("rich", "1.0", carta.title_en)
    assert (told["author_name"], told["author_url"]) == ("Fabriano", f"{SITE}/en/cities/fabriano/")
    assert told["provider_url"] == f"{SITE}/en/"
    assert (told["width"], told["height"]) == (600, 360)
    assert Page(told["html"]).all("iframe")[0]["src"] == SITE + CARD


def test_oembed_answers_in_xml_with_the_same(client, carta):
    response = ask(client, format="xml")
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    told = {each.tag: each.text for each in ElementTree.fromstring(response.content)}
    assert told == {name: str(value) for name, value in ask(client).json().items()}


def test_signs_that_xml_cannot_hold_are_left_out(client, carta):
    type(carta).objects.filter(pk=carta.pk).update(title_en="Pa\x0bper")
    told = ElementTree.fromstring(ask(client, format="xml").content)
    assert told.find("title").text == "Paper"


def test_oembed_speaks_the_language_of_the_address(client, carta):
    told = client.get("/en/oembed/", {"url": f"{SITE}/it/progetti/carta/"}).json()
    assert told["title"] == "Carta"
    assert f'src="{SITE}/it/' in told["html"]


def test_the_frame_is_never_larger_than_asked_for(client, carta):
    told = ask(client, maxwidth="320", maxheight="2000").json()
    assert (told["width"], told["height"]) == (320, 360)
    assert 'width="320" height="360"' in told["html"]
    assert ask(client, maxwidth="wide").json()["width"] == 600
    assert ask(client, maxwidth="9" * 5000).json()["width"] == 600


def test_another_format_is_not_spoken(client, carta):
    assert ask(client, format="yaml").status_code == 501


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        f"{SITE}/en/projects/no/",
        f"{SITE}/en/cities/fabriano/",
        f"{SITE}/de/projects/carta/",
        "https://elsewhere.example.org/en/projects/carta/",
        "http://[",
        f"{SITE}/en/projects/\x00/",
    ],
)
def test_what_is_no_public_project_of_ours_is_not_found(client, carta, address):
    assert client.get("/en/oembed/", {"url": address}).status_code == 404


def test_the_answers_can_be_read_by_programs_even_with_signs_in_titles(client, carta):
    assert json.loads(ask(client).content)["html"].count("<iframe") == 1


def test_card_and_oembed_ask_few_questions(client, carta, django_assert_num_queries):
    client.get(CARD)
    for address in [CARD, f"/en/oembed/?url={SITE}{PAGE}"]:
        with django_assert_num_queries(4):
            client.get(address)
