"""Invited people answer: from the letter's link without logging in, from the meeting's page, from
the desk."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from journal.models import Event
from journal.signed_links import sign
from meetings.invitations import Invitation, TooLate, answer_url, written_for
from meetings.models import Meeting
from tests import make
from tests.markup import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return make.meeting(slug="plenaria", mode="both", online_link="https://example.org/sala")


@pytest.fixture
def invitation(meeting, fabriano, fabriano_delegate):
    return make.invitation(meeting=meeting, user=fabriano_delegate, city=fabriano)


@pytest.fixture
def guest(meeting):
    return make.invitation(meeting=meeting, name="Ugo Ospite", email="ugo@example.org")


def link_of(invitation):
    """The address in the letter, as the test's browser asks for it."""
    with translation.override("en"):
        return urlsplit(answer_url(invitation)).path


def stands(invitation):
    return Invitation.objects.values_list("answer", "note").get(pk=invitation.pk)


# The link


@pytest.mark.parametrize("answer", ["in_person", "remote", "cannot"])
def test_one_button_answers_without_logging_in(client, invitation, fabriano_delegate, answer):
    link = link_of(invitation)
    client.get(link)
    response = client.post(link, {"answer": answer, "seen": ""})
    assert response.headers["Location"] == link
    assert stands(invitation) == (answer, "")
    event = Event.objects.get(verb="answer")
    assert (event.target, event.actor) == (invitation, fabriano_delegate)
    assert event.details == {"answer": answer, "substitute": ""}


def test_the_answer_that_stands_is_said_with_ways_into_the_calendar(client, invitation):
    link = link_of(invitation)
    client.post(link, {"answer": "in_person", "seen": "", "note": "Treno alle 9"})
    page = client.get(link).text
    assert "You come in person." in page
    assert "Treno alle 9" in page
    links = Page(page).links()
    assert f"{link}calendar.ics" in links
    assert "https://example.org/sala" in links


def test_whoever_cannot_come_is_shown_neither_calendar_nor_online_link(client, invitation):
    client.post(link_of(invitation), {"answer": "cannot", "seen": ""})
    page = client.get(link_of(invitation)).text
    assert "You cannot come." in page
    assert "calendar.ics" not in page
    assert "https://example.org/sala" not in page


def test_opening_the_link_changes_nothing_whatever_it_proposes(client, invitation):
    for address in (link_of(invitation), f"{link_of(invitation)}?answer=in_person"):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
    invitation.refresh_from_db()
    assert (invitation.answer, invitation.answered_at, invitation.opened_at) == ("", None, None)
    assert not Event.objects.exists()


def test_the_letter_proposes_an_answer_that_only_the_button_gives(client, invitation):
    page = Page(client.get(f"{link_of(invitation)}?answer=remote").text)
    marked = [
        each["value"] for each in page.all("button") if "btn-primary" in (each["class"] or "")
    ]
    assert marked == ["remote", "substitute"]


def test_the_page_says_by_itself_that_a_person_looks_at_it(client, invitation):
    response = client.post(link_of(invitation), {"opened": "yes"})
    assert (response.status_code, response.content) == (204, b"")
    first = Invitation.objects.get().opened_at
    assert first is not None
    client.post(link_of(invitation), {"opened": "yes"})
    assert Invitation.objects.get().opened_at == first
    assert stands(invitation) == ("", "")


def test_a_guest_without_an_account_answers_and_reads_what_is_public(client, meeting, guest):
    make.agenda_item(meeting=meeting, title_en="The new protocol")
    page = client.get(link_of(guest)).text
    assert "Ugo Ospite" in page
    assert "The new protocol" in page
    client.post(link_of(guest), {"answer": "remote", "seen": ""})
    assert stands(guest) == ("remote", "")
    assert Event.objects.get(verb="answer").actor is None


def test_an_internal_meeting_is_shown_to_whoever_holds_the_link(client, guest):
    Meeting.objects.update(is_public=False)
    assert client.get(link_of(guest)).status_code == 200
    calendar = client.get(f"{link_of(guest)}calendar.ics")
    assert calendar.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"https://example.org/sala" in calendar.content


