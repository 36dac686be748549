"""The eight fields, their cities and what they share."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def test_every_field_is_listed_with_its_cities_and_the_uncovered_ones_as_open(
    client, fabriano, parma
):
    make.field(slug="architecture", order=8)

    page = client.get("/en/clusters/")

    cities = {field.slug: members for field, members in page.context["clusters"]}
    assert cities == {"crafts-folk-art": [fabriano], "gastronomy": [parma], "architecture": []}
    assert page.context["covered"] == 2
    assert page.text.count("No Italian city yet") == 1
    assert 'href="/en/network/#join"' in page.text


def test_a_candidate_belongs_to_no_cluster(client, as_user, fabriano_delegate):
    make.city(name="Montelume", member=False)
    page = as_user(fabriano_delegate).get("/en/clusters/")
    assert "Montelume" not in page.text


def test_a_cluster_shows_its_own_projects_and_those_across_fields_apart(client, parma, fabriano):
    own = make.project(lead=parma, status="published", fields=["gastronomy"])
    across = make.project(
        lead=fabriano, status="published", fields=["crafts-folk-art", "gastronomy"]
    )
    make.project(lead=fabriano, status="published", fields=["crafts-folk-art"])
    make.project(lead=parma, status="draft", fields=["gastronomy"])

    page = client.get("/en/clusters/gastronomy/")

    assert page.context["cities"] == [parma]
    assert list(page.context["projects"]) == [own]
    assert list(page.context["crossing"]) == [across]
    assert "/en/projects/?field=gastronomy" in page.text


def test_a_project_without_fields_does_not_hide_the_others(client, parma):
    make.project(lead=parma, status="published")
    own = make.project(lead=parma, status="published", fields=["gastronomy"])
    assert list(client.get("/en/clusters/gastronomy/").context["projects"]) == [own]


def test_an_open_field_invites_candidates(client):
    make.field(slug="architecture")
    page = client.get("/en/clusters/architecture/").text
    assert "No Italian city yet" in page
    assert 'href="/en/network/#join"' in page


def test_a_field_that_does_not_exist_is_not_found(client, db):
    assert client.get("/en/clusters/dance/").status_code == 404
