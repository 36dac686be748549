"""Invitations as calendars take them from a mail, read back by two libraries that did not write
them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from ics import Calendar as OtherCalendar

from meetings.agenda import put_in_order
from meetings.calendar_requests import calendar_for
from tests import make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:tatsu"),  # of the other parser
    pytest.mark.filterwarnings("ignore:'maxsplit'"),
]
ROME = ZoneInfo("Europe/Rome")


def written(meeting, *, method="REQUEST", sequence=2, answer_at="http://testserver/x/", **fields):
    someone = make.invitation(meeting=meeting, name="Ada Però", email="ada@example.org", **fields)
    agenda = put_in_order(meeting, meeting.agenda.all())
    return calendar_for(someone, agenda, method=method, sequence=sequence, answer_at=answer_at)


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [((2030, 3, 30), 8), ((2030, 3, 31), 7), ((2030, 10, 26), 7), ((2030, 10, 27), 8)],
)
def test_two_parsers_read_the_same_moment_around_both_changes_of_the_clock(day, utc_hour):
    meeting = make.meeting(
        title_it="È già così; perché, città?", starts_at=datetime(*day, 9, tzinfo=ROME)
    )
    text = written(meeting)
    (one,) = OtherCalendar(text).events
    other = vobject.readOne(text).vevent
    assert one.begin.datetime.astimezone(UTC).hour == utc_hour
    assert other.dtstart.value.astimezone(UTC).hour == utc_hour
    assert one.name == other.summary.value == "È già così; perché, città?"
    assert one.uid == other.uid.value == f"meeting-{meeting.pk}@testserver"


def test_it_says_who_asks_whom_and_how_often_it_has_changed(settings):
    settings.DEFAULT_FROM_EMAIL = "Coordinamento <portale@example.org>"
    read = vobject.readOne(written(make.meeting()))
    event = read.vevent
    assert read.method.value == "REQUEST"
    assert event.organizer.value == "mailto:portale@example.org"
    assert event.attendee.value == "mailto:ada@example.org"
    assert event.attendee.params == {
        "CN": ["Ada Però"],
        "CUTYPE": ["INDIVIDUAL"],
        "PARTSTAT": ["NEEDS-ACTION"],
        "ROLE": ["REQ-PARTICIPANT"],
        "RSVP": ["FALSE"],
    }
    assert (event.sequence.value, event.status.value) == ("2", "CONFIRMED")
    assert event.dtstamp.value.date() == datetime.now(UTC).date()
    assert len(event.contents["attendee"]) == 1


@pytest.mark.parametrize(
    ("answer", "said"), [("in_person", "ACCEPTED"), ("remote", "ACCEPTED"), ("cannot", "DECLINED")]
)
def test_an_answer_given_already_stays_given(answer, said):
    event = vobject.readOne(written(make.meeting(), answer=answer)).vevent
    assert event.attendee.params["PARTSTAT"] == [said]


def test_it_rings_a_day_and_an_hour_before():
    event = vobject.readOne(written(make.meeting())).vevent
    rings = [alarm.trigger.value for alarm in event.contents["valarm"]]
    assert rings == [timedelta(days=-1), timedelta(hours=-1)]


def test_agenda_online_link_and_the_way_to_answer_stand_in_the_description():
    meeting = make.meeting(
        starts_at=datetime(2030, 3, 4, 10, tzinfo=ROME), online_link="https://meet.example.org/x"
    )
    make.agenda_item(meeting=meeting, title_it="Saluti")
    event = vobject.readOne(written(meeting)).vevent
    assert "10:00 Saluti" in event.description.value
    assert "https://meet.example.org/x" in event.description.value
    assert "http://testserver/x/" in event.description.value
    assert event.url.value == f"http://testserver{meeting.get_absolute_url()}"


def test_several_whole_days_end_with_the_last_one_and_ring_the_morning_before():
    meeting = make.meeting(starts_at=datetime(2030, 3, 30, tzinfo=ROME), precision="day")
    meeting.ends_at = datetime(2030, 3, 31, tzinfo=ROME)
    text = written(meeting)
    event = vobject.readOne(text).vevent
    assert (event.dtstart.value, event.dtend.value) == (date(2030, 3, 30), date(2030, 4, 1))
    assert [alarm.trigger.value for alarm in event.contents["valarm"]] == [timedelta(hours=-15)]
    assert next(iter(OtherCalendar(text).events)).all_day


def test_a_cancellation_takes_it_out_and_rings_no_more():
    read = vobject.readOne(written(make.meeting(), method="CANCEL"))
    assert read.method.value == "CANCEL"
    assert read.vevent.status.value == "CANCELLED"
    assert "valarm" not in read.vevent.contents


def test_whoever_is_not_invited_any_more_is_not_told_a_new_online_link():
    meeting = make.meeting(online_link="https://meet.example.org/new")
    assert "meet.example.org" not in written(meeting, method="CANCEL")


def test_long_and_accented_lines_are_folded_within_75_octets():
    meeting = make.meeting(title_it="È più città: " + "perché già così " * 9, text_it="à" * 300)
    lines = written(meeting).encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()
