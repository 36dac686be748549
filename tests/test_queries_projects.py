"""Pages of projects ask the database as often for three rows as for one."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.models import ActionArea
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def every_page_is_built(settings):
    pages = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    settings.CACHES = {**settings.CACHES, "pages": pages}


def rich_project(lead, partner, **values):
    """A public project with one of everything that its page shows."""
    project = make.project(
        lead=lead,
        status="published",
        partners=[partner],
        fields=["design", "film"],
        lines=[make.line()],
        goals=[make.goal()],
        starts_on=date(2026, 1, 1),
        **values,
    )
    add_rows(project, partner)
    return project


def add_rows(project, city):
    """One of everything of which a project has several."""
    make.decision(meeting=make.meeting(host=city), projects=[project])
    make.news_item().projects.add(project)
    make.document(owner=project)
    project.areas.add(ActionArea.objects.get_or_create(number=project.areas.count() + 1)[0])
    project.links.create(url="https://example.org/")
    project.external_partners.create(name="Krakow", kind="creative_city", country="PL")
    project.fundings.create(programme="Creative Europe", is_public=True)
    project.results.create(name="Concerti", value=12, unit="eventi")
    project.images.create(picture=make.picture_upload())
    project.updates.create(city=city, text_it="Si prova")


def enrich(project):
    """Two more of everything on the project's page."""
    for number in [12, 13]:
        make.partnership(project=project, city=make.city(), status="accepted")
        project.lines.add(make.line())
        project.goals.add(make.goal(number=number))
        project.fields.add(make.field(slug=["music", "literature"][number - 12]))
        add_rows(project, make.city())
        rich_project(project.lead, make.city())


@pytest.mark.parametrize("query", ["", "?city=parma&field=design&year=2026", "?page=1"])
def test_the_list_asks_at_most_five_times(
    client, fabriano, parma, django_assert_max_num_queries, django_assert_num_queries, query
):
    rich_project(fabriano, parma)
    client.get("/it/progetti/")
    with django_assert_max_num_queries(5) as one:
        client.get(f"/it/progetti/{query}")
    often = len(one)
    rich_project(fabriano, parma)
    rich_project(parma, fabriano)
    client.get("/it/progetti/")  # what there is to choose from is asked once after a change
    with django_assert_num_queries(often):
        client.get(f"/it/progetti/{query}")


@pytest.mark.usefixtures("every_page_is_built")
def test_a_list_is_counted_once_for_all_its_pages_until_something_changes(client, fabriano):
    def ask(page):
        with CaptureQueriesContext(connection) as questions:
            answer = client.get(f"/it/progetti/?field=design&page={page}")
        counted = [each for each in questions if "COUNT(" in each["sql"]]
        return answer.context["page"].paginator.count, len(counted)

    projects = [
        make.project(lead=fabriano, fields=["design"], status="published") for _each in range(14)
    ]
    assert [ask(1), ask(2), ask(1)] == [(14, 1), (14, 0), (14, 0)]
    make.project(lead=fabriano, fields=["design"], status="published")
    assert ask(2) == (15, 1)
    projects[0].fields.clear()
    assert ask(2) == (14, 1)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert ask(2) == (14, 1)


@pytest.mark.usefixtures("every_page_is_built")
def test_each_list_has_a_count_of_its_own(client, fabriano, parma):
    make.project(lead=fabriano, fields=["design"], status="published", starts_on=date(2026, 1, 1))
    make.project(lead=parma, fields=["design"], status="published")
    make.project(lead=parma, fields=["film"], status="draft")
    found = {
        "": 2,
        "?field=design": 2,
        "?field=film": 0,
        "?field=film&city=nowhere": 0,
        "?city=nowhere": 2,
        "?city=fabriano": 1,
        "?city=parma&field=design": 1,
        "?q=nothing": 0,
        "?year=2026": 1,
    }
    for _again in range(2):
        told = {each: client.get(f"/it/progetti/{each}").context["page"] for each in found}
        assert {each: page.paginator.count for each, page in told.items()} == found


def test_the_page_asks_at_most_eight_times(
    client, fabriano, parma, django_assert_max_num_queries, django_assert_num_queries
):
    project = rich_project(fabriano, parma)
    rich_project(fabriano, parma)
    address = f"/it/progetti/{project.slug}/"
    client.get(address)
    with django_assert_max_num_queries(8) as one:
        client.get(address)
    enrich(project)
    with django_assert_num_queries(len(one)):
        client.get(address)


@pytest.mark.parametrize("who", ["fabriano_delegate", "parma_delegate", "coordinator", "observer"])
def test_the_page_asks_people_who_are_logged_in_at_most_twelve_times(
    request, as_user, fabriano, parma, django_assert_max_num_queries, who
):
    project = rich_project(fabriano, parma)
    client = as_user(request.getfixturevalue(who))
    address = f"/it/progetti/{project.slug}/"
    client.get(address)
    enrich(project)
    with django_assert_max_num_queries(12):
        client.get(address)


def test_the_form_asks_as_often_whatever_there_is_to_choose(
    as_user, fabriano, fabriano_delegate, django_assert_max_num_queries
):
    make.line()
    client = as_user(fabriano_delegate)
    client.get("/it/progetti/nuovo/")
    with django_assert_max_num_queries(14) as one:
        client.get("/it/progetti/nuovo/")
    for number in [1, 2, 3]:
        make.city(field="film")
        make.line()
        make.goal(number=number)
    with django_assert_max_num_queries(len(one)):
        client.get("/it/progetti/nuovo/")
