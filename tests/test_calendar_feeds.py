"""Calendars that people follow: the public one, and each person's own behind a secret address."""

import logging.config
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as portal
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from accounts.closing import close_account
from meetings.models import CalendarKey, Meeting
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
PUBLIC = "/en/meetings/calendar.ics"


def read(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def titles(response):
    return [str(event["summary"]) for event in read(response).events]


def key_of(user):
    return f"/calendar/{CalendarKey.objects.get_or_create(user=user)[0].key}.ics"


# The public calendar


def test_it_holds_the_public_meetings_of_the_past_year_and_all_to_come(client):
    now = timezone.now()
    days = {"Next": 20, "In ten years": 3650, "Last": -300, "Long ago": -400}
    for title, day in days.items():
        make.meeting(title_en=title, starts_at=now + timedelta(days=day))
    make.meeting(title_en="Draft", status="draft")
    make.meeting(title_en="Internal", is_public=False)
    make.meeting(title_en="Some day", precision="month")
    assert titles(client.get(PUBLIC)) == ["Last", "Next", "In ten years"]


def test_it_has_a_name_and_says_how_often_to_ask(client):
    calendar = read(client.get(PUBLIC))
    assert calendar["name"] == calendar["x-wr-calname"]
    assert calendar["name"] == "Meetings of the Italian UNESCO Creative Cities"
    assert calendar["refresh-interval"].dt == timedelta(hours=6)
    assert calendar["refresh-interval"].params["VALUE"] == "DURATION"
    assert calendar["x-published-ttl"] == "PT6H"


def test_what_does_not_take_place_then_stays_and_is_cancelled(client):
    make.meeting(title_en="Assembly", status="cancelled")
    make.meeting(title_en="Forum", status="postponed")
    events = read(client.get(PUBLIC)).events
    said = {str(event["summary"]): event["status"] for event in events}
    assert said == {"Cancelled: Assembly": "CANCELLED", "Postponed: Forum": "CANCELLED"}


def test_a_meeting_convened_anew_stands_in_calendars_again(client, coordinator):
    meeting = make.meeting(title_en="Forum", status="postponed")
    before = read(client.get(PUBLIC)).events[0]
    meeting.convene(by=coordinator)
    after = read(client.get(PUBLIC)).events[0]
    assert (after["summary"], after["status"]) == ("Forum", "CONFIRMED")
    assert after["uid"] == before["uid"]


def test_nobody_gets_a_secret_by_it_however_they_are_logged_in(as_user, observer):
    make.meeting(title_en="Internal", is_public=False)
    make.meeting(title_en="Open", online_link="https://meet.example.org/secret")
    make.invitation(meeting=Meeting.objects.get(is_public=True), user=observer)
    response = as_user(observer).get(PUBLIC)
    assert titles(response) == ["Open"]
    assert "secret" not in response.text


def test_who_has_it_already_is_told_that_nothing_changed(client):
    meeting = make.meeting()
    first = client.get(PUBLIC)
    again = client.get(PUBLIC, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make.agenda_item(meeting=meeting, title_en="A new item")
    changed = client.get(PUBLIC, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "A new item" in changed.text


def test_it_speaks_the_language_of_its_address(client):
    make.meeting(title_it="Assemblea", title_en="Assembly")
    assert titles(client.get(PUBLIC)) == ["Assembly"]
    with translation.override("it"):
        address = reverse("meetings_calendar")
    assert titles(client.get(address)) == ["Assemblea"]


# The person's own


def test_it_holds_what_a_person_is_invited_to_with_the_link_to_join(client, fabriano_delegate):
    link = "https://meet.example.org/secret"
    invited = make.meeting(title_it="Mia", is_public=False, online_link=link)
    make.meeting(title_it="Non mia", online_link="https://meet.example.org/other")
    waiting = make.meeting(title_it="Non ancora")
    make.invitation(meeting=invited, user=fabriano_delegate)
    make.invitation(meeting=waiting, user=fabriano_delegate, sent=False)
    response = client.get(key_of(fabriano_delegate))
    assert titles(response) == ["Mia"]
    event = read(response).events[0]
    assert link in event["description"]
    assert "transp" not in event


@pytest.mark.parametrize("answer", ["cannot", "substitute"])
def test_who_does_not_come_is_not_busy(client, fabriano_delegate, answer):
    make.invitation(meeting=make.meeting(), user=fabriano_delegate, answer=answer)
    event = read(client.get(key_of(fabriano_delegate))).events[0]
    assert event["transp"] == "TRANSPARENT"


def test_it_holds_the_days_by_which_the_persons_city_owes_something(
    client, fabriano, parma, fabriano_delegate
):
    closed = make.meeting(status="closed", title_it="Assemblea")
    due = {"due_on": date(2026, 12, 9)}
    mine = make.action(meeting=closed, cities=[fabriano, parma], title_it="Elenco", **due)
    make.action(meeting=closed, cities=[parma], title_it="Di Parma")
    make.action(meeting=closed, cities=[fabriano], title_it="Fatta", status="done")
    untold = make.meeting(status="held")
    make.action(meeting=untold, cities=[fabriano], title_it="Non ancora detta")
    (event,) = read(client.get(key_of(fabriano_delegate))).events
    assert event["uid"] == f"action-{mine.pk}@testserver"
    assert (event.start, event.end) == (date(2026, 12, 9), date(2026, 12, 10))
    assert "Elenco" in event["summary"]
    assert event["transp"] == "TRANSPARENT"
    assert "Fabriano e Parma\n\nAssemblea\n\n" in event["description"]
    assert event["url"] == f"http://testserver{mine.get_absolute_url()}"


def test_it_speaks_the_language_of_its_person(client, fabriano):
    english = make.delegate(city=fabriano, language="en")
    meeting = make.meeting(title_it="Assemblea", title_en="Assembly")
    make.invitation(meeting=meeting, user=english)
    response = client.get(key_of(english), headers={"Accept-Language": "it"})
    event = read(response).events[0]
    assert event["summary"] == "Assembly"
    assert event["url"] == f"http://testserver/en/meetings/{meeting.slug}/"
    assert response["Content-Language"] == "en"


def test_coordinators_have_all_convened_meetings(client, coordinator):
    make.meeting(title_it="Convocata")
    make.meeting(title_it="Bozza", status="draft")
    assert titles(client.get(key_of(coordinator))) == ["Convocata"]


def test_nobody_between_keeps_it(client, fabriano_delegate):
    kept = client.get(key_of(fabriano_delegate))["Cache-Control"]
    assert {"private", "no-store"} <= set(kept.replace(" ", "").split(","))


def test_it_ends_with_the_part_in_the_network(client, fabriano, fabriano_delegate):
    address = key_of(fabriano_delegate)
    fabriano_delegate.delegates.update(ends_on=date(2025, 1, 1))
    assert client.get(address).status_code == 404


def test_it_ends_with_the_account(client, fabriano_delegate):
    address = key_of(fabriano_delegate)
    fabriano_delegate.is_active = False
    fabriano_delegate.save()
    assert client.get(address).status_code == 404


def test_a_closed_account_leaves_no_address(fabriano_delegate):
    key_of(fabriano_delegate)
    close_account(fabriano_delegate, by=fabriano_delegate)
    assert not CalendarKey.objects.exists()


def test_a_forged_address_leads_nowhere(client, db):
    assert client.get("/calendar/guessed.ics").status_code == 404


def test_the_secret_is_in_no_copy_of_what_is_kept_about_a_person(as_user, fabriano_delegate):
    key_of(fabriano_delegate)
    copy = as_user(fabriano_delegate).get("/en/profile/data/")
    assert CalendarKey.objects.get().key not in copy.text


def test_the_secret_is_in_no_log(client, fabriano_delegate, capfd):
    address = key_of(fabriano_delegate)
    fabriano_delegate.is_active = False
    fabriano_delegate.save()
    logging.config.dictConfig(portal.LOGGING)
    client.get(address)
    client.get("/calendar/other.txt")
    told = capfd.readouterr().out
    assert "/calendar/other.txt" in told
    assert "/calendar/…" in told
    assert CalendarKey.objects.get().key not in told


# The page


def test_a_person_makes_renews_and_deletes_the_address(as_user, client, fabriano_delegate):
    browser = as_user(fabriano_delegate)
    assert "webcal://" not in browser.get("/en/calendar/").text
    assert browser.post("/en/calendar/renew/")["Location"] == "/en/calendar/"
    first = key_of(fabriano_delegate)
    page = browser.get("/en/calendar/")
    assert f"http://testserver{first}" in page.text
    assert f"webcal://testserver{first}" in page.text
    assert "no-store" in page["Cache-Control"]
    browser.post("/en/calendar/renew/")
    second = key_of(fabriano_delegate)
    assert second != first
    assert [client.get(address).status_code for address in (first, second)] == [404, 200]
    browser.post("/en/calendar/stop/")
    assert not CalendarKey.objects.exists()
    assert client.get(second).status_code == 404


def test_nobody_makes_or_deletes_the_address_of_another(as_user, fabriano_delegate, coordinator):
    mine = key_of(fabriano_delegate)
    as_user(coordinator).post("/en/calendar/renew/")
    as_user(coordinator).post("/en/calendar/stop/")
    assert key_of(fabriano_delegate) == mine


def test_whoever_takes_no_part_has_no_calendar(as_user):
    browser = as_user(make.user())
    assert browser.get("/en/calendar/").status_code == 404
    assert browser.post("/en/calendar/renew/").status_code == 404
    assert "/en/calendar/" not in browser.get("/en/profile/").text


@pytest.mark.parametrize("page", ["/en/profile/", "/en/desk/"])
def test_profile_and_desk_lead_there(as_user, fabriano_delegate, page):
    assert 'href="/en/calendar/"' in as_user(fabriano_delegate).get(page).text


# Around the changes of the clock


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        (datetime(2027, 3, 28, 1, tzinfo=ROME), 3),
        (datetime(2027, 3, 27, 22, tzinfo=ROME), 12),
        (datetime(2027, 10, 31, 1, tzinfo=ROME), 3),
        (datetime(2027, 10, 31, 2, 30, tzinfo=ROME), 2),
        (datetime(2027, 10, 30, 22, tzinfo=ROME), 12),
    ],
)
def test_a_meeting_over_the_change_keeps_its_moments_in_both_calendars(
    client, fabriano_delegate, start, hours
):
    starts_at = start.astimezone(UTC)
    meeting = make.meeting(starts_at=starts_at, hours=hours)
    make.invitation(meeting=meeting, user=fabriano_delegate)
    for address in (PUBLIC, key_of(fabriano_delegate)):
        event = read(client.get(address)).events[0]
        assert event.start.astimezone(UTC) == starts_at
        assert event.end.astimezone(UTC) == starts_at + timedelta(hours=hours)


# Questions


def test_the_number_of_questions_does_not_grow(
    client, fabriano, fabriano_delegate, django_assert_max_num_queries
):
    address, counts = key_of(fabriano_delegate), []
    for _each in range(2):
        for _more in range(2):
            meeting = make.meeting(host=make.city())
            make.agenda_item(meeting=meeting, city=make.city())
            make.invitation(meeting=meeting, user=fabriano_delegate)
            made = make.action(meeting=make.meeting(status="closed"), cities=[fabriano])
            assert made.pk
        with django_assert_max_num_queries(8) as own:
            client.get(address)
        with django_assert_max_num_queries(3) as public:
            client.get(PUBLIC)
        counts.append((len(own), len(public)))
    assert counts[0] == counts[1]
    assert Meeting.objects.count() == 8