@pytest.mark.parametrize(
    ("mode", "offered"),
    [
        ("in_person", ["in_person", "cannot"]),
        ("online", ["remote", "cannot"]),
        ("both", ["in_person", "remote", "cannot"]),
    ],
)
def test_only_what_the_meeting_allows_can_be_answered(client, invitation, mode, offered):
    Meeting.objects.update(mode=mode)
    form = client.get(link_of(invitation)).context["form"]
    assert [answer for answer, *_rest in form.buttons()] == offered
    for answer in {"in_person", "remote"} - set(offered):
        assert client.post(link_of(invitation), {"answer": answer}).status_code == 200
    assert stands(invitation) == ("", "")


def test_a_note_that_is_too_long_stays_where_it_was_typed(client, invitation):
    response = client.post(link_of(invitation), {"answer": "in_person", "note": "a" * 501})
    page = Page(response.text)
    (note,) = [each for each in page.all("textarea") if each["name"] == "note"]
    assert note["aria-invalid"] == "true"
    assert "a" * 501 in note.text
    assert stands(invitation) == ("", "")


def test_the_mind_may_change_until_the_meeting_begins(client, meeting, invitation):
    client.post(link_of(invitation), {"answer": "in_person"})
    with time_machine.travel(meeting.starts_at - timedelta(minutes=1), tick=False):
        client.post(link_of(invitation), {"answer": "cannot"})
    assert stands(invitation) == ("cannot", "")
    with time_machine.travel(meeting.starts_at, tick=False):
        response = client.post(link_of(invitation), {"answer": "remote", "note": "Arrivo"})
        assert "Arrivo" in response.text
        assert "You cannot come." in response.text
        assert "<button" not in response.text.partition("<main")[2].partition("</main>")[0]
    assert stands(invitation) == ("cannot", "")


def test_the_link_ends_with_the_meeting(client, meeting, invitation):
    with time_machine.travel(meeting.ends_at + timedelta(minutes=1), tick=False):
        for method in (client.get, client.post):
            assert method(link_of(invitation)).status_code == 410
        assert client.get(f"{link_of(invitation)}calendar.ics").status_code == 410


def test_where_no_hour_is_known_it_can_be_answered_through_the_day(client, invitation):
    Meeting.objects.update(precision="day", ends_at=None)
    noon = timezone.localtime(Meeting.objects.get().starts_at).replace(hour=23, minute=30)
    with time_machine.travel(noon, tick=False):
        client.post(link_of(invitation), {"answer": "in_person"})
    assert stands(invitation) == ("in_person", "")


@pytest.mark.parametrize(
    ("status", "said"), [("cancelled", "has been cancelled"), ("postponed", "has been put off")]
)
def test_a_meeting_called_off_says_so_and_takes_no_answer(client, invitation, status, said):
    Meeting.objects.update(status=status)
    assert said in client.get(link_of(invitation)).text
    client.post(link_of(invitation), {"answer": "in_person"})
    assert stands(invitation) == ("", "")


def test_links_that_are_not_ours_are_gone(client, invitation, guest, parma_delegate):
    taken_back = make.invitation(meeting=invitation.meeting, withdrawn_at=timezone.now())
    wrong = [
        "x",
        link_of(invitation).split("/")[-2][:-1],
        sign("partnership", invitation.user, invitation),
        sign("meeting", parma_delegate, invitation),
        sign("meeting", None, invitation),
        sign("meeting", None, guest),
        sign("meeting", None, taken_back, written_for(taken_back)),
    ]
    for token in wrong:
        address = reverse("meeting_answer", args=[token])
        assert client.get(address).status_code == 410
        assert client.post(address, {"answer": "cannot"}).status_code == 410
    assert not Event.objects.exists()


def test_a_corrected_address_makes_the_old_link_worthless(client, guest):
    old = link_of(guest)
    Invitation.objects.filter(pk=guest.pk).update(email="ugo.giusto@example.org")
    assert client.get(old).status_code == 410
    guest.refresh_from_db()
    assert client.get(link_of(guest)).status_code == 200


def test_whoever_has_left_the_network_answers_no_more(client, invitation):
    address = link_of(invitation)
    invitation.user.is_active = False
    invitation.user.save()
    assert client.get(address).status_code == 410


