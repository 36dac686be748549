"""A walk through every public page by its links: nothing broken, nothing twice, nothing astray."""

import re
from urllib.parse import urldefrag, urljoin

import pytest
from django.core.management import call_command
from django.test import Client

from cities.models import City
from tests import make, showcase
from tests.markup import Page

pytestmark = pytest.mark.django_db

MOST_PAGES = 600
REFERRING = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form", "list")


class Walk:
    """Follows every link of ours from the home pages on and keeps what it finds."""

    def __init__(self, client):
        self.client = client
        client.raise_request_exception = False
        self.pages, self.broken, self.lead_to = {}, [], []
        waiting = [("", "/it/"), ("", "/en/")]
        seen = {address for _, address in waiting}
        while waiting and len(self.pages) < MOST_PAGES:
            origin, address = waiting.pop()
            for found in self.visit(origin, address):
                if found not in seen:
                    seen.add(found)
                    waiting.append((address, found))

    def visit(self, origin, address):
        """Read one page; answers the addresses that it leads to."""
        answer = self.client.get(address)
        asks_who = re.search("/(login|reauthenticate)/", answer.get("Location", ""))
        if answer.status_code == 302 and not asks_who:
            return [answer["Location"]]
        if answer.status_code != 200 and not asks_who:
            self.broken.append(f"{origin} leads to {address}: {answer.status_code}")
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            return []
        page = self.pages[address] = Page(answer.text)
        found = []
        for link in [*page.links(), *head_links(page)]:
            whole = urljoin(address, link.removeprefix("http://testserver"))
            self.lead_to.append((address, *urldefrag(whole)))
            if is_ours(whole):
                found.append(urldefrag(whole)[0])
        return found


def head_links(page):
    """The addresses for machines: twins and feeds."""
    return [link["href"] for link in page.all("link") if link["rel"] in ("alternate", "canonical")]


def is_ours(address):
    return address.startswith("/") and not address.startswith(("//", "/admin/", "/media/"))


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), showcase.standing():
        return Walk(Client())


def test_a_walk_from_home_finds_every_page_and_none_broken(walk):
    assert walk.broken == []
    assert set(showcase.addresses()) <= set(walk.pages)
    assert len(walk.pages) < MOST_PAGES


def test_pages_are_well_formed(walk):
    faults = {address: page.faults for address, page in walk.pages.items() if page.faults}
    assert faults == {}


def test_no_id_is_there_twice(walk):
    twice = {
        address: sorted({each for each in page.ids() if page.ids().count(each) > 1})
        for address, page in walk.pages.items()
    }
    assert {address: ids for address, ids in twice.items() if ids} == {}


def test_what_refers_to_a_part_of_its_page_finds_it(walk):
    astray = {
        address: sorted(set(references(page)) - set(page.ids()))
        for address, page in walk.pages.items()
    }
    assert {address: ids for address, ids in astray.items() if ids} == {}


def references(page):
    return [
        target
        for element in page.elements
        for name in REFERRING
        for target in (element[name] or "").split()
    ]


def test_links_to_a_part_of_a_page_find_it(walk):
    astray = [
        f"{origin} leads to {address}#{part}"
        for origin, address, part in walk.lead_to
        if part and address in walk.pages and part not in walk.pages[address].ids()
    ]
    assert astray == []


def test_every_link_and_button_has_words(walk):
    silent = {
        address: [each["href"] for each in page.all("a", "button") if is_silent(each)]
        for address, page in walk.pages.items()
    }
    assert {address: found for address, found in silent.items() if found} == {}


def is_silent(element):
    return not (element.text.strip() or element["aria-label"] or element["aria-labelledby"])


def test_no_link_leads_to_others_without_safety(walk):
    for origin, address, _part in walk.lead_to:
        assert not address.startswith(("http://", "//", "javascript:")), f"{origin}: {address}"


def test_a_delegate_meets_nothing_broken_either(as_user):
    showcase.build()
    fabriano = City.objects.get(slug="fabriano")
    delegate = make.delegate(city=fabriano)
    make.project(lead=fabriano, slug="bozza")

    walk = Walk(as_user(delegate))

    assert walk.broken == []
    assert "/it/scrivania/" in walk.pages
    assert {address: page.faults for address, page in walk.pages.items() if page.faults} == {}


def test_the_real_network_has_no_broken_link(client):
    call_command("load_network", verbosity=0)
    assert Walk(client).broken == []
