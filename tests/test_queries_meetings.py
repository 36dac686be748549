"""However many meetings, items, documents and decisions there are, the questions are the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make

pytestmark = pytest.mark.django_db


def asked(client, address):
    """How many questions the database gets for this page; the first visit warms what is kept."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def fill(meeting):
    """What a full page shows once more of."""
    city = make.city()
    make.agenda_item(meeting=meeting)
    make.document(owner=meeting)
    make.decision(
        meeting=meeting,
        mandates=[make.mandate(city=city)],
        projects=[make.project(lead=city, status="published")],
    )


@pytest.mark.parametrize(("who", "most"), [("visitor", 6), ("fabriano_delegate", 12)])
def test_the_list(client, request, who, most):
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))
    make.meeting(host=make.city())
    make.meeting(host=make.city(), status="held")
    one = asked(client, "/it/incontri/")
    for _each in range(2):
        make.meeting(host=make.city())
        make.meeting(host=make.city(), status="held")
    assert asked(client, "/it/incontri/") == one <= most


@pytest.mark.parametrize(("who", "most"), [("visitor", 8), ("fabriano_delegate", 12)])
def test_the_page(client, request, who, most):
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))
    meeting = make.meeting(host=make.city())
    fill(meeting)
    one = asked(client, meeting.get_absolute_url())
    for _each in range(2):
        fill(meeting)
    assert asked(client, meeting.get_absolute_url()) == one <= most


def test_the_calendar(client):
    meeting = make.meeting(host=make.city())
    fill(meeting)
    address = f"/it/incontri/{meeting.slug}/calendario.ics"
    one = asked(client, address)
    fill(meeting)
    assert asked(client, address) == one <= 2


def test_the_door_of_documents(client):
    document = make.document(owner=make.meeting())
    assert asked(client, document.get_absolute_url()) <= 1
