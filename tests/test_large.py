"""What keeps pages as fast among a hundred thousand things as among a few."""

import json
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelsearch.models import IndexEntry

from cities.models import City
from cities.page_parts import city_at_once, hosted_at_once, parts_of
from cities.search import look_up
from cities.search_index import renew
from meetings.models import Meeting
from projects.filters import ProjectFilter
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ten(fabriano):
    return [
        make.project(lead=fabriano, status="published", title_it=f"Carta {number}")
        for number in range(10)
    ]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL weighs what is there")
@pytest.mark.parametrize(
    "asked", ["", "phase=ongoing", "year=1999", "partners=on", "field=music", "year=2026&goal=11"]
)
def test_the_public_list_is_read_in_its_order_and_never_sorted(ten, rf, asked):
    make.field(slug="music")
    make.goal(number=11)
    found = ProjectFilter(rf.get(f"/?{asked}").GET, Project.objects.published().recent())
    keys = found.qs.values_list("pk", flat=True)[:12]
    assert found.is_valid()
    plan = keys.explain()
    assert "INDEX project_listed" in plan or "INDEX project_seeking" in plan
    assert "TEMP B-TREE" not in plan


def test_a_search_looks_at_the_newest_hits_and_says_that_there_are_more(ten):
    make.project(lead=ten[0].lead, status="published", title_it="Altro", summary_it="carta")
    hits = look_up([Project, City, Meeting], "carta", 4)[Project]
    assert hits.titled == [project.pk for project in ten[:-5:-1]]
    assert len(hits.anywhere) == 4
    assert not hits.are_all
    assert look_up([Project], "carta", 11)[Project].are_all


def test_old_things_with_the_words_in_their_title_are_found_among_many_newer(ten, monkeypatch):
    monkeypatch.setattr("cities.search.look_up.__defaults__", (4,))
    for number in range(6):
        make.project(lead=ten[0].lead, status="published", title_it=f"Y {number}", text_it="seta")
    make.project(lead=ten[0].lead, status="published", title_it="Z", text_it="seta")
    Project.objects.filter(pk=ten[0].pk).update(title_it="Seta")
    call_command("rebuild_modelsearch_index", verbosity=0)
    best = Project.objects.search("seta").order_by("-in_title", "-pk")
    assert [project.title for project in best] == ["Seta", "Z", "Y 5", "Y 4", "Y 3"]


def test_the_page_of_a_search_says_at_least_how_many_there_are(client, ten, monkeypatch):
    monkeypatch.setattr("network.search.LOOKED_AT", 7)
    page = client.get("/en/search/?q=carta")
    assert "At least 7 results for “carta”" in page.text
    assert "The newest of them" in page.text


def test_the_list_says_more_than_where_a_search_was_cut(client, ten, monkeypatch):
    monkeypatch.setattr("cities.search.look_up.__defaults__", (7,))
    assert "More than 7 results" in client.get("/en/projects/?q=carta").text


def test_kinds_are_looked_up_in_one_question(ten, django_assert_num_queries):
    look_up([Project, City, Meeting], "carta")
    with django_assert_num_queries(1):
        found = look_up([Project, City, Meeting], "carta")
    assert len(found[Project].anywhere) == 10
    assert found[City].anywhere == found[Meeting].anywhere == []


def test_another_backend_answers_the_same(ten, settings):
    ours = look_up([Project, City], "carta")
    settings.MODELSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
    assert look_up([Project, City], "carta") == ours
    assert ours[Project].titled == [project.pk for project in reversed(ten)]


def test_an_index_from_before_is_built_again_with_the_tables(ten):
    IndexEntry.objects.update(body="", autocomplete="carta")
    renew(using="default", sender=apps.get_app_config("cities"))
    assert len(look_up([Project], "carta")[Project].titled) == 10


def test_a_save_does_not_look_over_the_whole_index(ten):
    with CaptureQueriesContext(connection) as asked:
        ten[0].save()
    assert not [each for each in asked if "AVG" in each["sql"].upper()]


def files(client):
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return [each[0].text.removeprefix("http://testserver") for each in tree]


def test_a_large_sitemap_comes_in_parts(client, ten, monkeypatch):
    monkeypatch.setattr("network.sitemaps.A_PART", 4)
    parts = [each for each in files(client) if "part=projects-" in each]
    assert parts == [f"/sitemap.xml?part=projects-{number}" for number in range(3)]
    told = [client.get(part).text.count("<loc>") for part in parts]
    assert told == [8, 8, 4]  # in two languages


@pytest.mark.parametrize(
    "part", ["projects-1", "projects", "projects-x", "people-0", "projects--1"]
)
def test_a_part_that_is_not_there_is_not_found(client, ten, part):
    assert client.get("/sitemap.xml", {"part": part}).status_code == 404


def test_the_register_offers_the_latest_projects_and_the_one_that_is_asked_for(
    client, ten, monkeypatch
):
    monkeypatch.setattr("meetings.register_filters.MOST_TO_CHOOSE", 3)
    make.decision(meeting=make.meeting(status="closed"), projects=ten)
    page = client.get("/en/decisions/", {"project": ten[0].slug})
    offered = [slug for slug, _title in page.context["filter"].filters["project"].extra["choices"]]
    assert offered == [ten[0].slug, *(project.slug for project in ten[7:])]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL weighs what is there")
@pytest.mark.parametrize("order", ["-published_at", "title_it"])
def test_the_coordinators_list_is_never_sorted(ten, rf, coordinator, order):
    request = rf.get("/admin/projects/project/")
    request.user = coordinator
    table = admin.site.get_model_admin(Project)
    listed = table.get_changelist_instance(request).get_queryset(request).order_by(order, "-pk")
    assert not listed.query.select_related
    assert "TEMP B-TREE" not in listed[:50].explain()


def test_the_page_of_a_city_fetches_only_the_cities_that_it_names(ten, fabriano, parma):
    visitor, first = AnonymousUser(), ten[0]
    make.field(slug="music")
    make.partnership(project=first, city=parma, status="accepted")
    led = {
        "projects": json.dumps([project.pk for project in ten]),
        "leads": json.dumps([fabriano.pk]),
    }
    seen = []
    for many in (0, 40):
        for number in range(many):
            other = make.city(name=f"Gubbio {number:02}")
            make.project(lead=other, status="published", partners=[make.city(member=False)])
        found = city_at_once(visitor, slug="fabriano")
        found |= hosted_at_once(visitor, city=fabriano.pk, **led)
        assert {city.name for city in found["companions"]} == {"Fabriano", "Parma"}
        seen.append({name: len(rows) for name, rows in found.items()})
    assert seen[0] == seen[1]
    parts = parts_of("fabriano", visitor)
    assert parts["companions"] == [(parma, [first])]
    assert parts["companions"][0][0].field == parma.field
    assert (parts["previous"], parts["following"].name) == (None, "Gubbio 00")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL weighs what is there")
def test_what_was_decided_about_a_city_is_not_looked_for_in_all_meetings(fabriano):
    asked = city_at_once.__wrapped__(AnonymousUser(), slug="fabriano")
    for name in ("givers", "decisions", "actions"):
        plan = asked[name].explain()
        assert "SEARCH meetings_meeting USING INTEGER PRIMARY KEY" in plan
        assert "meeting_id=?" not in plan
