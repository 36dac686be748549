"""The desk of whoever is new, is no delegate, or coordinates."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cities.parts import Checkup
from journal.models import Event
from tests import make
from tests.markup import Page

pytestmark = pytest.mark.django_db

DESK = "/en/desk/"


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


def labels(response):
    """What waits, as (kind, thing), in the order in which the desk tells it; without the hint
    that a city's page is not complete, which our cities never are."""
    waiting = response.context["waiting"]
    return [(each.label, each.what) for each in waiting if each.label != "The city’s page"]


def item(response, label):
    (found,) = [each for each in response.context["waiting"] if each.label == label]
    return found


# New people, and those who are no delegates


def test_a_new_delegate_is_shown_three_first_steps(as_user, fabriano):
    newcomer = make.delegate(city=fabriano, privacy_accepted_at=timezone.now())
    page = as_user(newcomer).get(DESK).text
    steps = page.partition('id="first-steps"')[2].partition("</section>")[0]
    assert Page(steps).links() == [
        "/en/profile/",
        "/en/cities/fabriano/edit/",
        "/en/projects/new/",
    ]


def test_a_new_delegate_who_is_invited_answers_first(as_user, fabriano, parma):
    newcomer = make.delegate(city=fabriano, privacy_accepted_at=timezone.now())
    make.partnership(project=make.project(lead=parma), city=fabriano)
    steps = as_user(newcomer).get(DESK).context["steps"]
    assert steps[-1][0] == "Answer an invitation"


def test_a_step_that_is_done_is_ticked_and_after_a_month_they_are_gone(as_user, fabriano):
    newcomer = make.delegate(city=fabriano, privacy_accepted_at=timezone.now())
    make.project(lead=fabriano, created_by=newcomer)
    Event.objects.record(fabriano, "update", by=newcomer)
    done = [step[-1] for step in as_user(newcomer).get(DESK).context["steps"]]
    assert done == [False, True, True]
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert as_user(newcomer).get(DESK).context["steps"] == []


def test_who_has_been_here_for_long_is_shown_no_first_steps(as_user, fabriano_delegate):
    assert as_user(fabriano_delegate).get(DESK).context["steps"] == []


def test_a_delegate_of_a_candidate_city_sees_the_way_in_but_begins_no_project(as_user):
    napoli = make.city(name="Napoli", slug="napoli", member=False)
    make.meeting(is_public=False)
    open_to_all = make.meeting(online_link="https://example.org/sala")
    response = as_user(make.delegate(city=napoli)).get(DESK)
    assert "/en/network/#" in response.text
    assert "/en/projects/new/" not in Page(response.text).links()
    assert labels(response) == [("Meeting", open_to_all)]
    assert "https://example.org/sala" not in response.text


def test_an_observer_reads_meetings_and_the_latest_projects(as_user, fabriano, observer):
    public = make.project(lead=fabriano, status="published")
    make.project(lead=fabriano, status="submitted")
    meeting = make.meeting(track="political", online_link="https://example.org/sala")
    response = as_user(observer).get(DESK)
    assert response.context["latest"] == [public]
    assert labels(response) == [("Meeting", meeting)]
    assert "https://example.org/sala" not in response.text
    make.invitation(meeting=meeting, user=observer, role="observer", answer="remote")
    assert "https://example.org/sala" in as_user(observer).get(DESK).text
    links = Page(response.text).links()
    assert "/admin/" not in links
    assert "/en/projects/new/" not in links


def test_someone_without_city_and_role_is_told_so(as_user, db):
    response = as_user(make.user()).get(DESK)
    assert "You act for no city today." in response.text
    assert labels(response) == []


# What waits for the coordinators


def test_a_coordinator_finds_what_the_network_waits_for(
    as_user, fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted")
    make.project(lead=fabriano)
    make.user(first_name="Ivo", last_name="Neri", invited_at=timezone.now())
    response = as_user(coordinator).get(DESK)
    assert labels(response) == [("People", "Invited, not yet in"), ("To review", project)]
    assert item(response, "People").why == "Ivo Neri"
    assert "/admin/" in Page(response.text).links()


def test_projects_of_my_fields_come_before_those_of_others(as_user, fabriano, coordinator):
    other = make.project(lead=fabriano, status="submitted", fields=["film"])
    mine = make.project(lead=fabriano, status="submitted", fields=["music"])
    mine.fields.get().responsible.add(coordinator)
    assert labels(as_user(coordinator).get(DESK)) == [
        ("To review: your field", mine),
        ("To review", other),
    ]


def test_a_public_project_that_nobody_can_edit_is_flagged(as_user, fabriano, parma, coordinator):
    make.delegate(city=parma)
    make.project(lead=parma, status="published")
    orphan = make.project(lead=fabriano, status="published")
    assert labels(as_user(coordinator).get(DESK)) == [("Without editor", orphan)]


def test_cities_that_have_not_answered_for_a_month_are_named(as_user, fabriano, parma, coordinator):
    today = timezone.localdate()
    Checkup.objects.create(city=fabriano, asked_on=today - timedelta(days=31))
    Checkup.objects.create(city=parma, asked_on=today - timedelta(days=3))
    assert item(as_user(coordinator).get(DESK), "Check-up").why == "Fabriano"


def test_people_who_have_not_come_for_a_year_are_named(as_user, coordinator):
    long_ago = timezone.now() - timedelta(days=366)
    make.user(first_name="Ada", last_name="Blu", last_login=long_ago)
    assert item(as_user(coordinator).get(DESK), "People").why == "Ada Blu"
