"""Cities propose items for an agenda; coordinators put them into place, or say why not."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from journal.models import Event, Notification
from meetings.models import Proposal
from tests import make

pytestmark = pytest.mark.django_db

DAY = "2026-11-22"
UNTIL = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def november(settings):
    settings.COORDINATORS_NEED_MFA = False
    with time_machine.travel(f"{DAY}T12:00+01:00"):
        yield


@pytest.fixture
def meeting():
    return make.meeting(status="draft", proposals_until=UNTIL, title_en="Winter plenary")


@pytest.fixture
def office(as_user, coordinator):
    coordinator.language = "en"
    coordinator.save()
    return as_user(coordinator)


def address(meeting):
    return f"/en/meetings/{meeting.slug}/propose/"


def words(**fields):
    return {
        "title": "Una mostra comune",
        "text": "Serve un sì di tutti.",
        "kind": "decision",
        "minutes": 20,
        **fields,
    }


def told(verb):
    notes = Notification.objects.filter(event__verb=verb)
    return sorted(notes.values_list("user__email", flat=True))


# Proposing


def test_a_delegate_proposes_an_item_and_coordinators_hear_in_their_digest(
    as_user, fabriano, fabriano_delegate, parma_delegate, coordinator, meeting
):
    project = make.project(lead=fabriano, status="published")
    client = as_user(fabriano_delegate)
    assert client.get(address(meeting)).status_code == 200

    answer = client.post(address(meeting), words(city=fabriano.pk, project=project.pk))

    assert answer["Location"] == address(meeting)
    proposal = Proposal.objects.get()
    assert (proposal.meeting, proposal.city, proposal.project) == (meeting, fabriano, project)
    assert (proposal.proposed_by, proposal.status) == (fabriano_delegate, "proposed")
    assert (proposal.title, proposal.kind, proposal.minutes) == (
        "Una mostra comune", "decision", 20,
    )  # fmt: skip
    assert told("propose") == [coordinator.email]
    assert not Notification.objects.get().at_once
    assert "Una mostra comune" in client.get(address(meeting)).text


def test_what_is_wrong_is_said_beside_the_field_and_no_word_is_lost(
    as_user, fabriano, fabriano_delegate, meeting
):
    client = as_user(fabriano_delegate)
    answer = client.post(address(meeting), words(city=fabriano.pk, title="", minutes=900))
    assert sorted(answer.context["form"].errors) == ["minutes", "title"]
    assert "Serve un sì di tutti." in answer.text
    assert not Proposal.objects.exists()


def test_the_last_day_counts_and_after_it_the_words_are_given_back(
    as_user, fabriano, fabriano_delegate, meeting
):
    client = as_user(fabriano_delegate)
    with time_machine.travel("2026-11-30T23:30+01:00"):
        assert client.post(address(meeting), words(city=fabriano.pk)).status_code == 302
    with time_machine.travel("2026-12-01T00:10+01:00"):
        client.force_login(fabriano_delegate)
        answer = client.post(address(meeting), words(city=fabriano.pk, title="Troppo tardi"))
        assert "Items could be proposed until 30 November 2026." in answer.text
        assert "Troppo tardi" in answer.text
        page = client.get(address(meeting)).text
    assert "Items could be proposed until 30 November 2026." in page
    assert 'name="title"' not in page
    assert [each.title for each in Proposal.objects.all()] == ["Una mostra comune"]


def test_nobody_proposes_for_a_city_or_with_a_project_of_others(
    as_user, fabriano_delegate, fabriano, parma, meeting
):
    theirs = make.project(lead=parma, status="published")
    answer = as_user(fabriano_delegate).post(
        address(meeting), words(city=parma.pk, project=theirs.pk)
    )
    assert sorted(answer.context["form"].errors) == ["city", "project"]


def test_who_may_not_propose_finds_nothing(client, as_user, observer, coordinator, meeting):
    candidate = make.delegate(city=make.city(member=False))
    former = make.delegate(city=make.city(), ends_on=date(2026, 1, 1))
    assert client.get(address(meeting))["Location"].startswith("/en/accounts/login/")
    for person in (observer, coordinator, candidate, former):
        assert as_user(person).get(address(meeting)).status_code == 404
        assert client.post(address(meeting), words()).status_code == 404


def test_a_cluster_asks_its_cities_and_a_group_its_people(
    as_user, fabriano, fabriano_delegate, parma_delegate
):
    cluster = make.meeting(kind="cluster", proposals_until=UNTIL)
    cluster.fields.add(make.field(slug="crafts-folk-art"))
    group = make.meeting(
        kind="working_group", proposals_until=UNTIL, group=make.group(people=[parma_delegate])
    )
    bilateral = make.meeting(kind="bilateral", proposals_until=UNTIL)
    make.invitation(meeting=bilateral, city=fabriano)
    found = {
        person: [
            as_user(person).get(address(each)).status_code for each in (cluster, group, bilateral)
        ]
        for person in (fabriano_delegate, parma_delegate)
    }
    assert found == {fabriano_delegate: [200, 404, 200], parma_delegate: [404, 200, 404]}


@pytest.mark.parametrize("status", ["held", "circulated", "closed", "cancelled"])
def test_a_meeting_that_is_over_or_called_off_takes_none(as_user, fabriano_delegate, status):
    meeting = make.meeting(status=status, proposals_until=UNTIL)
    assert as_user(fabriano_delegate).get(address(meeting)).status_code == 404


def test_a_meeting_without_a_day_until_which_takes_none(as_user, fabriano_delegate):
    assert as_user(fabriano_delegate).get(address(make.meeting())).status_code == 404


# Taking back


def test_a_city_takes_its_proposal_back_while_it_waits(
    as_user, fabriano, fabriano_delegate, parma_delegate, coordinator, meeting
):
    proposal = make.proposal(meeting=meeting, city=fabriano)
    back = f"/en/proposals/{proposal.pk}/take-back/"
    assert as_user(parma_delegate).post(back).status_code == 404
    assert as_user(coordinator).post(back).status_code == 404
    assert as_user(fabriano_delegate).get(back).status_code == 405

    assert as_user(fabriano_delegate).post(back)["Location"] == address(meeting)

    assert Proposal.objects.get().status == "withdrawn"
    assert told("withdraw") == [coordinator.email]
    page = as_user(fabriano_delegate).post(back, follow=True)
    assert "It has been decided in the meantime" in page.text


# Placing


def titles(meeting):
    return [(item.position, item.title_it, item.is_sub) for item in meeting.agenda.all()]


def test_a_coordinator_puts_it_into_its_place_and_the_city_hears(
    office, coordinator, fabriano, fabriano_delegate, parma_delegate, meeting
):
    first = make.agenda_item(meeting=meeting, position=1, title_it="Saluti")
    make.agenda_item(meeting=meeting, position=2, title_it="Varie")
    proposal = make.proposal(
        meeting=meeting, city=fabriano, title="Mostra", kind="decision", minutes=25,
        project=make.project(lead=fabriano, status="published"),
    )  # fmt: skip
    page = office.get(f"/admin/meetings/meeting/{meeting.pk}/proposals/")
    assert "After 1 " in page.text

    office.post(
        f"/admin/meetings/meeting/proposals/{proposal.pk}/accept/",
        {"after": first.pk, "is_sub": "on"},
    )

    assert titles(meeting) == [(1, "Saluti", False), (2, "Mostra", True), (3, "Varie", False)]
    item = meeting.agenda.get(position=2)
    assert (item.city, item.project, item.kind, item.minutes) == (
        fabriano, proposal.project, "decision", 25,
    )  # fmt: skip
    proposal = Proposal.objects.get()
    assert (proposal.status, proposal.item) == ("accepted", item)
    assert told("accept") == [fabriano_delegate.email]


@pytest.mark.parametrize(("after", "place"), [("first", 1), ("", 3), ("99999", 3), ("x", 3)])
def test_it_goes_first_or_last(office, fabriano, meeting, after, place):
    make.agenda_item(meeting=meeting, position=1)
    make.agenda_item(meeting=meeting, position=2)
    proposal = make.proposal(meeting=meeting, city=fabriano, title="Mostra")
    office.post(f"/admin/meetings/meeting/proposals/{proposal.pk}/accept/", {"after": after})
    assert meeting.agenda.get(title_it="Mostra").position == place
    assert [item.position for item in meeting.agenda.all()] == [1, 2, 3]


def test_an_item_of_its_own_takes_no_sub_items_from_the_one_before(office, fabriano, meeting):
    first = make.agenda_item(meeting=meeting, position=1, title_it="Bilancio")
    make.agenda_item(meeting=meeting, position=2, title_it="Spese", is_sub=True)
    make.agenda_item(meeting=meeting, position=3, title_it="Varie")
    proposal = make.proposal(meeting=meeting, city=fabriano, title="Mostra")
    office.post(f"/admin/meetings/meeting/proposals/{proposal.pk}/accept/", {"after": first.pk})
    assert titles(meeting) == [
        (1, "Bilancio", False), (2, "Spese", True), (3, "Mostra", False), (4, "Varie", False),
    ]  # fmt: skip


def test_a_coordinator_says_why_not_and_the_city_reads_it(
    office, as_user, fabriano, fabriano_delegate, meeting
):
    proposal = make.proposal(meeting=meeting, city=fabriano, title="Mostra")
    decline = f"/admin/meetings/meeting/proposals/{proposal.pk}/decline/"

    page = office.post(decline, {"comment": " "}, follow=True)
    assert "Please write why" in page.text
    assert Proposal.objects.get().status == "proposed"

    office.post(decline, {"comment": "Ne parliamo a marzo."})
    assert Proposal.objects.get().status == "declined"
    assert told("decline") == [fabriano_delegate.email]
    assert "Ne parliamo a marzo." in as_user(fabriano_delegate).get(address(meeting)).text


def test_what_is_decided_is_decided_once(office, fabriano, meeting):
    proposal = make.proposal(meeting=meeting, city=fabriano)
    accept = f"/admin/meetings/meeting/proposals/{proposal.pk}/accept/"
    office.post(accept)
    page = office.post(accept, follow=True)
    assert "It has been decided in the meantime" in page.text
    assert meeting.agenda.count() == 1


def test_after_the_meeting_nothing_goes_on_its_agenda(office, fabriano):
    meeting = make.meeting(status="circulated")
    proposal = make.proposal(meeting=meeting, city=fabriano)
    page = office.get(f"/admin/meetings/meeting/{meeting.pk}/proposals/")
    assert "/accept/" not in page.text
    office.post(f"/admin/meetings/meeting/proposals/{proposal.pk}/accept/")
    assert not meeting.agenda.exists()


def test_the_words_of_a_proposal_are_shown_as_they_are(office, fabriano, meeting):
    make.proposal(meeting=meeting, city=fabriano, title="<b>Mostra</b>", text="<script>1</script>")
    text = office.get(f"/admin/meetings/meeting/{meeting.pk}/proposals/").text
    assert "&lt;b&gt;Mostra" in text
    assert "<script>1" not in text


# The desk, and where letters lead


def test_the_desk_says_so_until_the_city_has_proposed(
    as_user, fabriano, fabriano_delegate, meeting
):
    client = as_user(fabriano_delegate)
    assert "your city can propose an item until 30 November 2026" in client.get("/en/desk/").text
    make.proposal(meeting=meeting, city=fabriano)
    assert address(meeting) not in client.get("/en/desk/").text


def test_the_desk_of_a_coordinator_says_what_is_to_be_decided(office, fabriano, meeting):
    assert "proposed item to decide" not in office.get("/en/desk/").text
    make.proposal(meeting=meeting, city=fabriano)
    text = office.get("/en/desk/").text
    assert "1 proposed item to decide." in text
    assert f"/admin/meetings/meeting/{meeting.pk}/proposals/" in text


def test_letters_lead_each_to_where_they_go_on(fabriano, fabriano_delegate, coordinator, meeting):
    proposal = make.proposal(meeting=meeting, city=fabriano)
    event = Event.objects.record(proposal, "propose", by=fabriano_delegate)
    decide = f"/admin/meetings/meeting/{meeting.pk}/proposals/"
    assert event.url_for(coordinator) == decide
    assert event.url_for(fabriano_delegate) == reverse("meeting_propose", args=[meeting.slug])
