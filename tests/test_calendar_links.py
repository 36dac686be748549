"""The buttons that lead into the calendars people use."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from meetings.calendar_links import ways_to_add, ways_to_subscribe
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def asked(url):
    return {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}


def meeting_on(start, **fields):
    return make.meeting(starts_at=start, **{"title_en": "Assembly & more", **fields})


def test_the_buttons_are_named_as_people_name_their_calendars(fabriano):
    meeting = meeting_on(datetime(2027, 7, 1, 10, tzinfo=ROME))
    names = [way.name for way in ways_to_add(meeting)]
    assert names == ["Google", "Apple", "Outlook", "Outlook on the web"]


def test_google_gets_the_moment_in_utc_the_place_and_the_page(fabriano):
    meeting = meeting_on(datetime(2027, 7, 1, 10, tzinfo=ROME), host=fabriano, venue="Museo")
    google = ways_to_add(meeting)[0].url
    assert google.startswith("https://calendar.google.com/calendar/render?")
    assert asked(google) == {
        "action": "TEMPLATE",
        "text": "Assembly & more",
        "dates": "20270701T080000Z/20270701T110000Z",
        "details": f"http://testserver/en/meetings/{meeting.slug}/",
        "location": "Museo, Fabriano",
        "ctz": "Europe/Rome",
    }


def test_outlook_on_the_web_gets_the_same():
    meeting = meeting_on(datetime(2027, 12, 1, 10, tzinfo=ROME))
    outlook = ways_to_add(meeting)[3].url
    assert outlook.startswith("https://outlook.office.com/calendar/0/deeplink/compose?")
    told = asked(outlook)
    assert (told["startdt"], told["enddt"]) == (
        "2027-12-01T09:00:00+00:00",
        "2027-12-01T12:00:00+00:00",
    )
    assert "allday" not in told


def test_apple_and_the_installed_outlook_open_our_own_file():
    meeting = meeting_on(datetime(2027, 12, 1, 10, tzinfo=ROME))
    ways = ways_to_add(meeting)
    assert ways[1].url == ways[2].url == f"/en/meetings/{meeting.slug}/calendar.ics"
    assert ways_to_add(meeting, file="/mine.ics")[1].url == "/mine.ics"


def test_days_without_hours_are_whole_days_the_last_one_included():
    start = datetime(2027, 3, 27, 0, tzinfo=ROME)
    meeting = meeting_on(start, precision="day", hours=0)
    meeting.ends_at = datetime(2027, 3, 28, 0, tzinfo=ROME)
    google, _apple, _installed, outlook = ways_to_add(meeting)
    assert asked(google.url)["dates"] == "20270327/20270329"
    told = asked(outlook.url)
    assert (told["startdt"], told["enddt"], told["allday"]) == ("2027-03-27", "2027-03-29", "true")


def test_the_link_to_join_is_only_told_where_asked_for():
    link = "https://meet.example.org/a?b=c&d=e"
    meeting = meeting_on(datetime(2027, 7, 1, 10, tzinfo=ROME), online_link=link)
    without, told = ways_to_add(meeting)[0].url, ways_to_add(meeting, join=True)[0].url
    assert "meet.example.org" not in without
    assert asked(told)["details"].startswith(f"Join online: {link}\n\n")


@pytest.mark.parametrize(
    "fields",
    [{"precision": "month"}, {"status": "cancelled"}, {"status": "postponed"}, {"status": "held"}],
)
def test_there_is_nothing_to_add_where_no_day_is_to_be_kept_free(fields):
    assert ways_to_add(meeting_on(datetime(2027, 7, 1, 10, tzinfo=ROME), **fields)) == []


def test_a_calendar_is_followed_by_its_address(settings):
    settings.SITE_URL = "https://portal.example.org"
    google, apple, installed, outlook = ways_to_subscribe("/calendar/secret.ics", "Mine")
    webcal = "webcal://portal.example.org/calendar/secret.ics"
    assert (apple.url, installed.url) == (webcal, webcal)
    assert google.url.startswith("https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F")
    assert asked(google.url) == {"cid": webcal}
    assert outlook.url.startswith("https://outlook.office.com/calendar/0/addfromweb?")
    web = "https://portal.example.org/calendar/secret.ics"
    assert asked(outlook.url) == {"url": web, "name": "Mine"}


def test_the_page_of_a_meeting_and_the_list_have_them(client):
    meeting = meeting_on(datetime(2027, 7, 1, 10, tzinfo=ROME))
    page = client.get(f"/en/meetings/{meeting.slug}/").text
    assert f'href="/en/meetings/{meeting.slug}/calendar.ics"' in page
    assert 'href="https://calendar.google.com/calendar/render?' in page
    assert 'href="webcal://testserver/en/meetings/calendar.ics"' in client.get("/en/meetings/").text


def test_only_those_invited_take_the_link_to_join_along(client, as_user, fabriano_delegate):
    link = "https://meet.example.org/secret"
    meeting = meeting_on(datetime(2027, 7, 1, 10, tzinfo=ROME), online_link=link)
    page = f"/en/meetings/{meeting.slug}/"
    assert "secret" not in as_user(fabriano_delegate).get(page).text
    make.invitation(meeting=meeting, user=fabriano_delegate)
    assert "meet.example.org%2Fsecret" in as_user(fabriano_delegate).get(page).text
