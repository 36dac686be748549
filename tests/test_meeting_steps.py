"""Where a meeting stands, and the one next thing that a coordinator does about it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from meetings.models import Meeting
from meetings.next_thing import next_thing, warning_of, with_progress
from meetings.steps import steps_of
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 11, 22, 12, tzinfo=ROME)


@pytest.fixture(autouse=True)
def english_in_november():
    with translation.override("en"), time_machine.travel(NOW, tick=False):
        yield


def said(meeting):
    """The next thing and the end of the address where it is done."""
    thing = next_thing(Meeting.objects.get(pk=meeting.pk))
    return thing.text, thing.url.removeprefix(f"/admin/meetings/meeting/{meeting.pk}/")


def written(**fields):
    """A meeting with an agenda and a place, in December."""
    starts_at = fields.pop("starts_at", datetime(2026, 12, 10, 10, tzinfo=ROME))
    meeting = make.meeting(**{"starts_at": starts_at, "venue": "Museo", **fields})
    make.agenda_item(meeting=meeting, minutes=60)
    return meeting


# Prepare


def test_an_empty_agenda_comes_first():
    meeting = make.meeting(status="draft")
    assert said(meeting) == ("Write the agenda: it is empty.", "change/#agenda-group")


def test_then_what_cities_proposed(parma):
    meeting = written(status="draft")
    make.proposal(meeting=meeting, city=parma)
    assert said(meeting) == ("1 proposed item to decide.", "proposals/")
    make.proposal(meeting=meeting, city=parma)
    assert said(meeting) == ("2 proposed items to decide.", "proposals/")


def test_then_the_place_and_the_link():
    nowhere = written(status="draft", venue="")
    assert said(nowhere) == ("Say where it takes place.", "change/#id_venue")
    unlinked = written(status="draft", mode="online")
    text = "Add the link by which people take part online."
    assert said(unlinked) == (text, "change/#id_online_link")


def test_then_those_invited_and_then_it_is_convened(parma_delegate):
    meeting = written(status="draft")
    text = "Look at who is invited: nobody is on the list yet."
    assert said(meeting) == (text, "invite/")
    make.invitation(meeting=meeting, user=parma_delegate, sent=False)
    text = "Convene it: 1 person is on the list and has not been written to."
    assert said(meeting) == (text, "invite/")


def test_a_postponed_meeting_gets_a_new_day_and_is_convened_again():
    day = datetime(2026, 12, 10, 10, tzinfo=ROME)
    meeting = written(status="postponed", previous_start=day)
    assert said(meeting) == ("It is put off: give it a new day.", "change/#id_starts_at_0")
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=day + timedelta(days=7), ends_at=None)
    assert said(meeting) == ("It has a new day: convene it again.", "invite/")


# Hold


def test_a_change_that_nobody_was_told_comes_before_the_answers(parma):
    meeting = written(sequence=1)
    make.invitation(meeting=meeting, city=parma)
    assert said(meeting)[0] == "1 person does not know yet what has changed."


def test_people_who_were_added_late_are_written_to(parma):
    meeting = written()
    make.invitation(meeting=meeting, city=parma, answer="in_person")
    make.invitation(meeting=meeting, sent=False)
    text = "1 person is on the list and has not been written to."
    assert said(meeting) == (text, "outbox/")


def test_the_cities_that_have_not_answered_are_counted_once_each(fabriano, parma):
    meeting = written()
    for city in (fabriano, fabriano, parma):
        make.invitation(meeting=meeting, city=city)
    assert said(meeting) == ("2 cities have not answered yet.", "answers/")
    meeting.invitations.filter(city=parma).update(answer="cannot")
    assert said(meeting) == ("1 city has not answered yet.", "answers/")
    meeting.invitations.filter(city=fabriano).update(answer="in_person")
    thing = next_thing(meeting)
    assert thing.text == "All cities have answered: nothing to do until 10 December 2026."
    assert not thing.waits


def test_an_invitation_that_was_taken_back_waits_for_nobody(fabriano, parma):
    meeting = written()
    make.invitation(meeting=meeting, city=fabriano, answer="in_person")
    make.invitation(meeting=meeting, city=parma, withdrawn_at=timezone.now())
    assert said(meeting)[0].startswith("All cities have answered")


def test_on_the_day_it_is_noted_who_is_there_and_after_it_that_it_was_held(fabriano):
    meeting = written()
    make.invitation(meeting=meeting, city=fabriano)
    with time_machine.travel(datetime(2026, 12, 10, 9, tzinfo=ROME)):
        assert said(meeting) == ("It is today: note who is there.", "attendance/")
    with time_machine.travel(datetime(2026, 12, 10, 14, tzinfo=ROME)):
        assert said(meeting) == ("It is over: note that it was held.", "verb/hold/")


# Write, and close


def test_after_it_those_present_the_minutes_and_then_they_go_round(fabriano):
    meeting = written(status="held")
    person = make.invitation(meeting=meeting, city=fabriano)
    text = "Note who was there: nobody is marked as present."
    assert said(meeting) == (text, "attendance/")
    person.attendance = "present"
    person.save()
    assert said(meeting) == ("Write the minutes: 1 item has no text.", "write/")
    make.section(item=meeting.agenda.get())
    text = "The minutes are written: give them to those who took part."
    assert said(meeting) == (text, "amendments/")


def test_what_is_told_of_earlier_years_asks_for_nothing():
    thing = next_thing(make.meeting(status="held"))
    assert thing.text == "It was held, and not run from here: nothing is left to do."
    assert not thing.waits


def test_remarks_are_decided_then_time_runs_then_they_are_approved(fabriano):
    meeting = written(status="circulated")
    minutes = make.minutes(meeting=meeting, comments_until=NOW.date() + timedelta(days=3))
    person = make.invitation(meeting=meeting, city=fabriano, attendance="present")
    section = make.section(item=meeting.agenda.get())
    remark = make.amendment(section=section, invitation=person)
    assert said(meeting) == ("1 remark on the minutes to decide.", "amendments/")
    remark.delete()
    text = "Those who took part can remark on the minutes until 25 November 2026."
    assert said(meeting)[0] == text
    minutes.comments_until = NOW.date() - timedelta(days=1)
    minutes.save()
    text = "The next meeting approves the minutes: note it once it has."
    assert said(meeting) == (text, "amendments/")
    minutes.approval, minutes.silence_days = "silence", 10
    minutes.save()
    text = "Unless somebody speaks, the minutes are approved after 1 December 2026."
    assert said(meeting)[0] == text


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_at_the_end_there_is_the_next_one(status):
    thing = next_thing(written(status=status))
    assert thing.url.endswith("/duplicate/")
    assert not thing.waits


# The steps, and the warning


@pytest.mark.parametrize(
    ("status", "done", "now"),
    [
        ("draft", [], ["prepare"]),
        ("postponed", [], ["prepare"]),
        ("convened", ["prepare", "convene"], ["hold"]),
        ("held", ["prepare", "convene", "hold"], ["write"]),
        ("circulated", ["prepare", "convene", "hold", "write"], ["close"]),
        ("closed", ["prepare", "convene", "hold", "write", "close"], []),
        ("cancelled", [], []),
    ],
)
def test_the_steps_say_where_it_stands(status, done, now):
    steps = steps_of(make.meeting(status=status))
    assert [step.key for step in steps if step.is_done] == done
    assert [step.key for step in steps if step.is_now] == now


def test_an_agenda_longer_than_the_meeting_is_said_with_the_next_thing():
    meeting = written(status="draft", hours=1)
    assert warning_of(meeting) == ""
    make.agenda_item(meeting=meeting, minutes=75)
    assert warning_of(meeting) == "The agenda is 1 h 15 min longer than the meeting."
    meeting.ends_at = None
    assert warning_of(meeting) == ""


def test_every_page_of_a_meeting_says_it(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    coordinator.language = "en"
    coordinator.save()
    client, meeting = as_user(coordinator), make.meeting(status="draft")
    for page in ("change", "invite", "proposals", "duplicate"):
        text = client.get(f"/admin/meetings/meeting/{meeting.pk}/{page}/").text
        assert "Write the agenda: it is empty." in text, page
        assert text.count('class="meeting-steps"') == 1, page


def test_however_many_meetings_it_is_one_question(fabriano):
    for status in ("draft", "convened", "held", "circulated", "postponed", "closed"):
        make.invitation(meeting=written(status=status), city=fabriano)
    with CaptureQueriesContext(connection) as queries:
        assert len([next_thing(each).text for each in with_progress(Meeting.objects)]) == 6
    assert len(queries) == 1
