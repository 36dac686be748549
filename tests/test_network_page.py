"""What the cities agreed, who leads and led, how to join."""

from datetime import date

import pytest

from tests import make
from tests.markup import Page

pytestmark = pytest.mark.django_db


def test_the_founding_agreement_comes_first_with_its_lines_and_signatories(client, fabriano, parma):
    later = make.agreement(title_en="A later one", signed_on=date(2024, 1, 1))
    founding = make.agreement(title_en="The founding", is_founding=True, signatories=[parma])
    make.line(agreement=founding, number=2, title_en="Communication")
    make.line(agreement=founding, number=1, title_en="New economies")

    page = client.get("/en/network/")

    assert list(page.context["agreements"]) == [founding, later]
    assert page.text.index("New economies") < page.text.index("Communication")
    assert 'href="/en/cities/parma/"' in page.text
    assert 'href="/en/cities/fabriano/"' not in page.text
    assert "October 2020" in page.text


def test_lines_that_are_a_reading_are_marked_as_such(client):
    line = make.line(is_reading=True)
    marked = "this is how the coordination reads them"
    assert marked in client.get("/en/network/").text

    line.is_reading = False
    line.save()
    assert marked not in client.get("/en/network/").text


def test_governance_is_drawn_and_told_with_the_meeting_that_decided(client, fabriano, parma):
    past = make.mandate(city=fabriano, starts_on=date(2020, 10, 1), ends_on=date(2024, 12, 31))
    now = make.mandate(city=parma, starts_on=date(2025, 1, 1), ends_on=None)
    meeting = make.meeting(slug="december", title_en="December meeting", status="held")
    make.decision(meeting=meeting, mandates=[now])

    page = client.get("/en/network/")

    assert [bar.mandate for bar in page.context["timeline"].bars] == [past, now]
    assert page.context["current"] == [now]
    assert '<a href="/en/meetings/december/" lang="en">December meeting</a>' in page.text


def test_a_decision_that_is_not_public_is_shown_only_to_those_who_take_part(
    client, fabriano_delegate, fabriano
):
    meeting = make.meeting(title_en="December meeting", status="held")
    make.decision(meeting=meeting, mandates=[make.mandate(city=fabriano)], is_public=False)

    assert "December meeting" not in client.get("/en/network/").text
    client.force_login(fabriano_delegate)
    assert "December meeting" in client.get("/en/network/").text


def test_how_to_join_is_a_page_that_coordinators_edit(client):
    assert 'id="join"' not in client.get("/en/network/").text
    make.page(slug="join", title_en="Joining the network", text_en="<p>In two steps</p>")

    page = client.get("/en/network/").text

    assert '<h2 id="join" lang="en">Joining the network</h2>' in page
    assert "<p>In two steps</p>" in page


def test_a_candidate_among_the_signatories_is_not_shown_to_visitors(client):
    make.agreement(signatories=[make.city(name="Montelume", member=False)])
    assert "Montelume" not in client.get("/en/network/").text


def test_it_offers_only_the_parts_that_it_has(client, fabriano):
    def offered():
        links = Page(client.get("/it/rete/").text).all("a")
        return [a["href"] for a in links if a["href"] in ("#agreement", "#governance", "#join")]

    assert offered() == []
    make.mandate(city=fabriano)
    assert offered() == ["#governance"]


def test_visitors_get_no_cookie(client, db):
    assert client.get("/en/network/").cookies == {}
