"""A project whose end has passed asks its lead city, once, what came of it."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from journal.models import Event, Notification
from projects.duties import ask_for_results
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2027-05-01 09:00+02:00", tick=False) as traveller:
        yield traveller


def test_the_day_after_its_end_the_lead_is_asked_once(
    clock, fabriano, parma, fabriano_delegate, parma_delegate, coordinator
):
    project = make.project(
        lead=fabriano, partners=[parma], status="published", title_it="Carta",
        ends_on=date(2027, 5, 1),
    )  # fmt: skip
    assert ask_for_results() == 0
    clock.move_to("2027-05-02 09:00+02:00")
    assert ask_for_results() == 1
    assert ask_for_results() == 0
    told = Notification.objects.get()
    assert (told.user, told.event.target, told.at_once) == (fabriano_delegate, project, False)
    assert told.event.verb == "ask_for_results"
    assert told.event.actor is None
    letter = told.event.url_for(fabriano_delegate)
    assert letter == reverse("project_step", args=[project.slug, "results"])


def test_whoever_has_told_results_is_not_asked(fabriano, fabriano_delegate):
    over = {"lead": fabriano, "ends_on": date(2027, 4, 20)}
    make.project(status="draft", **over)
    make.project(status="archived", **over)
    told = make.project(status="published", **over)
    told.results.create(name_it="Visite", value=12)
    assert ask_for_results() == 0


def test_what_ended_long_ago_is_left_in_peace(fabriano, fabriano_delegate):
    make.project(lead=fabriano, status="published", ends_on=date(2024, 4, 20))
    assert ask_for_results() == 0
    assert not Event.objects.exists()
