"""The card as data: every column of it, what changed, and taking a change back."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from cities.card_values import changes_between, label_of, restore, said, values_of
from cities.cards import columns, names_of
from journal.models import Event
from projects.models import Project
from projects.parts import ExternalPartner, Result
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(fabriano):
    made = make.project(
        lead=fabriano,
        status="published",
        fields=["music"],
        budget=Decimal("1200.50"),
        starts_on=date(2026, 1, 1),
    )
    ExternalPartner.objects.create(project=made, name="Lione", kind="creative_city", country="FR")
    Result.objects.create(
        project=made, name_it="Visite", value=12, unit_it="persone", measured_on=date(2026, 3, 1)
    )
    return Project.objects.get(pk=made.pk)


def edited(project, **values):
    """The project after an edit, and what it changed."""
    before = values_of(project)
    for name, value in values.items():
        setattr(project, name, value)
    project.save()
    return changes_between(before, values_of(Project.objects.get(pk=project.pk)))


def test_every_column_of_the_card_is_there_and_can_be_kept_as_json(project):
    values = values_of(project)
    asked = [name for name in names_of(Project) if name != "partners"]
    assert set(columns(Project, asked)) == set(values)
    assert json.loads(json.dumps(values)) == values


def test_what_did_not_change_is_no_change(project):
    assert changes_between(values_of(project), values_of(project)) == {}


def test_a_missing_text_and_an_empty_one_tell_the_same(project):
    project.objectives_it = None
    before = values_of(project)
    project.objectives_it = ""
    assert changes_between(before, values_of(project)) == {}


def test_values_are_said_as_readers_know_them(project):
    values = values_of(project)
    with translation.override("en"):
        assert said(Project, "starts_on", values["starts_on"]) == "1 January 2026"
        assert said(Project, "budget", values["budget"]) == "1,200.50"
        assert said(Project, "budget", "1200.00") == "1,200"
        assert said(Project, "fields", values["fields"]) == "Music"
        assert said(Project, "external_partners", values["external_partners"]) == (
            "Lione, Creative City abroad, France"
        )
        assert said(Project, "results", values["results"]) == "Visite, 12, persone, 1 March 2026"
        assert said(Project, "budget_is_public", False) == "show the budget to the public: no"
        assert said(Project, "title_en", "") == ""
        assert label_of(Project, "external_partners") == "Partners outside the network"
        assert label_of(Project, "title_en") == "Title, in English"
        assert label_of(Project, "scope") == "Scope"


def test_a_change_of_text_relation_and_rows_is_taken_back(project, fabriano_delegate):
    before = values_of(project)
    project.title_it = "Altro"
    project.save()
    project.fields.set([make.field(slug="film")])
    project.results.all().delete()
    changes = changes_between(before, values_of(Project.objects.get(pk=project.pk)))
    assert set(changes) == {"title_it", "fields", "results"}
    assert restore(project, changes, by=fabriano_delegate) == []
    assert values_of(Project.objects.get(pk=project.pk)) == before


def test_what_was_changed_again_since_stays(project, fabriano_delegate):
    changes = edited(project, title_it="Altro", scope="local")
    edited(project, title_it="Ancora altro")
    assert restore(project, changes, by=fabriano_delegate) == ["title_it"]
    project = Project.objects.get(pk=project.pk)
    assert (project.title_it, project.scope) == ("Ancora altro", "")


def test_a_restore_is_recorded_with_what_it_changed(project, coordinator, fabriano_delegate):
    changes = edited(project, scope="local")
    restore(project, changes, by=coordinator)
    event = Event.objects.about(project).get(verb="restore")
    assert event.actor == coordinator
    assert event.details == {"changes": {"scope": ["local", ""]}}
    assert [each.user for each in event.notifications.all()] == [fabriano_delegate]


def test_nothing_to_bring_back_leaves_no_trace(project, coordinator):
    changes = edited(project, scope="local")
    edited(project, scope="national")
    assert restore(project, changes, by=coordinator) == ["scope"]
    assert not Event.objects.about(project).filter(verb="restore").exists()
