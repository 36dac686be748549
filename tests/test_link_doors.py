"""The doors behind the links of letters: each opens to its own link, and to no other one."""

import pytest
from django.core import signing
from django.urls import get_resolver, reverse

from journal.signed_links import SALT, sign
from meetings.invitations import written_for
from tests import make
from tests.test_doors import UUID, doors

pytestmark = pytest.mark.django_db

# The doors of each purpose.
DOORS = {
    "checkup": ["city_checkup"],
    "partnership": ["partnership_answer"],
    "action": ["action_answer"],
    "meeting": [
        "meeting_answer", "meeting_answer_calendar", "meeting_answer_papers", "meeting_paper",
    ],
    "minutes": ["minutes_answer", "minutes_answer_pdf"],
}  # fmt: skip
# Those of invitations to come in have tests of their own: tests/test_invitations.py.
OWN = {"invitation_accept", "invitation_passkey"}


@pytest.fixture
def letters(fabriano, parma, fabriano_delegate, parma_delegate):
    """A link of each purpose for Fabriano's delegate, and the same about another thing."""
    meetings = [make.meeting(status="circulated"), make.meeting(status="circulated")]
    for meeting in meetings:
        make.minutes(meeting=meeting)
    invited = [
        [make.invitation(meeting=each, user=fabriano_delegate, city=fabriano) for each in two]
        for two in ([make.meeting(), make.meeting()], meetings)
    ]
    things = {
        "checkup": [fabriano.checkups.create(), parma.checkups.create()],
        "partnership": [
            make.partnership(
                project=make.project(lead=parma, status="published"), city=city
            )
            for city in (fabriano, make.city())
        ],
        "action": [make.action(meeting=meetings[0], cities=[city]) for city in (fabriano, parma)],
        "meeting": invited[0],
        "minutes": invited[1],
    }  # fmt: skip
    return {
        purpose: [link(purpose, fabriano_delegate, thing) for thing in two]
        for purpose, two in things.items()
    }


def link(purpose, person, thing):
    if purpose == "partnership":
        return sign(purpose, person, thing, thing.asked_at.isoformat())
    if purpose in ("meeting", "minutes"):
        return sign(purpose, person, thing, written_for(thing))
    return sign(purpose, person, thing)


def address_of(door, token):
    return reverse(door, args=[token, UUID] if door == "meeting_paper" else [token])


def test_every_door_of_a_link_is_here():
    found = {
        name
        for name, _address, _view in doors()
        for ways, *_rest in get_resolver().reverse_dict.getlist(name)
        for _way, keys in ways
        if "token" in keys
    }
    assert found == {door for names in DOORS.values() for door in names} | OWN


@pytest.mark.parametrize("purpose", DOORS)
def test_a_door_opens_to_its_own_link_and_to_none_that_was_changed(client, letters, purpose):
    own, others = letters[purpose]
    body, stamp, signature = own.rsplit(":", 2)
    another, _stamp, _signature = others.rsplit(":", 2)
    forged = signing.dumps([1, 1, ""], key="not ours", salt=f"{SALT}.{purpose}", compress=True)
    changed = {
        "about another thing": f"{another}:{stamp}:{signature}",
        "of another day": f"{body}:{stamp[:-1]}{'a' if stamp[-1] != 'a' else 'b'}:{signature}",
        "cut": own[:-1],
        "unsigned": f"{body}:{stamp}:",
        "signed by another key": forged,
        **{f"for {name}": two[0] for name, two in letters.items() if name != purpose},
    }
    main, *_more = DOORS[purpose]
    assert client.get(address_of(main, own)).status_code == 200
    for door in DOORS[purpose]:
        for what, token in changed.items():
            for method in (client.get, client.post):
                assert method(address_of(door, token)).status_code in (405, 410), (door, what)


@pytest.mark.parametrize("purpose", sorted(set(DOORS) - {"minutes"}))  # which guests read as well
def test_a_link_ends_with_the_account_at_every_door(client, letters, purpose, fabriano_delegate):
    fabriano_delegate.is_active = False
    fabriano_delegate.save()
    for door in DOORS[purpose]:
        assert client.get(address_of(door, letters[purpose][0])).status_code == 410, door