def test_of_two_answers_the_last_one_counts_and_the_page_says_so(client, invitation):
    for answer in ("in_person", "cannot"):
        response = client.post(link_of(invitation), {"answer": answer, "seen": ""})
    assert stands(invitation) == ("cannot", "")
    page = client.get(response.headers["Location"]).text
    assert "Another answer had been given meanwhile: “You come in person.”" in page


def test_a_page_that_knows_the_answer_changes_it_without_a_word(client, invitation):
    link = link_of(invitation)
    client.post(link, {"answer": "in_person", "seen": ""})
    seen = client.get(link).context["form"].stamp
    response = client.post(link, {"answer": "cannot", "seen": seen})
    assert response.headers["Location"] == link


def test_what_others_write_into_the_address_is_not_shown(client, invitation):
    page = client.get(f"{link_of(invitation)}?before=<script>alert(1)</script>&answer=sold").text
    assert "alert(1)" not in page.partition("<main")[2].partition("</main>")[0]


def test_nobody_answers_once_it_is_too_late(invitation):
    Meeting.objects.update(status="held")
    with pytest.raises(TooLate):
        invitation.reply("in_person", by=invitation.user)
    assert stands(invitation) == ("", "")


# Logged in


def reply_to(meeting, **query):
    with translation.override("en"):
        return reverse("meeting_reply", args=[meeting.slug], query=query)


def test_the_meetings_page_asks_those_invited_and_nobody_else(
    as_user, meeting, invitation, fabriano_delegate, parma_delegate
):
    address = f"/en/meetings/{meeting.slug}/"
    assert reply_to(meeting) in as_user(fabriano_delegate).get(address).text
    assert reply_to(meeting) not in as_user(parma_delegate).get(address).text


def test_the_box_on_the_page_answers(as_user, meeting, invitation, fabriano_delegate):
    client = as_user(fabriano_delegate)
    response = client.post(reply_to(meeting), {"answer": "remote", "note": "Dalle 11"})
    assert response.headers["Location"].endswith("/plenaria/")
    assert stands(invitation) == ("remote", "Dalle 11")
    assert "You take part online." in client.get(f"/en/meetings/{meeting.slug}/").text


def test_the_neighbour_anonymous_people_and_those_taken_back_cannot_answer(
    client, as_user, meeting, invitation, parma_delegate
):
    assert "/login/" in client.post(reply_to(meeting), {"answer": "cannot"}).headers["Location"]
    neighbour = as_user(parma_delegate)
    assert neighbour.post(reply_to(meeting), {"answer": "cannot"}).status_code == 404
    Invitation.objects.update(withdrawn_at=timezone.now())
    answer = as_user(invitation.user).post(reply_to(meeting), {"answer": "cannot"})
    assert answer.status_code == 404
    assert stands(invitation) == ("", "")


def test_before_the_letter_is_sent_nothing_can_be_answered(as_user, meeting, invitation):
    Invitation.objects.update(sent_at=None)
    answer = as_user(invitation.user).post(reply_to(meeting), {"answer": "cannot"})
    assert answer.status_code == 404


def test_too_late_is_said_and_the_note_given_back(as_user, meeting, invitation):
    with time_machine.travel(meeting.starts_at + timedelta(minutes=5), tick=False):
        data = {"answer": "remote", "note": "Arrivo tardi"}
        response = as_user(invitation.user).post(reply_to(meeting), data, follow=True)
    assert "Arrivo tardi" in response.text
    assert stands(invitation) == ("", "")


def test_a_wrong_substitute_is_asked_for_again_on_a_page_of_its_own(as_user, meeting, invitation):
    data = {"answer": "substitute", "name": "Ada", "email": "no address"}
    response = as_user(invitation.user).post(reply_to(meeting), data)
    assert response.status_code == 200
    (email,) = [each for each in Page(response.text).all("input") if each["name"] == "email"]
    assert (email["value"], email["aria-invalid"]) == ("no address", "true")
    assert stands(invitation) == ("", "")


def test_the_page_asks_at_most_eight_questions(client, meeting, invitation, guest):
    for _each in range(3):
        make.agenda_item(meeting=meeting)
        make.document(owner=meeting)
    for each in (invitation, guest):
        client.get(link_of(each))
        with CaptureQueriesContext(connection) as queries:
            client.get(link_of(each))
        assert len(queries) <= 8
