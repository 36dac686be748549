"""From a letter, without logging in: it is done, how it goes, more time."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from journal.models import Event
from journal.signed_links import sign
from meetings.models import Action
from tests import make

pytestmark = pytest.mark.django_db

LATER = date(2027, 3, 1)


@pytest.fixture
def action(fabriano, fabriano_delegate):
    meeting = make.meeting(status="circulated")
    return make.action(meeting=meeting, cities=[fabriano], title_en="Write the draft")


@pytest.fixture
def link(action, fabriano_delegate):
    return address(action, fabriano_delegate)


def address(action, person):
    with translation.override("en"):
        return action.mail_url(person)


def test_the_letter_of_an_action_leads_there(mailoutbox, action, fabriano_delegate, coordinator):
    event = Event.objects.record(action, "entrust", by=coordinator)
    with translation.override("en"):
        assert "/en/actions/answer/" in event.url_for(fabriano_delegate)
        assert event.url_for(coordinator) == f"/en/actions/{action.pk}/"


def test_opening_it_changes_nothing_however_often(client, action, link):
    for _each in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert "Write the draft" in page.text
        assert client.head(link).status_code == 200
    assert not action.events.exists()
    action.refresh_from_db()
    assert action.status == "open"
    assert "no-store" in page["Cache-Control"]


def test_it_is_done_with_one_button(client, action, link, fabriano_delegate):
    answer = client.post(link, {"answer": "finish", "comment": ""})
    assert answer["Location"] == f"{link}?said=finish"
    action.refresh_from_db()
    assert action.status == "done"
    assert action.events.get().actor == fabriano_delegate
    page = client.get(answer["Location"]).text
    assert "Thank you: it is done" in page
    assert 'name="answer"' not in page


def test_a_note_is_kept_and_the_link_goes_on_working(client, action, link):
    client.post(link, {"answer": "note", "comment": "Half of it"})
    client.post(link, {"answer": "note", "comment": "All but the end"})
    assert [each.comment for each in action.events.order_by("pk")] == [
        "Half of it", "All but the end",
    ]  # fmt: skip
    page = client.get(link).text
    assert "All but the end" in page
    assert 'value="finish"' in page


def test_more_time_is_asked_for_with_a_reason(client, action, link, coordinator):
    client.post(link, {"answer": "shift", "due_on": LATER, "comment": "The fair is first"})
    action.refresh_from_db()
    assert action.due_on == LATER
    assert coordinator.notifications.get().event.verb == "shift"


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(client, action, link):
    page = client.post(link, {"answer": "shift", "due_on": "2020-01-01", "comment": "The fair"})
    assert list(page.context["forms"]["shift"].errors) == ["due_on"]
    assert "The fair" in page.text
    assert not page.context["forms"]["note"].is_bound
    assert not action.events.exists()


def test_an_answer_that_nobody_offers_does_nothing(client, action, link):
    assert client.post(link, {"answer": "drop", "comment": "No"}).status_code == 200
    assert client.post(link, {"answer": "delete"}).status_code == 200
    assert not action.events.exists()


def test_who_comes_too_late_sees_how_it_stands_and_gets_the_words_back(client, action, link):
    Action.objects.filter(pk=action.pk).update(status="done")
    page = client.post(link, {"answer": "note", "comment": "Nearly there"}).text
    assert "Nearly there" in page
    assert 'name="answer"' not in page
    assert not action.events.exists()


def test_after_it_is_over_the_link_says_what_became_of_it_and_works_again_when_reopened(
    client, action, link, fabriano_delegate, coordinator
):
    action.finish(by=fabriano_delegate)
    assert "nothing is left to do here" in client.get(link).text
    action.reopen(by=coordinator)
    assert 'value="finish"' in client.get(link).text


def test_a_forged_link_is_gone(client, action, link, fabriano_delegate):
    for token in ["x", sign("checkup", fabriano_delegate, action), sign("action", None, action)]:
        page = client.get(f"/en/actions/answer/{token}/")
        assert page.status_code == 410
        assert "no longer works" in page.text


def test_the_link_of_who_has_left_the_city_is_gone(client, action, link, fabriano_delegate):
    fabriano_delegate.delegates.update(ends_on=date(2025, 1, 1))
    assert client.get(link).status_code == 410
    assert client.post(link, {"answer": "finish"}).status_code == 410


def test_the_link_of_another_city_is_gone(client, action, parma_delegate):
    token = sign("action", parma_delegate, action)
    assert client.get(f"/en/actions/answer/{token}/").status_code == 410


def test_it_still_works_a_year_later(client, link):
    with time_machine.travel(timezone.now() + timedelta(days=365)):
        assert client.get(link).status_code == 200
