"""What looks the same each time is drawn once, and anew as soon as anything of it has changed."""

from datetime import date

import pytest
import time_machine
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from projects.models import Project
from projects.shown import cards_of
from tests import make

pytestmark = pytest.mark.django_db

CARD = "components/project_card.html"


def card_of(project):
    return render_to_string(CARD, {"project": cards_of([project.pk])[0]})


def test_a_card_shows_each_change_of_what_it_tells(fabriano):
    project = make.project(lead=fabriano, status="published", title_it="Carta", fields=["design"])
    assert "Carta" in card_of(project)
    Project.objects.filter(pk=project.pk).update(title_it="Filigrana")
    assert "Filigrana" in card_of(project)
    type(fabriano).objects.filter(pk=fabriano.pk).update(name_it="Fabriano nuova")
    assert "Fabriano nuova" in card_of(project)
    project.fields.get().delete()
    assert "field-design" not in card_of(project)


def test_a_card_shows_a_day_that_has_passed(fabriano):
    project = make.project(
        lead=fabriano,
        status="published",
        looking_for_partners=True,
        partners_until=date(2026, 5, 10),
    )
    with time_machine.travel("2026-05-10 12:00+02:00"):
        assert "tag--good" in card_of(project)
    with time_machine.travel("2026-05-11 12:00+02:00"):
        assert "tag--good" not in card_of(project)


def test_what_must_ask_while_it_is_drawn_is_drawn_each_time(fabriano):
    template = Template(
        "{% load drawn_once %}{% drawn_once project %}{{ project.lead }}{% enddrawn_once %}"
    )
    project = make.project(lead=fabriano)
    for name in ["Fabriano", "Fabriano nuova"]:
        type(fabriano).objects.filter(pk=fabriano.pk).update(name_it=name)
        told = template.render(Context({"project": Project.objects.get(pk=project.pk)}))
        assert told == name


def test_words_and_markup_are_told_apart():
    template = Template("{% load drawn_once %}{% drawn_once text %}{{ text }}{% enddrawn_once %}")
    assert template.render(Context({"text": mark_safe("<b>")})) == "<b>"
    assert template.render(Context({"text": "<b>"})) == "&lt;b&gt;"
