"""The desk asks the database as often for three of everything as for one, and at most twelve
times, whoever it is and whatever waits."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from cities.parts import Checkup
from journal.models import Event
from tests import make

pytestmark = pytest.mark.django_db

DESK = "/it/scrivania/"


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def busy_delegate(fabriano_delegate):
    return fabriano_delegate


@pytest.fixture
def newcomer(fabriano):
    return make.delegate(city=fabriano, privacy_accepted_at=timezone.now())


@pytest.fixture
def coordinating_delegate(fabriano, coordinator):
    make.delegate(city=fabriano, user=coordinator)
    return coordinator


def happen(fabriano, parma, by):
    """One of everything that waits, that is offered, and that is told."""
    today, now = timezone.localdate(), timezone.now()
    make.project(lead=fabriano, status="submitted").send_back(by=by, comment="No")
    make.project(lead=fabriano, status="submitted")
    draft = make.project(lead=fabriano)
    over = {"status": "published", "ends_on": today - timedelta(days=9)}
    ours = make.project(lead=fabriano, looking_for_partners=True, **over)
    theirs = make.project(lead=parma, status="published", looking_for_partners=True)
    make.partnership(project=theirs, city=fabriano)
    make.partnership(project=ours, city=parma, status="asking")
    answer = make.partnership(project=make.project(lead=fabriano, status="published"), city=parma)
    answer.accept(by=make.delegate(city=parma))
    make.meeting(status="draft", track="both").convene(by=by)
    called = make.meeting(mode="both", host=parma)
    for person in fabriano.people() | get_user_model().objects.coordinators():
        make.invitation(meeting=called, user=person, city=fabriano)
        absent = make.invitation(
            meeting=make.meeting(host=parma), user=person, city=fabriano, answer="substitute"
        )
        make.invitation(meeting=absent.meeting, user=make.user(), stands_for=absent)
    make.project(
        lead=parma, status="published", looking_for_partners=True, fields=["crafts-folk-art"]
    )
    Event.objects.record(draft, "update", by=make.delegate(city=fabriano))
    Event.objects.record(fabriano, "update", by=by)
    for city in (fabriano, make.city()):
        Checkup.objects.create(city=city, asked_on=today - timedelta(days=40))
    make.project(lead=make.city(), status="published")  # which nobody can edit
    make.user(invited_at=now)
    make.user(last_login=now - timedelta(days=400))


@pytest.mark.parametrize(
    "who", ["busy_delegate", "newcomer", "coordinator", "coordinating_delegate", "observer"]
)
def test_the_desk_asks_at_most_twelve_times(
    request, as_user, fabriano, parma, django_assert_max_num_queries, who
):
    client = as_user(request.getfixturevalue(who))
    second = make.coordinator()
    happen(fabriano, parma, second)
    client.get(DESK)
    happen(fabriano, parma, second)
    with django_assert_max_num_queries(12) as one:
        assert client.get(DESK).status_code == 200
    for _each in range(3):
        happen(fabriano, parma, second)
    with django_assert_max_num_queries(len(one)):
        client.get(DESK)
