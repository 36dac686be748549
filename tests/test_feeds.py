"""What feed readers get: projects with what happens in them, each project alone, and news."""

from datetime import date, datetime
from xml.etree import ElementTree

import pytest

from tests import make

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def carta(fabriano, parma):
    """A public project with an update and news."""
    project = make.project(
        lead=fabriano, partners=[parma], status="published", slug="carta", title_en="Paper"
    )
    told(project, parma, "We rehearsed", date(2026, 3, 1))
    make.news_item(slug="n", title_en="On stage", published_on=date(2026, 2, 1)).projects.add(
        project
    )
    return project


def told(project, city, text, day):
    return project.updates.create(city=city, text_it=text, text_en=text, posted_on=day)


def feed(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def test_signs_that_xml_cannot_hold_close_no_feed(client, fabriano):
    odd = {"title_en": "Pa\x0bper", "summary_en": "\x01Made by hand"}
    project = make.project(lead=fabriano, status="published", slug="carta", **odd)
    told(project, fabriano, "We\x1f rehearsed", date(2026, 3, 1))
    for address in ["/en/feeds/projects/", "/en/projects/carta/feed/"]:
        tree = feed(client, address)
        assert "Paper" in titles(tree)
        assert {each.text for each in tree.iter(f"{ATOM}summary")} >= {
            "Made by hand",
            "We rehearsed",
        }


def titles(tree):
    return [entry.find(f"{ATOM}title").text for entry in tree.findall(f"{ATOM}entry")]


def test_a_projects_feed_tells_of_it_its_updates_and_its_news(client, carta):
    tree = feed(client, "/en/projects/carta/feed/")
    assert tree.find(f"{ATOM}title").text == "Paper"
    assert titles(tree) == ["Paper", "Paper: an update of Parma", "On stage"]
    update = tree.findall(f"{ATOM}entry")[1]
    assert update.find(f"{ATOM}summary").text == "We rehearsed"
    address = f"http://testserver/en/projects/carta/#update-{carta.updates.get().pk}"
    assert update.find(f"{ATOM}link").get("href") == address


def test_a_projects_feed_leads_to_its_page_and_names_itself(client, carta):
    tree = feed(client, "/en/projects/carta/feed/")
    links = {link.get("rel"): link.get("href") for link in tree.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "http://testserver/en/projects/carta/",
        "self": "http://testserver/en/projects/carta/feed/",
    }
    assert '<link rel="alternate" type="application/atom+xml" title="Paper"' in (
        client.get("/en/projects/carta/").text
    )


@pytest.mark.parametrize(
    "address", ["/en/projects/carta/feed/", "/en/feeds/projects/", "/en/feeds/news/"]
)
def test_every_feed_is_valid_atom(client, carta, address):
    """RFC 4287: a feed and each entry have one id, one title and one time of change."""
    tree = feed(client, address)
    things = [tree, *tree.findall(f"{ATOM}entry")]
    for name in ("id", "title", "updated"):
        assert {len(thing.findall(f"{ATOM}{name}")) for thing in things} == {1}
    ids = [thing.find(f"{ATOM}id").text for thing in things[1:]]
    assert len(set(ids)) == len(ids) > 0
    assert tree.find(f"{ATOM}author/{ATOM}name").text
    for thing in things:
        assert datetime.fromisoformat(thing.find(f"{ATOM}updated").text).tzinfo


def test_the_feed_of_all_projects_tells_what_happens_in_them(client, carta):
    assert titles(feed(client, "/en/feeds/projects/")) == ["Paper", "Paper: an update of Parma"]


@pytest.mark.parametrize("status", ["draft", "submitted", "withdrawn"])
def test_no_feed_tells_of_what_is_not_public_whoever_asks(
    as_user, carta, fabriano_delegate, status
):
    type(carta).objects.filter(pk=carta.pk).update(status=status)
    client = as_user(fabriano_delegate)
    assert client.get("/en/projects/carta/feed/").status_code == 404
    assert titles(feed(client, "/en/feeds/projects/")) == []


def test_news_that_wait_are_not_in_a_projects_feed(as_user, carta, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    make.news_item(title_en="Not yet", is_published=False).projects.add(carta)
    assert "Not yet" not in titles(feed(as_user(coordinator), "/en/projects/carta/feed/"))


def test_a_demonstration_is_called_one_in_each_entry(client, carta, parma):
    type(carta).objects.filter(pk=carta.pk).update(is_demo=True)
    assert titles(feed(client, "/en/feeds/projects/")) == [
        "Demonstration: Paper",
        "Demonstration: Paper: an update of Parma",
    ]


def test_feeds_ask_as_often_however_much_there_is(
    client, carta, fabriano, parma, django_assert_num_queries
):
    def ask():
        client.get("/en/feeds/projects/")
        client.get("/en/projects/carta/feed/")

    ask()
    for day in (1, 2, 3):
        told(carta, fabriano, "More", date(2026, 4, day))
        make.project(lead=parma, status="published")
        make.news_item().projects.add(carta)
    with django_assert_num_queries(2 + 3):
        ask()
