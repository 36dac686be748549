"""The first page: what the network is, at a glance."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db


def test_the_figures_are_computed_from_what_the_public_sees(client, fabriano, parma):
    make.field(slug="architecture")
    make.city(name="Montelume", member=False)
    make.project(lead=fabriano, status="published")
    make.project(lead=fabriano, status="published", partners=[parma])
    make.project(lead=fabriano, status="draft", partners=[parma])
    asked = make.project(lead=parma, status="archived")
    make.partnership(project=asked, city=fabriano)

    page = client.get("/en/")

    assert page.context["figures"] == {"cities": 2, "fields": "2/3", "projects": 3, "joint": 1}
    assert [field.slug for field in page.context["open_fields"]] == ["architecture"]


def test_every_city_has_a_tile_and_a_place_on_the_map(client, fabriano, parma):
    page = client.get("/en/")
    assert page.context["cities"] == [fabriano, parma]
    assert [place.city for place in page.context["map"].places] == [fabriano, parma]
    assert "2 cities, one creative network" in page.text


def test_who_leads_now_is_the_city_whose_term_runs(client, fabriano, parma):
    make.mandate(city=fabriano, starts_on=date(2020, 1, 1), ends_on=date(2024, 12, 31))
    make.mandate(city=parma, starts_on=date(2025, 1, 1), ends_on=None)
    make.mandate(city=fabriano, role="support", starts_on=date(2025, 1, 1), ends_on=None)

    page = client.get("/en/")

    assert page.context["lead"].city == parma
    assert "supported by Fabriano" in page.text


def test_without_a_term_in_force_nobody_is_said_to_lead(client, fabriano):
    assert "Who leads now" not in client.get("/en/").text.split("<footer")[0]


def test_only_what_is_public_is_shown(client, fabriano):
    published = make.project(lead=fabriano, status="published")
    make.project(lead=fabriano, status="submitted")
    tomorrow = timezone.localdate() + timedelta(days=1)
    item = make.news_item()
    make.news_item(published_on=tomorrow)
    make.news_item(is_published=False)
    coming = make.meeting()
    make.meeting(is_public=False)
    make.meeting(status="draft")
    make.meeting(status="held", starts_at=timezone.now() - timedelta(days=9))

    context = client.get("/en/").context

    assert list(context["projects"]) == [published]
    assert list(context["news"]) == [item]
    assert list(context["meetings"]) == [coming]


def test_an_empty_network_still_has_a_first_page(client, db):
    assert client.get("/en/").status_code == 200


def test_visitors_get_no_cookie(client, fabriano):
    assert client.get("/en/").cookies == {}
