"""Pages of partners and updates ask the database as often for three rows as for one."""

import pytest
from django.urls import reverse

from journal.signed_links import sign
from projects.partnering import partners_panel
from projects.updating import updates_panel
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(fabriano):
    return make.project(
        lead=fabriano, status="published", looking_for_partners=True, fields=["design"]
    )


def enrich(project):
    """One more city of each standing, and an update of each."""
    for status in ["accepted", "invited", "asking", "declined", "left"]:
        city = make.city(field="film")
        make.partnership(project=project, city=city, status=status, message="Ciao", reason="Perché")
        make.update(project=project, city=city)
    make.city(field="music")


def test_the_list_of_updates_asks_at_most_six_times(
    client, project, django_assert_max_num_queries, django_assert_num_queries
):
    address = reverse("update_list", args=[project.slug])
    enrich(project)
    client.get(address)
    with django_assert_max_num_queries(6) as one:
        client.get(address)
    enrich(project)
    enrich(project)
    with django_assert_num_queries(len(one)):
        client.get(address)


@pytest.mark.parametrize(
    ("door", "who"),
    [
        ("partnership_invite", "fabriano_delegate"),
        ("partnership_ask", "parma_delegate"),
        ("update_create", "fabriano_delegate"),
        ("update_list", "fabriano_delegate"),
    ],
)
def test_pages_for_who_works_on_it_ask_at_most_twelve_times(
    request, as_user, project, door, who, django_assert_max_num_queries, django_assert_num_queries
):
    client = as_user(request.getfixturevalue(who))
    address = reverse(door, args=[project.slug])
    enrich(project)
    client.get(address)
    with django_assert_max_num_queries(12) as one:
        assert client.get(address).status_code == 200
    enrich(project)
    enrich(project)
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_the_letters_page_asks_at_most_eight_times(
    client, project, parma, parma_delegate, django_assert_max_num_queries
):
    asked = make.partnership(project=project, city=parma)
    token = sign("partnership", parma_delegate, asked, asked.asked_at.isoformat())
    address = reverse("partnership_answer", args=[token])
    enrich(project)
    client.get(address)
    with django_assert_max_num_queries(8):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("who", ["fabriano_delegate", "parma_delegate", "coordinator"])
def test_each_panel_asks_once_for_whatever_it_shows(
    request, project, who, parma, django_assert_max_num_queries
):
    person = request.getfixturevalue(who)
    make.partnership(project=project, city=parma, status="accepted")
    for _each in range(3):
        enrich(project)
    partners_panel(project, person)  # who the person is, is known by then
    with django_assert_max_num_queries(1):
        partners_panel(project, person)
    with django_assert_max_num_queries(2):
        updates_panel(project, person)
