"""Whoever finds a weakness finds out to whom to write, what, and what to expect."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from tests.markup import Page

pytestmark = pytest.mark.django_db

ADDRESS = "/.well-known/security.txt"


def told(client):
    """The fields of security.txt; each may stand there more than once."""
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert not answer.cookies
    fields = {}
    for line in answer.text.splitlines():
        name, _colon, value = line.partition(": ")
        fields.setdefault(name, []).append(value)
    return fields


@pytest.mark.parametrize("day", ["2026-11-23", "2028-02-29", "2031-12-31"])
def test_it_is_good_for_months_whenever_it_is_read(client, day):
    with time_machine.travel(f"{day} 23:59:59+00:00", tick=False):
        (until,) = told(client)["Expires"]
        left = datetime.fromisoformat(until) - timezone.now()
    assert timedelta(days=170) < left < timedelta(days=365)


def test_it_says_to_whom_in_which_languages_and_by_which_rules(client, settings):
    settings.SECURITY_EMAIL = "sicurezza@example.org"
    fields = told(client)
    del fields["Expires"]
    assert fields == {
        "Contact": ["mailto:sicurezza@example.org"],
        "Preferred-Languages": ["it, en"],
        "Canonical": [f"http://testserver{ADDRESS}"],
        "Policy": [f"http://testserver{page_in('it')}", "http://testserver/en/security/"],
    }


def page_in(language):
    with translation.override(language):
        return reverse("security")


def test_without_an_address_it_leads_to_the_page(client, settings):
    settings.SECURITY_EMAIL = ""
    assert told(client)["Contact"] == [f"http://testserver{page_in('it')}"]
    assert "/en/network/" in Page(client.get("/en/security/").text).links()


def test_the_page_says_what_to_write_and_what_is_promised(client, settings):
    settings.SECURITY_EMAIL = "sicurezza@example.org"
    page = Page(client.get("/en/security/").text)
    assert page.faults == []
    assert [each.text for each in page.all("h1")] == ["Report a weakness"]
    assert "mailto:sicurezza@example.org" in page.links()
    assert [each.text for each in page.all("h2")][:5] == [
        "Where to write",
        "What to write",
        "What we ask of you",
        "What we promise",
        "If you would rather not write to us",
    ]


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_page_leads_there(client, language):
    assert page_in(language) in Page(client.get(f"/{language}/").text).links()
