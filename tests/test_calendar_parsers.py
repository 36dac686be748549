"""Our calendars read by programs that did not write them: `vobject` and `ics` say what we meant."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import ics
import pytest
import vobject
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.agenda import put_in_order
from meetings.calendar_feeds import calendar_of
from meetings.calendar_requests import CANCEL, REQUEST, calendar_for
from meetings.calendars import meeting_calendar
from meetings.models import Meeting
from tests import make

ROME = ZoneInfo("Europe/Rome")
HARD = "Però; così, «perché» no: 100 % è già più 🎭 " * 4
# From what ics itself is built on, under the Python of today.
pytestmark = pytest.mark.filterwarnings("ignore:'maxsplit' is passed as positional argument")

# Around both changes of the clock: 28 March and 31 October 2027.
CLOCKS = [
    (datetime(2027, 3, 27, 9, tzinfo=ROME), 3),
    (datetime(2027, 3, 28, 1, 30, tzinfo=ROME), 2),
    (datetime(2027, 3, 28, 9, tzinfo=ROME), 3),
    (datetime(2027, 10, 30, 22, tzinfo=ROME), 30),
    (datetime(2027, 10, 31, 1, 30, tzinfo=ROME), 4),
    (datetime(2027, 10, 31, 9, tzinfo=ROME), 3),
]


def by_vobject(text):
    """What vobject reads: uid, start, end, and words, of each event."""
    return [
        (
            event.uid.value,
            moment(event.dtstart.value),
            moment(event.dtend.value),
            event.summary.value,
            event.location.value if hasattr(event, "location") else "",
            event.description.value,
        )
        for event in vobject.readOne(text).vevent_list
    ]


def by_ics(text):
    """The same by ics, which tells whole days by their first and last moment."""
    return [
        (
            event.uid,
            event.begin.date() if event.all_day else moment(event.begin.datetime),
            event.end.date() if event.all_day else moment(event.end.datetime),
            event.name,
            event.location or "",
            event.description,
        )
        for event in sorted(ics.Calendar(text).events)
    ]


def moment(value):
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def meant(meeting, event):
    """What we wanted to say."""
    if meeting.has_time:
        span = (meeting.starts_at.astimezone(UTC), meeting.ends_at.astimezone(UTC))
    else:
        span = (meeting.starts_on, meeting.ends_on + timedelta(days=1))
    return (
        f"meeting-{meeting.pk}@testserver",
        *span,
        meeting.title,
        meeting.place,
        str(event["description"]),
    )


def agree(calendar, *meetings):
    """That both parsers read what was meant, from lines as RFC 5545 (3.1) wants them."""
    content = calendar.to_ical()
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    for line in lines:
        line.decode()  # no letter is cut
    text = content.decode()
    told = [meant(*each) for each in zip(meetings, calendar.events, strict=True)]
    assert by_vobject(text) == told
    assert by_ics(text) == told


def calendar_with(meeting):
    return meeting_calendar(meeting, put_in_order(meeting, meeting.agenda.all()), join=True)


@pytest.mark.django_db
@pytest.mark.parametrize(("start", "hours"), CLOCKS)
def test_moments_around_both_changes_of_the_clock_are_read_alike(start, hours):
    start = start.astimezone(UTC)
    meeting = make.meeting(starts_at=start, hours=hours, title_it=HARD[:150], venue="Sala; A, B")
    make.agenda_item(meeting=meeting, title_it="Però, così; perché", presenter="Ada")
    agree(calendar_with(meeting), meeting)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2027, 3, 28), date(2027, 3, 28)),
        (date(2027, 3, 27), date(2027, 3, 29)),
        (date(2027, 10, 30), date(2027, 11, 1)),
    ],
)
def test_whole_days_are_read_alike(first, last):
    start, end = (datetime.combine(day, datetime.min.time(), ROME) for day in (first, last))
    meeting = make.meeting(starts_at=start, precision="day", hours=0)
    meeting.ends_at = end
    agree(calendar_with(meeting), meeting)


@pytest.mark.django_db
def test_a_whole_feed_is_read_alike(fabriano_delegate):
    meetings = [make.meeting(starts_at=start.astimezone(UTC), hours=3) for start, _h in CLOCKS]
    for meeting in meetings:
        make.invitation(meeting=meeting, user=fabriano_delegate)
    make.meeting(precision="month")
    agree(calendar_of(fabriano_delegate), *meetings)


@pytest.mark.django_db
def test_due_days_are_read_alike(fabriano, fabriano_delegate):
    held = make.meeting(status="closed", starts_at=timezone.now() - timedelta(days=500))
    due = date(2027, 3, 28)
    action = make.action(meeting=held, cities=[fabriano], title_it=HARD[:200], due_on=due)
    text = calendar_of(fabriano_delegate).to_ical().decode()
    (read,), (other,) = by_vobject(text), by_ics(text)
    assert read == other
    assert read[:3] == (f"action-{action.pk}@testserver", due, due + timedelta(days=1))
    assert action.title in read[3]


@pytest.mark.django_db
@pytest.mark.parametrize("method", [REQUEST, CANCEL])
@pytest.mark.parametrize(("start", "hours"), CLOCKS[1::3])
def test_what_a_letter_brings_is_read_alike(fabriano_delegate, start, hours, method):
    meeting = make.meeting(starts_at=start.astimezone(UTC), hours=hours, sequence=3)
    fabriano_delegate.last_name = "D’Àquila; di, «Jesi»"
    fabriano_delegate.save()
    invitation = make.invitation(meeting=meeting, user=fabriano_delegate)
    text = calendar_for(
        invitation, [], method=method, sequence=3, answer_at="https://example.org/answer/"
    )
    (first,), (second,) = by_vobject(text), by_ics(text)
    assert first == second
    assert first[:3] == (
        f"meeting-{meeting.pk}@testserver",
        start.astimezone(UTC),
        start.astimezone(UTC) + timedelta(hours=hours),
    )
    event = vobject.readOne(text).vevent
    (other,) = ics.Calendar(text).events
    (attendee,) = other.attendees
    address = fabriano_delegate.email
    assert event.attendee.value == f"mailto:{address}"
    assert attendee.email.removeprefix("mailto:") == address
    assert event.sequence.value == "3"
    assert vobject.readOne(text).method.value == method
    assert event.attendee.params["CN"] == ["Fabia D’Àquila; di, «Jesi»"]


@pytest.mark.django_db
def test_a_backslash_stays_one():
    """ics takes the one before an n for the sign of a new line; so only vobject is asked."""
    meeting = make.meeting(title_it="C:\\note\\; fine\\")
    text = calendar_with(meeting).to_ical().decode()
    assert vobject.readOne(text).vevent.summary.value == meeting.title


# Whatever people write. What no text is made of, control characters, does not come through forms.
words = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\\"),
    min_size=1,
    max_size=160,
).map(str.strip)


@given(title=words.filter(bool), venue=words, item=words.filter(bool))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_written_is_read_back(title, venue, item):
    start = datetime(2027, 10, 31, 1, 30, tzinfo=ROME).astimezone(UTC)
    meeting = Meeting(
        pk=7, slug="x", title_it=title, venue=venue, text_it="", status="convened",
        starts_at=start, ends_at=start + timedelta(hours=4), updated_at=start,
    )  # fmt: skip
    line = make.AgendaItem(pk=1, title_it=item, minutes=10)
    with translation.override("it"):
        agree(meeting_calendar(meeting, put_in_order(meeting, [line])), meeting)
