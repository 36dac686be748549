"""However many meetings, items, documents and decisions there are, the questions are the same."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.models import MeetingPhoto
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
    project = make.project(lead=city, status="published")
    make.document(owner=make.agenda_item(meeting=meeting, city=city, project=project))
    make.document(owner=meeting)
    decision = make.decision(
        meeting=meeting, mandates=[make.mandate(city=city)], projects=[project]
    )
    decision.votes.create(city=city, choice="for")
    make.action(meeting=meeting, cities=[city], decision=decision)
    photo = MeetingPhoto(meeting=meeting)
    photo.picture.save("a.jpg", make.picture_upload(), save=False)
    photo.save()
    make.invitation(meeting=meeting, user=make.delegate(city=city), attendance="present")


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


@pytest.mark.parametrize("status", ["convened", "closed"])
@pytest.mark.parametrize(("who", "most"), [("visitor", 8), ("fabriano_delegate", 12)])
def test_the_page(client, request, who, most, status):
    meeting = make.meeting(host=make.city(), status=status, proposals_until=date(2099, 1, 1))
    make.minutes(meeting=meeting, summary_it="<p>In breve.</p>", summary_is_public=True)
    if who != "visitor":
        person = request.getfixturevalue(who)
        client.force_login(person)
        make.invitation(meeting=meeting, user=person, city=person.delegates.get().city)
    fill(meeting)
    one = asked(client, meeting.get_absolute_url())
    for _each in range(2):
        fill(meeting)
    assert asked(client, meeting.get_absolute_url()) == one <= most


@pytest.mark.parametrize(("who", "most"), [("visitor", 6), ("fabriano_delegate", 9)])
def test_the_years(client, request, who, most):
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))
    address = reverse("meeting_years")
    fill(make.meeting(status="closed"))
    one = asked(client, address)
    for _each in range(2):
        fill(make.meeting(status="closed", host=make.city()))
    assert asked(client, address) == one <= most


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
