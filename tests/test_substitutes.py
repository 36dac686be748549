"""Somebody goes instead: is invited by a letter of their own, and taken back if minds change."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation
from post_office.models import Email

from journal.models import Event, Notification
from meetings.invitations import Invitation, TooLate, answer_url
from meetings.models import Letter
from tests import make
from tests.markup import Page

pytestmark = pytest.mark.django_db

ADA = {"answer": "substitute", "name": "Ada Bianchi", "email": "ada@example.org"}


@pytest.fixture
def invitation(fabriano, fabriano_delegate):
    meeting = make.meeting(slug="plenaria", mode="both")
    return make.invitation(meeting=meeting, user=fabriano_delegate, city=fabriano, role="political")


@pytest.fixture
def answer(client, invitation):
    """Answers from the letter of an invitation, that of Fabriano unless said otherwise."""

    def post(of=invitation, **data):
        with translation.override("en"):
            address = answer_url(of).removeprefix("http://127.0.0.1:8000")
        return client.post(address, data)

    return post


@pytest.fixture
def ada(answer):
    answer(**ADA)
    return Invitation.objects.get(email="ada@example.org")


def letters():
    """What was written to whom, in order."""
    rows = Letter.objects.order_by("pk").select_related("mail")
    return [(each.kind, each.mail.to[0]) for each in rows]


def test_whoever_goes_instead_is_invited_for_the_same_city_and_as_the_same(
    invitation, ada, fabriano
):
    invitation.refresh_from_db()
    assert invitation.answer == "substitute"
    assert (ada.city, ada.role, ada.stands_for) == (fabriano, "political", invitation)
    assert (ada.name, ada.user, ada.language) == ("Ada Bianchi", None, "en")
    assert (ada.answer, ada.sent_at is not None) == ("", True)
    assert letters() == [("invitation", "ada@example.org")]
    assert Event.objects.get(verb="answer").details["substitute"] == "Ada Bianchi"


def test_the_page_says_who_goes_and_whether_they_have_answered(client, answer, invitation, ada):
    def said():
        with translation.override("en"):
            return client.get(answer_url(invitation).removeprefix("http://127.0.0.1:8000")).text

    assert "Ada Bianchi goes instead of you." in said()
    assert "They have not answered yet." in said()
    answer(of=ada, answer="in_person")
    assert "They come." in said()


def test_a_substitute_answers_and_names_nobody_else(answer, client, ada):
    page = answer(of=ada, answer="substitute", name="Ivo", email="ivo@example.org")
    assert page.status_code == 200
    assert "Somebody goes instead of me" not in page.text
    assert "Ada Bianchi, instead of Fabia" in page.text
    answer(of=ada, answer="remote")
    ada.refresh_from_db()
    assert ada.answer == "remote"
    assert not Invitation.objects.filter(email="ivo@example.org").exists()


def test_changing_ones_mind_takes_the_substitute_back_and_tells_them(answer, invitation, ada):
    answer(of=ada, answer="in_person")
    answer(answer="in_person")
    ada.refresh_from_db()
    assert (ada.withdrawn_at is not None, ada.stands_for) == (True, None)
    assert letters()[1:] == [("cancellation", "ada@example.org")]
    cancellation = Email.objects.latest("pk")
    assert cancellation.to == ["ada@example.org"]
    assert "METHOD:CANCEL" in cancellation.context["calendar"]


def test_another_substitute_takes_the_place_of_the_first(answer, invitation, ada):
    answer(answer="substitute", name="Ivo Neri", email="ivo@example.org")
    ivo = Invitation.objects.get(email="ivo@example.org")
    assert ivo.stands_for == invitation
    assert letters()[1:] == [
        ("cancellation", "ada@example.org"),
        ("invitation", "ivo@example.org"),
    ]
    answer(**ADA)  # and back again
    ada.refresh_from_db()
    assert (ada.stands_for, ada.withdrawn_at, ada.answer) == (invitation, None, "")
    assert letters()[3:] == [
        ("cancellation", "ivo@example.org"),
        ("invitation", "ada@example.org"),
    ]
    assert Invitation.objects.count() == 3


def test_naming_the_same_person_again_writes_no_second_letter(answer, ada):
    answer(**ADA, note="Parla inglese")
    assert letters() == [("invitation", "ada@example.org")]
    assert Invitation.objects.get(answer="substitute").note == "Parla inglese"


def test_somebody_with_an_account_is_that_person(answer, invitation, fabriano):
    colleague = make.delegate(city=fabriano, email="collega@example.org", language="it")
    answer(answer="substitute", name="Il collega", email="Collega@Example.org")
    deputy = invitation.meeting.invitations.get(user=colleague)
    assert (deputy.name, deputy.email, deputy.stands_for) == ("", "", invitation)
    assert letters() == [("invitation", "collega@example.org")]


@pytest.mark.parametrize("email", ["parma@example.org", "PARMA@example.org", "ugo@example.org"])
def test_nobody_is_invited_twice(answer, invitation, parma, parma_delegate, email):
    make.invitation(meeting=invitation.meeting, user=parma_delegate, city=parma)
    make.invitation(meeting=invitation.meeting, name="Ugo", email="ugo@example.org")
    page = answer(answer="substitute", name="Piero", email=email)
    assert "This person is invited already." in page.text
    assert not letters()
    with pytest.raises(TooLate):
        invitation.reply("substitute", by=None, substitute=("Piero", email))
    invitation.refresh_from_db()
    assert invitation.answer == ""


def test_nobody_goes_instead_of_themselves(answer, fabriano_delegate):
    page = answer(answer="substitute", name="Io", email=fabriano_delegate.email)
    assert "This person is invited already." in page.text


@pytest.mark.parametrize(
    "name",
    [
        "https://truffa.example",
        "Ada www.truffa.it",
        "Ada truffa.com",
        "Ada\nBianchi",
        "<b>Ada</b>",
        "{% load x %}",
        "ada@example.org",
        "bit.ly/x",
    ],
)
def test_a_name_carries_no_link_no_markup_and_no_second_line(answer, name):
    page = answer(answer="substitute", name=name, email="ada@example.org")
    field = next(each for each in Page(page.text).all("input") if each["name"] == "name")
    assert field["aria-invalid"] == "true"
    assert field["value"] == name
    assert not letters()


@pytest.mark.parametrize(
    "name",
    ["Dott.ssa M. Rossi", "Avv.to Bianchi", "Jean-Luc D’Acunto", "Zoë Ðakić", "S.E. Prof. Li"],
)
def test_names_of_people_are_names(answer, name):
    answer(answer="substitute", name=name, email="ada@example.org")
    assert Invitation.objects.get(email="ada@example.org").name == name


def test_who_named_them_is_told_when_they_cannot_come(answer, ada, fabriano_delegate):
    answer(of=ada, answer="cannot")
    notification = Notification.objects.get()
    assert (notification.user, notification.event.verb) == (fabriano_delegate, "let_down")
    with translation.override("en"):
        sentence = Event.objects.get(verb="let_down").sentence
    assert sentence.startswith("Whoever was to go instead of you cannot come: Ada Bianchi")


def test_a_substitute_taken_back_by_the_coordination_leaves_the_question_open(
    client, invitation, ada
):
    Invitation.objects.filter(pk=ada.pk).update(withdrawn_at=timezone.now())
    with translation.override("en"):
        page = client.get(answer_url(invitation).removeprefix("http://127.0.0.1:8000")).text
    assert "Whoever you named is no longer invited: please answer anew." in page


def test_once_the_meeting_has_begun_nobody_is_sent_instead(answer, invitation):
    with time_machine.travel(invitation.meeting.starts_at, tick=False):
        answer(**ADA)
    assert not letters()


def test_from_the_meetings_page_too(as_user, invitation, fabriano_delegate):
    address = reverse("meeting_reply", args=["plenaria"])
    as_user(fabriano_delegate).post(address, ADA)
    assert letters() == [("invitation", "ada@example.org")]
    assert Event.objects.get(verb="answer").actor == fabriano_delegate
