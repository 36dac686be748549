"""Reminders before a meeting: to whom, when, and never twice."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from post_office.models import Email

from meetings.reminders import remind_invited
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
LONG_BEFORE = datetime(2030, 1, 1, tzinfo=ROME)


def at(day, hour=9, minute=0):
    return time_machine.travel(datetime(2030, *day, hour, minute, tzinfo=ROME), tick=False)


@pytest.fixture
def meeting(fabriano):
    return make.meeting(
        host=fabriano,
        title_en="Assembly",
        starts_at=datetime(2030, 3, 20, 10, tzinfo=ROME),
        mode="both",
    )


@pytest.fixture
def silent(meeting):
    return make.invitation(
        meeting=meeting, email="silent@example.org", language="en", sent_at=LONG_BEFORE
    )


@pytest.fixture
def comer(meeting):
    return make.invitation(
        meeting=meeting,
        email="comer@example.org",
        language="en",
        sent_at=LONG_BEFORE,
        answer="in_person",
    )


def told():
    return sorted((mail.to[0], mail.subject) for mail in Email.objects.all())


def test_those_who_have_not_answered_are_asked_ten_and_three_days_before(meeting, silent, comer):
    written = {}
    for day in range(5, 20):
        with at((3, day)):
            written[day] = remind_invited()
            assert remind_invited() == 0  # never twice
    assert {day: many for day, many in written.items() if many} == {10: 1, 17: 1, 19: 1}
    assert told() == [
        ("comer@example.org", "A reminder: Assembly, 20 March 2030"),
        ("silent@example.org", "Please answer: Assembly, 20 March 2030"),
        ("silent@example.org", "Please answer: Assembly, 20 March 2030"),
    ]


def test_a_reminder_says_where_to_answer_and_holds_no_calendar(meeting, silent):
    with at((3, 10)):
        remind_invited()
    mail = Email.objects.get()
    assert "we have not heard yet whether you come" in mail.message
    assert "?answer=in_person" in mail.message
    assert mail.context is None


def test_whoever_comes_is_told_what_they_answered(meeting, comer):
    with at((3, 19)):
        remind_invited()
    assert "So far your answer is: “You come in person.”" in Email.objects.get().message


def test_whoever_has_answered_no_or_sent_somebody_is_left_alone(meeting):
    for answer in ("cannot", "substitute"):
        make.invitation(meeting=meeting, answer=answer, sent_at=LONG_BEFORE)
    for day in (10, 17, 19):
        with at((3, day)):
            assert remind_invited() == 0


@pytest.mark.parametrize("hour", [0, 6, 21, 23])
def test_nobody_is_written_to_at_night(meeting, silent, hour):
    with at((3, 10), hour, 59 if hour < 21 else 0):
        assert remind_invited() == 0
    with at((3, 10), 7):
        assert remind_invited() == 1


def test_after_a_day_off_it_is_made_up_for_but_not_two_at_once(meeting, silent):
    meeting.reminders = "4,3"
    meeting.save()
    with at((3, 18)):  # off on both days
        assert remind_invited() == 1
    with at((3, 19)):
        assert remind_invited() == 0


def test_after_many_days_off_the_next_one_is_soon_enough(meeting, silent):
    with at((3, 14)):  # the first was due on the 10th
        assert remind_invited() == 0
    with at((3, 17)):
        assert remind_invited() == 1


def test_whoever_was_invited_since_is_not_reminded_of_the_past(meeting, silent):
    silent.sent_at = datetime(2030, 3, 10, 8, tzinfo=ROME)
    silent.save()
    with at((3, 10)):
        assert remind_invited() == 0
    with at((3, 17)):
        assert remind_invited() == 1


def test_the_days_are_those_of_the_meeting(meeting, silent, comer):
    meeting.reminders, meeting.remind_coming = "5", None
    meeting.save()
    written = {}
    for day in range(5, 21):
        with at((3, day)):
            written[day] = remind_invited()
    assert {day: many for day, many in written.items() if many} == {15: 1}


def test_empty_means_none(meeting, silent):
    meeting.reminders = ""
    meeting.save()
    for day in (10, 17):
        with at((3, day)):
            assert remind_invited() == 0


@pytest.mark.parametrize("status", ["draft", "postponed", "cancelled", "held"])
def test_no_meeting_that_does_not_take_place_reminds_anybody(meeting, silent, comer, status):
    type(meeting).objects.update(status=status)
    for day in (10, 17, 19):
        with at((3, day)):
            assert remind_invited() == 0


def test_whoever_was_taken_off_or_never_written_to_is_left_alone(meeting):
    make.invitation(meeting=meeting, sent_at=LONG_BEFORE, withdrawn_at=LONG_BEFORE)
    make.invitation(meeting=meeting, sent=False)
    with at((3, 10)):
        assert remind_invited() == 0


def test_a_meeting_that_gets_another_day_reminds_anew(meeting, silent):
    with at((3, 10)):
        remind_invited()
    meeting.starts_at = datetime(2030, 4, 20, 10, tzinfo=ROME)
    meeting.ends_at = None
    meeting.save()
    with at((4, 10)):
        assert remind_invited() == 1


def test_once_it_has_begun_nobody_is_reminded(meeting, comer):
    with at((3, 20), 8):
        assert remind_invited() == 1  # the portal was off the day before
    Email.objects.all().delete()
    comer.letters.all().delete()
    with at((3, 20), 10):
        assert remind_invited() == 0


def test_a_meeting_whose_day_is_not_known_reminds_nobody(meeting, silent):
    meeting.precision = "month"
    meeting.save()
    with at((3, 10)):
        assert remind_invited() == 0


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_it_by_itself(meeting, silent, mailoutbox):
    with at((3, 10)):
        call_command("deliver")
        call_command("deliver")
    assert [mail.to for mail in mailoutbox] == [["silent@example.org"]]
