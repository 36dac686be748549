"""The verbs of a meeting: who may use them, and where they lead. What follows from convening,
circulating and approving has its own files."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from post_office.models import Email

from journal.models import Event
from journal.verbs import TransitionNotAllowed
from meetings.models import Meeting
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")


def test_only_coordinators_convene(fabriano_delegate):
    meeting = make.meeting(status="draft")
    with pytest.raises(PermissionDenied):
        meeting.convene(by=fabriano_delegate)
    assert Meeting.objects.get().status == "draft"


def test_what_is_cancelled_cannot_be_held(coordinator):
    with pytest.raises(TransitionNotAllowed):
        make.meeting(status="cancelled").hold(by=coordinator)
    assert not Event.objects.exists()


def test_nobody_is_told_that_a_draft_is_dropped(fabriano_delegate, coordinator):
    make.meeting(status="draft").cancel(by=coordinator, comment="Non serve più.")
    assert not Email.objects.exists()


@pytest.mark.parametrize("verb", ["cancel", "postpone"])
def test_a_draft_that_is_called_off_stays_among_coordinators(
    client, fabriano_delegate, coordinator, verb
):
    meeting = make.meeting(status="draft", title_en="Not to be told")
    getattr(meeting, verb)(by=coordinator, comment="Non serve più.")
    for person in (AnonymousUser(), fabriano_delegate):
        assert not Meeting.objects.visible_to(person).exists()
    assert Meeting.objects.visible_to(coordinator).get() == meeting
    assert "Not to be told" not in client.get("/en/meetings/calendar.ics").text


def test_put_off_as_a_draft_and_convened_later_it_is_seen(coordinator):
    meeting = make.meeting(status="draft")
    meeting.postpone(by=coordinator, comment="Troppo presto.")
    meeting.convene(by=coordinator)
    meeting.cancel(by=coordinator, comment="Non serve più.")
    assert Meeting.objects.visible_to(AnonymousUser()).get() == meeting


@pytest.mark.parametrize("year", [26, 9999])
def test_a_mistyped_year_is_asked_again(year):
    meeting = make.meeting(starts_at=datetime(year, 12, 3, 10, tzinfo=UTC))
    with pytest.raises(ValidationError) as refused:
        meeting.clean()
    assert list(refused.value.message_dict) == ["starts_at"]


def test_a_meeting_put_off_remembers_when_it_was_to_begin(coordinator):
    moment = datetime(2026, 12, 3, 10, tzinfo=ROME)
    meeting = make.meeting(starts_at=moment)
    meeting.postpone(by=coordinator, comment="La sala non c’è.")
    assert Meeting.objects.get().previous_start == moment
    assert Event.objects.get().comment == "La sala non c’è."
