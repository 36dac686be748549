"""The verbs of a meeting: who may use them, and where they lead. What follows from convening,
circulating and approving has its own files."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
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


def test_a_meeting_put_off_remembers_when_it_was_to_begin(coordinator):
    moment = datetime(2026, 12, 3, 10, tzinfo=ROME)
    meeting = make.meeting(starts_at=moment)
    meeting.postpone(by=coordinator, comment="La sala non c’è.")
    assert Meeting.objects.get().previous_start == moment
    assert Event.objects.get().comment == "La sala non c’è."
