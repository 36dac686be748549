"""Which meetings there are: who sees which, what is coming and what is past, year by year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from meetings.models import Meeting
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
ANYONE = AnonymousUser()


def titles(meetings):
    return [meeting.title_it for meeting in meetings]


# Who sees which meeting


@pytest.fixture
def meetings(db):
    make.meeting(title_it="Pubblico")
    make.meeting(title_it="Interno", is_public=False)
    make.meeting(title_it="Annullato", status="cancelled")
    make.meeting(title_it="Bozza", status="draft")


def test_visitors_see_the_public_meetings_that_were_convened(meetings):
    assert sorted(titles(Meeting.objects.visible_to(ANYONE))) == ["Annullato", "Pubblico"]


def test_delegates_and_observers_see_the_internal_ones_too(meetings, fabriano_delegate, observer):
    for person in (fabriano_delegate, observer):
        seen = titles(Meeting.objects.visible_to(person))
        assert sorted(seen) == ["Annullato", "Interno", "Pubblico"]


def test_a_delegate_whose_term_is_over_sees_what_visitors_see(meetings, fabriano):
    yesterday = datetime.now(ROME).date() - timedelta(days=1)
    former = make.delegate(city=fabriano, ends_on=yesterday)
    assert sorted(titles(Meeting.objects.visible_to(former))) == ["Annullato", "Pubblico"]


def test_coordinators_see_drafts(meetings, coordinator):
    assert "Bozza" in titles(Meeting.objects.visible_to(coordinator))


def test_a_draft_is_not_found_by_those_who_may_not_see_it(client, as_user, fabriano_delegate):
    address = make.meeting(status="draft").get_absolute_url()
    assert client.get(address).status_code == 404
    assert as_user(fabriano_delegate).get(address).status_code == 404


# Coming and past, by what is known of the moment


@pytest.mark.parametrize(
    ("precision", "starts", "ends", "is_coming"),
    [
        ("time", (2026, 3, 10, 9), (2026, 3, 10, 13), True),
        ("time", (2026, 3, 10, 7), (2026, 3, 10, 9), False),
        ("time", (2026, 3, 10, 7), None, True),
        ("time", (2026, 3, 9, 23), None, False),
        ("day", (2026, 3, 10, 0), None, True),
        ("day", (2026, 3, 9, 0), None, False),
        ("day", (2026, 3, 9, 0), (2026, 3, 10, 0), True),
        ("month", (2026, 3, 1, 0), None, True),
        ("month", (2026, 2, 1, 0), None, False),
        ("year", (2026, 1, 1, 0), None, True),
        ("year", (2025, 1, 1, 0), None, False),
    ],
)
@time_machine.travel(datetime(2026, 3, 10, 10, 30, tzinfo=ROME))
def test_a_meeting_is_coming_until_what_is_known_of_it_is_over(precision, starts, ends, is_coming):
    moments = [datetime(*each, tzinfo=ROME) if each else None for each in (starts, ends)]
    meeting = make.meeting(starts_at=moments[0], precision=precision)
    Meeting.objects.update(ends_at=moments[1])

    assert list(Meeting.objects.coming()) == ([meeting] if is_coming else [])
    assert list(Meeting.objects.past()) == ([] if is_coming else [meeting])
    assert Meeting.objects.coming_first().get().is_past is not is_coming


def test_a_meeting_marked_as_held_is_past_whatever_its_date():
    meeting = make.meeting(status="held")
    assert list(Meeting.objects.past()) == [meeting]


def test_the_nearest_comes_first_and_the_latest_past_one_too():
    now = datetime.now(UTC)
    for days in (20, 10, -10, -20):
        make.meeting(title_it=f"{days}", starts_at=now + timedelta(days=days))
    assert titles(Meeting.objects.coming()) == ["10", "20"]
    assert titles(Meeting.objects.past()) == ["-10", "-20"]
    assert titles(Meeting.objects.coming_first()) == ["10", "20", "-10", "-20"]


# The list


def test_the_list_shows_past_meetings_by_year(client):
    for year in (2019, 2021):
        make.meeting(starts_at=datetime(year, 5, 1, 9, tzinfo=UTC), status="held")
    text = client.get("/it/incontri/").text
    assert text.index(">2021</h3>") < text.index(">2019</h3>")


def test_the_list_is_filtered_by_kind_track_host_and_year(client, fabriano, parma):
    moment = datetime(2021, 5, 1, 9, tzinfo=UTC)
    make.meeting(title_it="Giusto", host=fabriano, kind="cluster", starts_at=moment, track="both")
    make.meeting(title_it="Sbagliato", host=parma, kind="plenary", track="political")
    for query in ("kind=cluster", "track=both", "host=fabriano", "year=2021"):
        text = client.get(f"/it/incontri/?{query}").text
        assert "Giusto" in text
        assert "Sbagliato" not in text


def test_nonsense_in_a_filter_is_ignored(client):
    meeting = make.meeting()
    response = client.get("/it/incontri/?kind=ball&host=atlantis&year=MM&page=x")
    assert response.status_code == 200
    assert meeting.title_it in response.text


def test_the_hosts_to_choose_from_are_those_of_meetings_one_may_see(client, fabriano, parma):
    make.meeting(host=fabriano)
    make.meeting(host=parma, status="draft")
    text = client.get("/it/incontri/").text
    assert '<option value="fabriano">' in text
    assert '<option value="parma">' not in text


def test_a_long_list_has_pages_with_the_coming_meetings_first(client):
    coming = make.meeting()
    for _each in range(20):
        make.meeting(status="held")
    first = client.get("/it/incontri/").context["page_obj"]
    assert (first[0], len(first)) == (coming, 20)
    second = client.get("/it/incontri/?page=2")
    assert len(second.context["page_obj"]) == 1
    assert 'id="coming"' not in second.text


def test_who_looks_for_one_track_finds_the_meetings_of_both(client):
    make.meeting(title_en="Officers", track="technical")
    make.meeting(title_en="Mayors", track="political")
    make.meeting(title_en="Everybody", track="both")
    page = client.get("/en/meetings/?track=technical").content.decode()
    assert "Officers" in page
    assert "Everybody" in page
    assert "Mayors" not in page


def test_a_meeting_put_off_is_still_to_come_though_its_day_is_over(client):
    meeting = make.meeting(
        status="postponed", starts_at=datetime.now(UTC) - timedelta(days=5), title_en="Put off"
    )
    assert list(Meeting.objects.coming()) == [meeting]
    text = client.get("/en/meetings/").text
    assert "date-block--off" in text
    assert "A new day will be told." in text


def test_what_was_put_off_or_cancelled_is_no_coming_meeting_of_the_home_page(client):
    make.meeting(status="postponed", title_en="Put off")
    make.meeting(status="cancelled", title_en="Called off")
    make.meeting(title_en="Going on")
    text = client.get("/en/").text
    assert "Going on" in text
    assert "Put off" not in text
    assert "Called off" not in text


def test_the_list_leads_to_the_registers_and_the_numbers(client):
    text = client.get("/en/meetings/").text
    for name in ("meeting_years", "decision_list"):
        assert f'href="{reverse(name)}"' in text
