"""The meeting in the reader's own calendar: read back by the library and by another parser."""

import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from icalendar import Calendar

from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")


def address_of(meeting, language="it"):
    parts = {"it": ("incontri", "calendario"), "en": ("meetings", "calendar")}[language]
    return f"/{language}/{parts[0]}/{meeting.slug}/{parts[1]}.ics"


def event_in(response):
    calendar = Calendar.from_ical(response.content)
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    return calendar.events[0]


def test_it_is_a_file_for_calendars(client):
    meeting = make.meeting(slug="plenaria")
    response = client.get(address_of(meeting))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="plenaria.ics"'


def test_it_holds_the_moment_the_place_the_agenda_and_the_page(client, fabriano):
    meeting = make.meeting(
        host=fabriano,
        title_it="Assemblea; plenaria, a Fabriano",
        venue="Museo della carta",
        address="Largo Spadoni 1",
        starts_at=datetime(2026, 7, 1, 10, tzinfo=ROME),
        text_it="<p>Si decide <strong>insieme</strong>.</p><p>A Fabriano.</p>",
    )
    make.agenda_item(meeting=meeting, position=1, title_it="Saluti", minutes=20, presenter="Ada")
    make.agenda_item(meeting=meeting, position=2, title_it="Programma")
    event = event_in(client.get(address_of(meeting)))
    assert event["summary"] == "Assemblea; plenaria, a Fabriano"
    assert event.start == datetime(2026, 7, 1, 10, tzinfo=ROME)
    assert event.end == datetime(2026, 7, 1, 13, tzinfo=ROME)
    assert event["dtstart"].params["TZID"] == "Europe/Rome"
    assert event["location"] == "Museo della carta, Largo Spadoni 1, Fabriano"
    assert event["url"] == f"http://testserver/it/incontri/{meeting.slug}/"
    assert event["status"] == "CONFIRMED"
    text = event["description"]
    assert text.startswith("Si decide insieme. A Fabriano.")
    assert "10:00 Saluti (Ada)\n10:20 Programma" in text


def test_it_speaks_the_language_of_its_address(client):
    meeting = make.meeting(title_it="Assemblea", title_en="Assembly")
    english = event_in(client.get(address_of(meeting, "en")))
    italian = event_in(client.get(address_of(meeting)))
    assert (italian["summary"], english["summary"]) == ("Assemblea", "Assembly")
    assert english["url"] == f"http://testserver/en/meetings/{meeting.slug}/"
    assert italian["uid"] == english["uid"]


def test_its_name_stays_the_same_when_the_meeting_moves_and_its_stamp_goes_on(client):
    meeting = make.meeting()
    type(meeting).objects.update(updated_at=datetime(2026, 1, 1, tzinfo=UTC))
    before = event_in(client.get(address_of(meeting)))
    meeting.starts_at -= timedelta(days=1)
    meeting.save()
    after = event_in(client.get(address_of(meeting)))
    assert after["uid"] == before["uid"] == f"meeting-{meeting.pk}@testserver"
    assert after.start == before.start - timedelta(days=1)
    assert after["last-modified"].dt > before["last-modified"].dt


@pytest.mark.parametrize(
    ("day", "offset", "utc_hour"),
    [
        ((3, 28), 1, 8),
        ((3, 29), 2, 7),
        ((10, 24), 2, 7),
        ((10, 25), 1, 8),
    ],
)
def test_around_both_changes_of_the_clock_the_hour_is_italys(client, day, offset, utc_hour):
    start = datetime(2026, *day, 9, tzinfo=ROME)
    meeting = make.meeting(starts_at=start)
    response = client.get(address_of(meeting))
    begins = event_in(response).start
    assert (begins.hour, begins.astimezone(UTC).hour) == (9, utc_hour)
    rome = tzical(io.StringIO(response.text)).get("Europe/Rome")
    assert start.replace(tzinfo=rome).utcoffset() == timedelta(hours=offset)


def test_a_meeting_over_the_change_of_the_clock_lasts_as_long_as_it_does(client):
    meeting = make.meeting(starts_at=datetime(2026, 10, 25, 1, tzinfo=ROME), hours=0)
    meeting.ends_at = datetime(2026, 10, 25, 4, tzinfo=ROME)
    meeting.save()
    event = event_in(client.get(address_of(meeting)))
    assert event.end.astimezone(UTC) - event.start.astimezone(UTC) == timedelta(hours=4)


def test_when_only_the_day_is_known_it_takes_the_whole_day(client):
    moment = datetime(2026, 3, 29, 0, tzinfo=ROME)
    meeting = make.meeting(starts_at=moment, hours=0, precision="day")
    response = client.get(address_of(meeting))
    event = event_in(response)
    assert (event.start, event.end) == (date(2026, 3, 29), date(2026, 3, 30))
    assert "VTIMEZONE" not in response.text


def test_several_days_end_with_the_last_one(client):
    meeting = make.meeting(starts_at=datetime(2024, 3, 13, 0, tzinfo=ROME), precision="day")
    meeting.ends_at = datetime(2024, 3, 14, 0, tzinfo=ROME)
    meeting.save()
    event = event_in(client.get(address_of(meeting)))
    assert (event.start, event.end) == (date(2024, 3, 13), date(2024, 3, 15))


def test_a_meeting_without_an_end_has_none(client):
    meeting = make.meeting()
    type(meeting).objects.update(ends_at=None)
    assert "DTEND" not in client.get(address_of(meeting)).text.partition("BEGIN:VEVENT")[2]


@pytest.mark.parametrize("precision", ["month", "year"])
def test_there_is_none_while_the_day_is_unknown(client, precision):
    assert client.get(address_of(make.meeting(precision=precision))).status_code == 404


@pytest.mark.parametrize(
    ("status", "word"), [("cancelled", "Cancelled"), ("postponed", "Postponed")]
)
def test_what_does_not_happen_then_is_cancelled_in_calendars_and_says_so(client, status, word):
    meeting = make.meeting(status=status, title_en="Assembly")
    event = event_in(client.get(address_of(meeting, "en")))
    assert (event["status"], event["summary"]) == ("CANCELLED", f"{word}: Assembly")


def test_only_those_invited_get_the_online_link(client, as_user, fabriano_delegate):
    meeting = make.meeting(online_link="https://meet.example.org/secret")
    for read in (client.get, as_user(fabriano_delegate).get):
        assert "secret" not in read(address_of(meeting)).text
    make.invitation(meeting=meeting, user=fabriano_delegate)
    assert "secret" in event_in(as_user(fabriano_delegate).get(address_of(meeting)))["description"]


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"is_public": False}])
def test_what_visitors_may_not_see_is_in_no_calendar_of_theirs(client, fields):
    assert client.get(address_of(make.meeting(**fields))).status_code == 404


def test_long_and_accented_lines_are_folded_within_75_octets(client):
    meeting = make.meeting(title_it="È più città: " + "perché già così " * 9, text_it="à" * 300)
    response = client.get(address_of(meeting))
    lines = response.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()
    assert event_in(response)["summary"] == meeting.title_it


def test_the_city_is_named_once(client, fabriano):
    meeting = make.meeting(host=fabriano, address="Largo Spadoni 1, Fabriano")
    assert event_in(client.get(address_of(meeting)))["location"] == "Largo Spadoni 1, Fabriano"
