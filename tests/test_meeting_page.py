"""The page of a meeting: when, where and about what it is, and what came of it."""

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from meetings.agenda import put_in_order
from meetings.models import MeetingPhoto
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")


def linked_data(response):
    """The Event that a meeting's page tells search engines."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text)
    return next(data for data in map(json.loads, found) if data["@type"] == "Event")


def agenda_in(text):
    return text[text.index('<ol class="agenda"') :].split("</ol>")[0]


# The page


def test_the_page_tells_where_when_and_about_what(client, fabriano):
    meeting = make.meeting(
        host=fabriano,
        venue="Museo della carta",
        address="Largo Spadoni 1",
        map_url="https://maps.example.org/1",
        starts_at=datetime(2026, 7, 1, 10, tzinfo=ROME),
    )
    make.agenda_item(meeting=meeting, position=2, minutes=45, title_it="Programma")
    make.agenda_item(meeting=meeting, position=1, minutes=20, title_it="Saluti", presenter="Ada")
    text = client.get(meeting.get_absolute_url()).text
    for known in ("Museo della carta", "Largo Spadoni 1", "https://maps.example.org/1", "Ada"):
        assert known in text
    assert f'href="{fabriano.get_absolute_url()}"' in text
    assert text.index("Saluti") < text.index("Programma")
    assert re.findall(r"<time [^>]+>([\d:]+)</time>", agenda_in(text)) == ["10:00", "10:20"]


def test_items_have_numbers_and_without_a_known_hour_no_times(client):
    meeting = make.meeting(precision="day")
    for position, is_sub in [(1, False), (2, True), (3, False)]:
        make.agenda_item(meeting=meeting, position=position, is_sub=is_sub)
    text = client.get(meeting.get_absolute_url()).text
    assert re.findall(r'agenda__number">([\d.]+)<', text) == ["1", "1.1", "2"]
    assert "<time" not in agenda_in(text)


def test_agenda_times_hold_over_the_change_of_the_clock():
    meeting = make.meeting(starts_at=datetime(2026, 3, 29, 1, 30, tzinfo=ROME))
    for position in (1, 2):
        make.agenda_item(meeting=meeting, position=position, minutes=60)
    meeting.refresh_from_db()
    items = put_in_order(meeting, meeting.agenda.all())
    times = [item.place.starts_at.astimezone(ROME).hour for item in items]
    assert times == [1, 3]


@pytest.mark.parametrize(
    ("precision", "known", "iso"),
    [("month", "Ottobre 2020", "2020-10"), ("year", "2020", "2020"), ("day", "01", "2020-10-01")],
)
def test_a_date_is_shown_as_far_as_it_is_known(client, precision, known, iso):
    moment = datetime(2020, 10, 1, 0, tzinfo=ROME)
    meeting = make.meeting(starts_at=moment, hours=0, precision=precision)
    response = client.get(meeting.get_absolute_url())
    assert known.lower() in response.text.lower()
    assert "00:00" not in response.text
    assert linked_data(response)["startDate"] == iso
    assert (response.context["ways"] != []) == (precision == "day")


def test_linked_data_tells_the_moment_the_place_and_the_way(client, fabriano):
    meeting = make.meeting(
        host=fabriano,
        venue="Museo",
        mode="both",
        starts_at=datetime(2026, 7, 1, 10, tzinfo=ROME),
        online_link="https://meet.example.org/secret",
    )
    data = linked_data(client.get(meeting.get_absolute_url()))
    assert data["startDate"] == "2026-07-01T10:00:00+02:00"
    assert data["endDate"] == "2026-07-01T13:00:00+02:00"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    place, online = data["location"]
    assert (place["name"], place["address"]) == ("Museo", "Museo, Fabriano")
    assert online["url"] == f"http://testserver{meeting.get_absolute_url()}"


def test_a_cancelled_meeting_says_so(client):
    meeting = make.meeting(status="cancelled")
    response = client.get(meeting.get_absolute_url())
    assert "note--warning" in response.text
    assert linked_data(response)["eventStatus"] == "https://schema.org/EventCancelled"


def test_only_those_invited_are_shown_the_online_link(
    client, as_user, fabriano_delegate, parma_delegate, observer, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    meeting = make.meeting(online_link="https://meet.example.org/secret")
    make.invitation(meeting=meeting, user=fabriano_delegate)
    make.invitation(meeting=meeting, user=parma_delegate, sent=False)
    address = meeting.get_absolute_url()
    assert "secret" not in client.get(address).text
    assert "secret" in as_user(fabriano_delegate).get(address).text
    assert "secret" not in as_user(parma_delegate).get(address).text
    assert "secret" not in as_user(observer).get(address).text
    assert "secret" in as_user(coordinator).get(address).text


def test_nobody_joins_a_meeting_that_was_put_off(as_user, fabriano_delegate):
    meeting = make.meeting(status="postponed", online_link="https://meet.example.org/secret")
    make.invitation(meeting=meeting, user=fabriano_delegate)
    assert "secret" not in as_user(fabriano_delegate).get(meeting.get_absolute_url()).text


def test_each_reader_gets_the_documents_of_their_audience(
    client, as_user, fabriano_delegate, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    meeting = make.meeting()
    for audience in ("public", "delegates", "coordinators"):
        make.document(owner=meeting, audience=audience, title_it=f"Carta {audience}")
    address = meeting.get_absolute_url()

    def papers(response):
        return re.findall(r"Carta (\w+)", response.text)

    assert papers(client.get(address)) == ["public"]
    assert papers(as_user(fabriano_delegate).get(address)) == ["public", "delegates"]
    assert papers(as_user(coordinator).get(address)) == ["public", "delegates", "coordinators"]


def test_a_document_shows_its_kind_and_size(client):
    meeting = make.meeting()
    make.document(owner=meeting, content=b"%PDF-" + b"x" * 2043)
    text = client.get(meeting.get_absolute_url()).text
    assert re.search(r"PDF, 2[.,]0\sKB", text)


def test_a_lost_file_does_not_take_the_page_with_it(client):
    meeting = make.meeting()
    document = make.document(owner=meeting)
    document.file.storage.delete(document.file.name)
    assert client.get(meeting.get_absolute_url()).status_code == 200


def test_the_page_shows_public_decisions_with_what_they_bear_on(client, fabriano):
    meeting = make.meeting(status="held")
    mandate = make.mandate(city=fabriano)
    published = make.project(lead=fabriano, status="published", title_it="Carta viva")
    draft = make.project(lead=fabriano, title_it="Segreto")
    make.decision(
        meeting=meeting, mandates=[mandate], projects=[published, draft], text_it="Fabriano guida."
    )
    make.decision(meeting=meeting, is_public=False, text_it="Non ancora pubblico.")
    text = client.get(meeting.get_absolute_url()).text
    assert "Fabriano guida." in text
    assert str(mandate) in text
    assert "Carta viva" in text
    assert "Segreto" not in text
    assert "Non ancora pubblico." not in text


def test_the_page_leads_to_the_meetings_before_and_after_that_one_may_see(client):
    now = datetime.now(UTC)
    earlier, here, hidden, later = (
        make.meeting(starts_at=now + timedelta(days=days), status=status)
        for days, status in [(1, "held"), (2, "convened"), (3, "draft"), (4, "convened")]
    )
    context = client.get(here.get_absolute_url()).context
    assert (context["previous"].slug, context["next"].slug) == (earlier.slug, later.slug)
    assert str(context["next"]) == later.title_it
    assert hidden.status == "draft"


def test_an_english_reader_is_told_that_a_text_is_in_italian(client):
    meeting = make.meeting(text_it="<p>Solo in italiano.</p>")
    text = client.get(f"/en/meetings/{meeting.slug}/").text
    assert '<div class="prose" lang="it"><p>Solo in italiano.</p></div>' in text
    assert 'class="note" role="note"' in text


# What becomes of a day


def test_a_meeting_put_off_shows_the_day_that_no_longer_holds(client):
    was = datetime(2027, 3, 3, 10, tzinfo=ROME)
    meeting = make.meeting(status="postponed", starts_at=was, previous_start=was)
    response = client.get(f"/en/meetings/{meeting.slug}/")
    assert "<s>3 March 2027</s>" in response.text
    assert "A new day will be told." in response.text
    data = linked_data(response)
    assert data["eventStatus"] == "https://schema.org/EventPostponed"
    assert data["startDate"] == "2027-03-03T10:00:00+01:00"
    assert "endDate" not in data


def test_a_new_day_that_is_not_told_yet_stays_with_the_coordinators(client):
    meeting = make.meeting(
        status="postponed",
        starts_at=datetime(2027, 5, 5, 10, tzinfo=ROME),
        previous_start=datetime(2027, 3, 3, 10, tzinfo=ROME),
    )
    response = client.get(f"/en/meetings/{meeting.slug}/")
    assert "5 May 2027" not in response.text
    assert linked_data(response)["startDate"] == "2027-03-03T10:00:00+01:00"


def test_a_moved_meeting_tells_both_days(client):
    meeting = make.meeting(
        starts_at=datetime(2027, 5, 5, 10, tzinfo=ROME),
        previous_start=datetime(2027, 3, 3, 10, tzinfo=ROME),
    )
    response = client.get(f"/en/meetings/{meeting.slug}/")
    assert "<s>3 March 2027, 10:00</s>" in response.text
    assert "instead of 3 March 2027" in response.text
    data = linked_data(response)
    assert data["eventStatus"] == "https://schema.org/EventRescheduled"
    assert data["previousStartDate"] == "2027-03-03T10:00:00+01:00"
    assert data["startDate"] == "2027-05-05T10:00:00+02:00"


@pytest.mark.parametrize("status", ["held", "circulated", "closed", "postponed", "cancelled"])
def test_the_page_says_where_a_meeting_stands(client, status):
    meeting = make.meeting(status=status)
    text = client.get(meeting.get_absolute_url()).text
    assert f'class="tag tag--status-{status}"' in text


def test_the_hour_in_italy_is_there_for_the_readers_own_clock(client):
    meeting = make.meeting(starts_at=datetime(2027, 5, 5, 10, tzinfo=ROME))
    text = client.get(f"/en/meetings/{meeting.slug}/").text
    assert 'data-local-time="2027-05-05T10:00:00+02:00"' in text
    assert ">CEST</abbr>" in text


# What came of it


def photo(meeting, **fields):
    taken = MeetingPhoto(meeting=meeting, **fields)
    taken.picture.save("a.jpg", make.picture_upload(), save=False)
    taken.save()
    return taken


def picture_of(meeting, photo):
    return reverse("meeting_picture", args=[meeting.slug, photo.pk])


def test_photographs_have_a_gallery_pages_of_their_own_and_go_with_the_link(client):
    meeting = make.meeting(status="held")
    first, second = (photo(meeting, position=n, picture_alt_it=f"Sala {n}") for n in (1, 2))
    response = client.get(meeting.get_absolute_url())
    addresses = [picture_of(meeting, each) for each in (first, second)]
    for address in addresses:
        assert f'href="{address}"' in response.text
    image = f"http://testserver{first.picture.url}"
    assert linked_data(response)["image"] == image
    assert f'<meta property="og:image" content="{image}">' in response.text
    page = client.get(addresses[0])
    assert (page.context["previous"], page.context["following"]) == (None, second)
    assert "Sala 1" in page.text


def test_a_photograph_is_seen_by_those_who_see_its_meeting(client, as_user, fabriano_delegate):
    meeting = make.meeting(status="held", is_public=False)
    address = picture_of(meeting, photo(meeting))
    assert client.get(address).status_code == 404
    assert as_user(fabriano_delegate).get(address).status_code == 200


def test_the_press_note_and_the_way_in_are_for_everybody(client):
    meeting = make.meeting(press_note_en="<p>Twelve cities met.</p>", access_notes_en="A lift.")
    text = client.get(f"/en/meetings/{meeting.slug}/").text
    assert "<p>Twelve cities met.</p>" in text
    assert "A lift." in text


@pytest.mark.parametrize(
    ("status", "is_public", "is_read"),
    [("closed", True, True), ("closed", False, False), ("circulated", True, False)],
)
def test_the_public_summary_is_read_once_the_minutes_are_final(client, status, is_public, is_read):
    meeting = make.meeting(status=status)
    make.minutes(meeting=meeting, summary_it="<p>In breve.</p>", summary_is_public=is_public)
    assert ("In breve." in client.get(meeting.get_absolute_url()).text) is is_read


def test_the_minutes_are_one_step_away_for_those_who_may_read_them(
    client, as_user, fabriano_delegate, observer
):
    meeting = make.meeting(status="circulated")
    make.minutes(meeting=meeting)
    address = meeting.get_absolute_url()
    way = f'href="{reverse("meeting_minutes", args=[meeting.slug])}"'
    assert way not in client.get(address).text
    assert way in as_user(fabriano_delegate).get(address).text
    assert way not in as_user(observer).get(address).text


def test_those_inside_see_what_cities_do_next(client, as_user, fabriano, fabriano_delegate):
    meeting = make.meeting(status="circulated")
    make.action(meeting=meeting, cities=[fabriano], title_it="Scrivere la guida")
    address = meeting.get_absolute_url()
    assert "Scrivere la guida" not in client.get(address).text
    assert "Scrivere la guida" in as_user(fabriano_delegate).get(address).text


def test_before_a_meeting_its_first_item_lists_what_is_open(as_user, fabriano, fabriano_delegate):
    now = datetime.now(UTC)
    earlier = make.meeting(status="closed", starts_at=now - timedelta(days=50))
    for title, status in [("Da fare", "open"), ("Fatta", "done")]:
        make.action(meeting=earlier, cities=[fabriano], title_it=title, status=status)
    meeting = make.meeting(starts_at=now + timedelta(days=20))
    make.agenda_item(meeting=meeting, lists_actions=True)
    text = as_user(fabriano_delegate).get(meeting.get_absolute_url()).text
    assert "Da fare" in text
    assert "Fatta" not in text


def test_items_name_their_project_to_those_who_may_see_it(client, fabriano):
    meeting = make.meeting()
    for status, title in [("published", "Carta viva"), ("draft", "Ancora segreto")]:
        project = make.project(lead=fabriano, status=status, title_it=title)
        make.agenda_item(meeting=meeting, project=project, title_it="Un progetto")
    text = client.get(meeting.get_absolute_url()).text
    assert "Carta viva" in text
    assert "Ancora segreto" not in text


def test_documents_stand_under_their_item(client):
    meeting = make.meeting()
    item = make.agenda_item(meeting=meeting)
    make.document(owner=item, title_it="Bozza di bilancio")
    make.document(owner=item, audience="coordinators", title_it="Nota riservata")
    text = client.get(meeting.get_absolute_url()).text
    assert "Bozza di bilancio" in text[text.index(f'id="item-{item.pk}"') :]
    assert "Nota riservata" not in text
