"""The admin asks the database the same number of questions for one row and for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(as_user, coordinator, settings):
    """How many questions the database gets for this page of the admin."""
    settings.COORDINATORS_NEED_MFA = False
    client = as_user(coordinator)

    def ask(address):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return ask


def one_more_of_each(fabriano_delegate):
    """One more of everything that the start page and the lists show."""
    city, other = make.city(), make.city()
    project = make.project(lead=city)
    delegate = make.delegate(city=city)
    project.submit(by=delegate)
    make.partnership(project=project, city=other).accept(by=make.delegate(city=other))
    make.user(invited_at=timezone.now())
    meeting = make.meeting(host=city)
    make.agenda_item(meeting=meeting)
    make.document(owner=meeting)
    make.document(owner=project)
    make.meeting(host=city, status="draft")


def test_the_start_page(asked, fabriano_delegate):
    one_more_of_each(fabriano_delegate)
    one = asked("/admin/")
    for _each in range(2):
        one_more_of_each(fabriano_delegate)
    assert asked("/admin/") == one <= 20


@pytest.mark.parametrize("name", ["meetings/meeting", "documents/document", "journal/event"])
def test_a_list(asked, fabriano_delegate, name):
    one_more_of_each(fabriano_delegate)
    one = asked(f"/admin/{name}/")
    for _each in range(2):
        one_more_of_each(fabriano_delegate)
    assert asked(f"/admin/{name}/") == one <= 20


def test_the_page_of_a_meeting(asked):
    meeting = make.meeting(host=make.city(), status="draft")
    address = f"/admin/meetings/meeting/{meeting.pk}/change/"

    def grow():
        make.agenda_item(meeting=meeting)
        make.document(owner=meeting)
        make.decision(
            meeting=meeting,
            mandates=[make.mandate(city=meeting.host)],
            projects=[make.project(lead=meeting.host)],
        )

    grow()
    one = asked(address)
    grow()
    grow()
    # The choices of each decision's mandates and projects are asked for by decision.
    assert asked(address) <= one + 2 * 4
