"""What the desk says of meetings: the question with its buttons, then quietly the answer."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from meetings.invitations import Invitation
from tests import make

pytestmark = pytest.mark.django_db

DESK = "/en/desk/"
LINK = "https://example.org/sala"


@pytest.fixture
def meeting():
    return make.meeting(slug="plenaria", mode="both", online_link=LINK, track="both")


@pytest.fixture
def invitation(meeting, fabriano, fabriano_delegate):
    return make.invitation(meeting=meeting, user=fabriano_delegate, city=fabriano)


@pytest.fixture
def desk(as_user, fabriano_delegate):
    client = as_user(fabriano_delegate)

    def items():
        waiting = client.get(DESK).context["waiting"]
        return [each for each in waiting if each.label in ("Invitation", "Meeting")]

    items.client = client
    return items


def test_an_invitation_waits_with_its_buttons_and_its_day(desk, meeting, invitation):
    (item,) = desk()
    assert (item.label, item.what, item.due) == ("Invitation", meeting, meeting.starts_on)
    assert [answer for answer, *_rest in item.form.buttons()] == ["in_person", "remote", "cannot"]
    page = desk.client.get(DESK).text
    assert 'action="/en/meetings/plenaria/reply/?to=desk"' in page
    assert LINK not in page


def test_answered_it_is_a_quiet_line_with_the_online_link(desk, meeting, invitation):
    response = desk.client.post(
        "/en/meetings/plenaria/reply/?to=desk", {"answer": "remote", "seen": ""}
    )
    assert response.headers["Location"] == DESK
    (item,) = desk()
    assert (item.label, item.form) == ("Meeting", None)
    assert item.why.startswith("You take part online.")
    assert item.action[1] == LINK


def test_whoever_cannot_come_is_not_shown_the_link(desk, invitation):
    Invitation.objects.update(answer="cannot")
    (item,) = desk()
    assert (item.why.startswith("You cannot come."), item.action) == (True, ())


def test_once_it_has_begun_nothing_is_asked_and_the_door_is_open(desk, meeting, invitation):
    with time_machine.travel(meeting.starts_at + timedelta(minutes=5), tick=False):
        (item,) = desk()
        assert (item.form, item.action[1]) == (None, LINK)
    with time_machine.travel(meeting.ends_at + timedelta(minutes=5), tick=False):
        assert desk() == []


def test_whoever_named_a_substitute_reads_who_goes(desk, meeting, invitation):
    Invitation.objects.update(answer="substitute")
    deputy = make.invitation(meeting=meeting, name="Ada", stands_for=invitation)
    (item,) = desk()
    assert item.why.startswith("Ada goes instead of you.")
    Invitation.objects.filter(pk=deputy.pk).update(withdrawn_at=timezone.now())
    (item,) = desk()
    assert item.label == "Invitation"


def test_a_meeting_one_is_not_invited_to_has_no_online_link(desk, meeting):
    (item,) = desk()
    assert (item.label, item.what, item.action) == ("Meeting", meeting, ())


@pytest.mark.parametrize(
    "values", [{"sent_at": None}, {"withdrawn_at": timezone.now()}], ids=["unsent", "withdrawn"]
)
def test_an_invitation_not_sent_or_taken_back_asks_nothing(desk, invitation, values):
    Invitation.objects.update(**values)
    (item,) = desk()
    assert (item.label, item.form) == ("Meeting", None)
