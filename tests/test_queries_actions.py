"""However many decisions and actions there are, the questions are the same."""

import pytest

from journal.models import Event
from meetings.models import Vote
from tests import make
from tests.test_queries_meetings import asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


def fill(meeting, decision=None):
    """A decision with one of everything, and two actions; or more of everything on one."""
    city = make.city()
    decision = decision or make.decision(meeting=meeting, item=make.agenda_item(meeting=meeting))
    decision.cities.add(city)
    decision.mandates.add(make.mandate(city=city))
    decision.projects.add(make.project(lead=city, status="published"))
    Vote.objects.create(decision=decision, city=city, choice="for")
    for public in (True, False):
        action = make.action(
            meeting=meeting, cities=[city, make.city()], decision=decision, is_public=public,
            line=make.line(), project=make.project(lead=city, status="published"),
        )  # fmt: skip
        Event.objects.record(action, "note", by=None, comment="So far")
    return decision


PEOPLE = [("visitor", 6), ("fabriano_delegate", 12), ("coordinator", 12)]


@pytest.mark.parametrize("address", ["/en/decisions/", "/en/actions/"])
@pytest.mark.parametrize(("who", "most"), PEOPLE)
def test_the_registers(client, request, address, who, most):
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))
    meeting = make.meeting(status="closed")
    fill(meeting)
    one = asked(client, address)
    for _each in range(2):
        fill(make.meeting(status="closed"))
    assert asked(client, address) == one <= most


@pytest.mark.parametrize(("who", "most"), [("visitor", 8), *PEOPLE[1:]])
def test_one_decision(client, request, who, most):
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))
    meeting = make.meeting(status="closed")
    decision = fill(meeting)
    address = f"/en/decisions/{decision.pk}/"
    one = asked(client, address)
    for _each in range(2):
        fill(meeting, decision)
    assert asked(client, address) == one <= most


@pytest.mark.parametrize(("who", "most"), [("visitor", 8), *PEOPLE[1:]])
def test_one_action(client, request, who, most):
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))
    meeting = make.meeting(status="closed")
    action = fill(meeting).actions.filter(is_public=True).first()
    address = f"/en/actions/{action.pk}/"
    one = asked(client, address)
    for _each in range(2):
        action.cities.add(make.city())
        Event.objects.record(action, "note", by=None, comment="More")
    assert asked(client, address) == one <= most


def test_the_letters_link(client, fabriano, fabriano_delegate):
    action = make.action(meeting=make.meeting(status="closed"), cities=[fabriano])
    address = action.mail_url(fabriano_delegate)
    one = asked(client, address)
    for _each in range(2):
        action.cities.add(make.city())
        Event.objects.record(action, "note", by=None, comment="More")
    assert asked(client, address) == one <= 8


@pytest.mark.parametrize("who", ["visitor", "fabriano_delegate"])
def test_the_page_of_a_city(client, request, fabriano, who):
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))
    meeting = make.meeting(status="closed")

    def more():
        make.decision(meeting=meeting).cities.add(fabriano)
        make.action(meeting=meeting, cities=[fabriano], is_public=True)

    more()
    one = asked(client, "/en/cities/fabriano/")
    more()
    more()
    assert asked(client, "/en/cities/fabriano/") == one <= 12


def test_the_file_of_decisions(client):
    fill(make.meeting(status="closed"))
    one = asked(client, "/en/decisions/export.json")
    for _each in range(2):
        fill(make.meeting(status="closed"))
    assert asked(client, "/en/decisions/export.json") == one <= 6
