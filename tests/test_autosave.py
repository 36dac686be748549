"""A draft saves itself while people type: what is right at once, the rest when it is mended."""

import pytest

from journal.models import Event
from projects.models import Project
from tests import make
from tests.filling import NEW, complete, only_project, step, typed

pytestmark = pytest.mark.django_db


def by_itself(client, address, opened, **values):
    """What the page sends while a person types; its answer, and the form as it goes on."""
    answer = client.post(address, typed(opened, **values) | {"autosave": "yes"})
    return answer.json()


def test_a_title_begins_the_draft_and_the_same_form_goes_on_with_it(
    as_user, fabriano, fabriano_delegate
):
    client = as_user(fabriano_delegate)
    opened = client.get(NEW)
    first = by_itself(client, NEW, opened, title_it="Carta")
    project = only_project()
    assert first == {
        "saved": True,
        "errors": [],
        "starts": {
            "initial-title_it": ["Carta"],
            "version": [str(project.history.latest().history_id)],
        },
        "address": step(project),
        "card": f"{fabriano_delegate.pk}:project-{project.pk}-essentials",
    }
    by_itself(client, NEW, opened, title_it="Carta viva", summary_it="Fogli")
    client.post(NEW, typed(opened, title_it="Carta viva", summary_it="Fogli e colla"))
    project = only_project()
    assert (project.title_it, project.summary_it) == ("Carta viva", "Fogli e colla")
    assert [event.verb for event in Event.objects.all()] == ["create"]


def test_without_a_title_nothing_is_begun(as_user, fabriano_delegate):
    client = as_user(fabriano_delegate)
    answer = by_itself(client, NEW, client.get(NEW), summary_it="Fogli")
    assert answer["saved"] is False
    assert answer["errors"] == ["Title, in Italian: This field is required."]
    assert not Project.objects.exists()


def test_a_picture_is_kept_although_something_else_is_wrong(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    answer = by_itself(
        client, step(project), client.get(step(project)), picture=make.picture_upload(),
        starts_on="2027-02-30",
    )  # fmt: skip
    assert [error.partition(":")[0] for error in answer["errors"]] == ["From"]
    assert answer["starts"]["initial-picture"] == [only_project().picture.name]


def test_what_is_right_is_saved_and_what_is_wrong_is_said(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    answer = by_itself(
        client, step(project), client.get(step(project)), title_it="", title_en="Paper",
        starts_on="2027-02-30",
    )  # fmt: skip
    assert answer["saved"]
    assert [error.partition(":")[0] for error in answer["errors"]] == ["Title, in Italian", "From"]
    assert (only_project().title_en, only_project().title_it) == ("Paper", project.title_it)


def test_an_autosave_leaves_one_record_with_its_person(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    opened = client.get(step(project, "story"))
    for words in ["<p>C</p>", "<p>Car</p>", "<p>Carta</p>"]:
        by_itself(client, step(project, "story"), opened, text_it=words)
    records = only_project().history.order_by("history_id")
    assert [(r.history_type, r.history_user, r.text_it) for r in records] == [
        ("+", None, None),
        ("~", fabriano_delegate, "<p>Carta</p>"),
    ]
    assert [event.verb for event in Event.objects.all()] == ["update"]
    client.post(step(project, "story"), typed(opened, text_it="<p>Carta!</p>"))
    assert only_project().history.count() == 2
    client.post(step(project, "story"), typed(opened, text_it="<p>Carta!!</p>"))
    assert only_project().history.count() == 3


def test_rich_text_that_was_cleaned_is_no_conflict_with_oneself(
    as_user, fabriano, fabriano_delegate
):
    project = make.project(lead=fabriano)
    client, address = as_user(fabriano_delegate), step(project, "story")
    opened = client.get(address)
    answer = by_itself(client, address, opened, text_it="Primo\r\n\r\nSecondo")
    assert answer["starts"]["initial-text_it"] == ["<p>Primo</p>\n\n<p>Secondo</p>"]
    assert client.post(address, typed(opened, text_it="<p>Terzo</p>")).status_code == 302
    assert only_project().text_it == "<p>Terzo</p>"


def test_what_somebody_else_changed_too_waits_for_the_button(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    opened = client.get(step(project))
    colleague = make.delegate(city=fabriano, first_name="Bruno", last_name="Rossi")
    as_user(colleague).post(step(project), typed(opened, title_it="Di Bruno"))
    client = as_user(fabriano_delegate)
    answer = by_itself(client, step(project), opened, title_it="Mio", title_en="Mine")
    assert answer["saved"]
    assert answer["errors"][0].startswith("Title, in Italian: Bruno Rossi has changed this too")
    assert answer["starts"] == {"initial-title_en": ["Mine"]}
    assert (only_project().title_it, only_project().title_en) == ("Di Bruno", "Mine")


def test_choices_and_a_picture_are_saved_too(as_user, fabriano, fabriano_delegate):
    project, line = make.project(lead=fabriano), make.line()
    client = as_user(fabriano_delegate)
    address = step(project, "belonging")
    answer = by_itself(client, address, client.get(address), lines=[line.pk])
    assert answer["starts"]["initial-lines"] == [str(line.pk)]
    opened = client.get(step(project))
    answer = by_itself(client, step(project), opened, picture=make.picture_upload())
    assert answer["starts"]["initial-picture"] == [only_project().picture.name]


@pytest.mark.parametrize("status", ["published", "submitted"])
def test_only_drafts_save_themselves(as_user, fabriano, fabriano_delegate, status):
    project = complete(fabriano)
    client = as_user(fabriano_delegate)
    opened = client.get(step(project))
    Project.objects.update(status=status)
    assert by_itself(client, step(project), opened, title_it="No")["saved"] is False
    assert only_project().title_it == project.title_it


def test_rows_wait_for_the_button(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    project.links.create(url="https://example.org/a")
    client, address = as_user(fabriano_delegate), step(project, "documents")
    sent = {"version": "0", "autosave": "yes", "links-0-DELETE": "on", "links-1-url": "half"}
    assert client.post(address, sent).json()["saved"]
    assert project.links.count() == 1
