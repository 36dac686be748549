"""When and where the cities meet: who sees which meeting, and what its page tells."""

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from post_office.models import Email

from journal.models import Event
from journal.verbs import TransitionNotAllowed
from meetings.agenda import put_in_order
from meetings.models import Decision, Meeting
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
ANYONE = AnonymousUser()


def titles(meetings):
    return [meeting.title_it for meeting in meetings]


def linked_data(response):
    """The Event that a meeting's page tells search engines."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text)
    return next(data for data in map(json.loads, found) if data["@type"] == "Event")


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
    assert re.findall(r"<td><time [^>]+>([\d:]+)</time>", text) == ["10:00", "10:20"]


def test_without_a_known_hour_the_agenda_has_numbers(client):
    meeting = make.meeting(precision="day")
    make.agenda_item(meeting=meeting)
    assert "<td>1</td>" in client.get(meeting.get_absolute_url()).text


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
    meeting = make.meeting(starts_at=moment, hours=0, precision=precision, status="held")
    response = client.get(meeting.get_absolute_url())
    assert known.lower() in response.text.lower()
    assert "00:00" not in response.text
    assert linked_data(response)["startDate"] == iso
    assert ("calendario.ics" in response.text) == (precision == "day")


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


def test_only_those_inside_are_shown_the_online_link(
    client, as_user, fabriano_delegate, observer, fabriano
):
    meeting = make.meeting(online_link="https://meet.example.org/secret")
    address = meeting.get_absolute_url()
    assert "secret" not in client.get(address).text
    assert "secret" in as_user(fabriano_delegate).get(address).text
    assert "secret" in as_user(observer).get(address).text
    assert "secret" not in as_user(make.user()).get(address).text


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


def test_internal_decisions_are_for_those_inside(fabriano_delegate):
    internal = make.decision(meeting=make.meeting(), is_public=False)
    of_a_draft = make.decision(meeting=make.meeting(status="draft"))
    assert list(Decision.objects.visible_to(fabriano_delegate)) == [internal]
    assert list(Decision.objects.visible_to(ANYONE)) == []
    assert of_a_draft.is_public


def test_the_page_leads_to_the_meetings_before_and_after_that_one_may_see(client):
    now = datetime.now(UTC)
    earlier, here, hidden, later = (
        make.meeting(starts_at=now + timedelta(days=days), status=status)
        for days, status in [(1, "held"), (2, "convened"), (3, "draft"), (4, "convened")]
    )
    context = client.get(here.get_absolute_url()).context
    assert (context["previous"], context["next"]) == (earlier, later)
    assert hidden.status == "draft"


def test_an_english_reader_is_told_that_a_text_is_in_italian(client):
    meeting = make.meeting(text_it="<p>Solo in italiano.</p>")
    text = client.get(f"/en/meetings/{meeting.slug}/").text
    assert '<div class="prose" lang="it"><p>Solo in italiano.</p></div>' in text
    assert 'class="note" role="note"' in text


# Verbs


def test_convening_writes_to_the_delegates_of_the_track_at_once_in_their_language(
    fabriano, coordinator
):
    make.delegate(city=fabriano, role="focal_point", email="it@example.org")
    make.delegate(city=fabriano, role="focal_point", email="en@example.org", language="en")
    make.delegate(city=fabriano, role="political", email="political@example.org")
    make.delegate(city=make.city(member=False), email="candidate@example.org")
    meeting = make.meeting(
        status="draft",
        track="technical",
        venue="Museo",
        host=fabriano,
        starts_at=datetime(2026, 7, 1, 10, tzinfo=ROME),
    )

    meeting.convene(by=coordinator)

    mails = {mail.to[0]: mail for mail in Email.objects.all()}
    assert sorted(mails) == ["en@example.org", "it@example.org"]
    assert meeting.title_it in mails["it@example.org"].subject
    assert meeting.title_en in mails["en@example.org"].subject
    assert "1 July 2026, 10:00" in mails["en@example.org"].message
    assert "Museo, Fabriano" in mails["it@example.org"].html_message
    assert f"http://testserver/it/incontri/{meeting.slug}/" in mails["it@example.org"].message
    assert f"http://testserver/en/meetings/{meeting.slug}/" in mails["en@example.org"].html_message


def test_whoever_was_called_is_told_when_a_meeting_is_cancelled(fabriano_delegate, coordinator):
    meeting = make.meeting(status="draft")
    meeting.convene(by=coordinator)
    meeting.cancel(by=coordinator)
    assert [mail.to for mail in Email.objects.all()] == [[fabriano_delegate.email]] * 2


def test_nobody_is_told_that_a_draft_is_dropped(fabriano_delegate, coordinator):
    make.meeting(status="draft").cancel(by=coordinator)
    assert not Email.objects.exists()


def test_only_coordinators_convene(fabriano_delegate):
    meeting = make.meeting(status="draft")
    with pytest.raises(PermissionDenied):
        meeting.convene(by=fabriano_delegate)
    assert Meeting.objects.get().status == "draft"


def test_what_is_cancelled_cannot_be_held(coordinator):
    with pytest.raises(TransitionNotAllowed):
        make.meeting(status="cancelled").hold(by=coordinator)
    assert not Event.objects.exists()


def test_who_looks_for_one_track_finds_the_meetings_of_both(client):
    make.meeting(title_en="Officers", track="technical")
    make.meeting(title_en="Mayors", track="political")
    make.meeting(title_en="Everybody", track="both")
    page = client.get("/en/meetings/?track=technical").content.decode()
    assert "Officers" in page
    assert "Everybody" in page
    assert "Mayors" not in page
