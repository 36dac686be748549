"""Each step of the card asks the database as often for three rows as for one."""

import pytest

from projects.models import Project
from tests import make
from tests.filling import NEW, step

pytestmark = pytest.mark.django_db


def enrich(project, city):
    """One more of everything that the form shows."""
    project.links.create(url="https://example.org/")
    project.results.create(name_it="Visitatori", value=5)
    project.fundings.create(programme="Creative Europe")
    project.external_partners.create(name="Limoges", kind="creative_city", country="FR")
    project.images.create(picture=make.picture_upload(), picture_alt_it="Un foglio")
    make.document(owner=project)
    make.partnership(project=project, city=make.city(), status="accepted")
    make.office(city=city)
    make.line()
    make.field(slug=f"field-{project.links.count()}")


@pytest.mark.parametrize("key", [section.key for section in Project.CARD])
def test_a_step_asks_at_most_twelve_times(
    as_user, fabriano, fabriano_delegate, django_assert_max_num_queries,
    django_assert_num_queries, key,
):  # fmt: skip
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    enrich(project, fabriano)
    client.get(step(project, key))
    with django_assert_max_num_queries(12) as one:
        client.get(step(project, key))
    enrich(project, fabriano)
    enrich(project, fabriano)
    with django_assert_num_queries(len(one)):
        client.get(step(project, key))


def test_the_quick_form_asks_at_most_twelve_times(
    as_user, fabriano, fabriano_delegate, django_assert_max_num_queries
):
    client = as_user(fabriano_delegate)
    client.get(NEW)
    with django_assert_max_num_queries(12):
        client.get(NEW)
