"""Two people edit one card: nothing is overwritten, nothing is lost, and the second one decides."""

from datetime import date

import pytest
from django.test import Client

from documents.models import Document
from projects.models import Project
from tests import make
from tests.filling import complete, only_project, step, typed
from tests.markup import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(fabriano):
    return browser(make.delegate(city=fabriano, first_name="Anna", last_name="Neri"))


@pytest.fixture
def bruno(fabriano):
    return browser(make.delegate(city=fabriano, first_name="Bruno", last_name="Rossi"))


@pytest.fixture
def project(fabriano):
    return complete(fabriano, title_it="Carta", summary_it="Fogli fatti a mano.")


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def write(client, address, opened=None, **values):
    return client.post(address, typed(opened or client.get(address), **values))


def test_what_each_changed_alone_is_kept_without_a_question(anna, bruno, project):
    opened = anna.get(step(project))
    write(bruno, step(project), summary_it="Di Bruno", starts_on="2027-03-01")
    answer = write(anna, step(project), opened, title_it="Di Anna")
    assert answer.status_code == 302
    project = only_project()
    assert (project.title_it, project.summary_it) == ("Di Anna", "Di Bruno")
    assert project.starts_on == date(2027, 3, 1)
    assert [r.history_user.first_name for r in project.history.all()[:2]] == ["Anna", "Bruno"]


def test_whoever_saves_second_sees_both_texts_and_nothing_is_saved(anna, bruno, project):
    opened = anna.get(step(project))
    write(bruno, step(project), summary_it="Fogli fatti dai ragazzi.", title_en="By Bruno")
    second = write(anna, step(project), opened, summary_it="Fogli di tutti.", title_it="Di Anna")
    assert second.status_code == 200
    form = second.context["form"]
    assert list(form.errors) == ["summary_it"]
    assert form.errors["summary_it"][0].startswith("Bruno Rossi has changed this too, on ")
    both = form["summary_it"].conflict
    assert both.theirs == "Fogli fatti dai ragazzi."
    assert "<del>" in both.difference
    assert form["title_en"].value() == "By Bruno"
    assert form["title_it"].value() == "Di Anna"
    assert form["summary_it"].value() == "Fogli di tutti."
    radios = Page(second.text).all("input", name="choose-summary_it")
    assert [(each["value"], "checked" in each) for each in radios] == [
        ("theirs", False),
        ("mine", True),
    ]
    project = only_project()
    assert (project.title_it, project.summary_it) == ("Carta", "Fogli fatti dai ragazzi.")


@pytest.mark.parametrize(
    ("choice", "words"), [("mine", "Di entrambi"), ("theirs", "Fogli dei ragazzi.")]
)
def test_sending_again_decides(anna, bruno, project, choice, words):
    opened = anna.get(step(project))
    write(bruno, step(project), summary_it="Fogli dei ragazzi.", title_en="By Bruno")
    second = write(anna, step(project), opened, summary_it="Di Anna", title_it="Di Anna")
    decided = {"choose-summary_it": choice, "summary_it": "Di entrambi"}
    assert write(anna, step(project), second, **decided).status_code == 302
    project = only_project()
    assert (project.summary_it, project.title_it) == (words, "Di Anna")
    assert project.title_en == "By Bruno"


def test_a_third_change_is_not_overwritten_either(anna, bruno, project):
    opened = anna.get(step(project))
    write(bruno, step(project), summary_it="Uno")
    second = write(anna, step(project), opened, summary_it="Di Anna")
    write(bruno, step(project), summary_it="Due")
    third = write(anna, step(project), second)
    assert third.context["form"]["summary_it"].conflict.theirs == "Due"
    assert write(anna, step(project), third).status_code == 302
    assert only_project().summary_it == "Di Anna"


def test_the_same_change_twice_is_no_conflict(anna, bruno, project):
    opened = anna.get(step(project))
    write(bruno, step(project), summary_it="Lo stesso")
    assert write(anna, step(project), opened, summary_it="Lo stesso").status_code == 302


def test_a_number_stands_in_its_field_as_people_write_it_and_is_no_change(anna, bruno, project):
    address = step(project, "money")
    write(anna, address, budget="186000.00")
    opened = bruno.get(address)
    assert typed(opened)["budget"] == "186000"
    write(anna, address, budget="200000.50")
    write(bruno, address, opened, budget_is_public="on")
    project.refresh_from_db()
    assert (str(project.budget), project.budget_is_public) == ("200000.50", True)
    assert typed(anna.get(address))["budget"] == "200000.50"


def test_nobody_overtakes_themselves(anna, project):
    opened = anna.get(step(project))
    for title in ["Uno", "Due"]:
        assert write(anna, step(project), opened, title_it=title).status_code == 302
    assert only_project().title_it == "Due"


def test_what_a_coordinator_decides_meanwhile_is_no_conflict(anna, project, coordinator, fabriano):
    Project.objects.update(status="submitted")
    only_project().send_back(by=coordinator, comment="Più breve")
    opened = anna.get(step(project))
    only_project().submit(by=make.delegate(city=fabriano))
    only_project().send_back(by=coordinator, comment="Ancora")
    assert write(anna, step(project), opened, title_it="Di Anna").status_code == 302


def test_choices_of_several_things_are_compared_by_their_names(anna, bruno, project):
    film, music = make.field(slug="film"), make.field(slug="music")
    address = step(project, "belonging")
    opened = anna.get(address)
    write(bruno, address, fields=[film.pk])
    second = write(anna, address, opened, fields=[music.pk], scope="local")
    assert second.context["form"]["fields"].conflict.theirs == "Film"
    assert write(anna, address, second).status_code == 302
    assert [field.slug for field in only_project().fields.all()] == ["music"]
    assert only_project().scope == "local"


def test_empty_choices_that_somebody_else_filled_stay_filled(anna, bruno, project):
    line, address = make.line(), step(project, "belonging")
    opened = anna.get(address)
    write(bruno, address, lines=[line.pk])
    write(anna, address, opened, scope="local")
    assert list(only_project().lines.all()) == [line]


def test_a_choice_is_not_forgotten_when_something_else_is_wrong(anna, project):
    line, address = make.line(), step(project, "belonging")
    wrong = write(anna, address, lines=[line.pk], scope="everywhere")
    assert wrong.status_code == 200
    write(anna, address, wrong, scope="local")
    assert list(only_project().lines.all()) == [line]


def test_dates_that_cannot_stand_together_are_refused(anna, bruno, project):
    opened = anna.get(step(project))
    write(bruno, step(project), starts_on="2028-01-01")
    answer = write(anna, step(project), opened, ends_on="2027-12-31")
    assert answer.status_code == 200
    assert len(answer.context["form"].non_field_errors()) == 1
    assert only_project().ends_on is None


def test_a_picture_of_somebody_else_is_not_replaced_unasked(anna, bruno, project):
    opened = anna.get(step(project))
    write(bruno, step(project), picture=make.picture_upload(colour="red"))
    theirs = only_project().picture.name
    second = write(anna, step(project), opened, picture=make.picture_upload(colour="blue"))
    assert "Choose yours again" in second.context["form"].errors["picture"][0]
    assert only_project().picture.name == theirs
    again = make.picture_upload(colour="blue")
    assert write(anna, step(project), second, picture=again).status_code == 302
    assert only_project().picture.name != theirs


def test_rows_are_merged_row_by_row(anna, bruno, project):
    mine = project.links.create(url="https://example.org/mine")
    theirs = project.links.create(url="https://example.org/theirs")
    address = step(project, "documents")
    opened = anna.get(address)
    write(bruno, address, **{"links-1-url": "https://example.org/bruno"})
    changed = {"links-0-url": "https://example.org/anna", "links-2-url": "https://example.org/new"}
    assert write(anna, address, opened, **changed).status_code == 302
    assert dict(project.links.values_list("pk", "url")[:2]) == {
        mine.pk: "https://example.org/anna",
        theirs.pk: "https://example.org/bruno",
    }
    assert project.links.count() == 3


def test_a_row_that_both_changed_is_shown_twice(anna, bruno, project):
    project.links.create(url="https://example.org/a", label_it="Il museo")
    address = step(project, "documents")
    opened = anna.get(address)
    write(bruno, address, **{"links-0-label_it": "Museo della carta"})
    second = write(anna, address, opened, **{"links-0-label_it": "Il sito"})
    row = second.context["form"].rows["links"].forms[0]
    assert row["label_it"].conflict.theirs == "Museo della carta"
    assert project.links.get().label_it == "Museo della carta"
    write(anna, address, second, **{"choose-links-0-label_it": "mine"})
    assert project.links.get().label_it == "Il sito"


def test_a_row_removed_by_somebody_else_comes_back_only_where_it_was_changed(anna, bruno, project):
    for name in "abc":
        project.links.create(url=f"https://example.org/{name}")
    address = step(project, "documents")
    opened = anna.get(address)
    write(bruno, address, **{"links-0-DELETE": "on", "links-1-DELETE": "on"})
    write(anna, address, opened, **{"links-1-label_it": "Importante"})
    assert list(project.links.order_by("url").values_list("url", "label_it")) == [
        ("https://example.org/b", "Importante"),
        ("https://example.org/c", None),
    ]


def test_a_row_changed_by_somebody_else_is_not_removed_unasked(anna, bruno, project):
    project.links.create(url="https://example.org/a")
    address = step(project, "documents")
    opened = anna.get(address)
    write(bruno, address, **{"links-0-label_it": "Importante"})
    second = write(anna, address, opened, **{"links-0-DELETE": "on"})
    row = second.context["form"].rows["links"].forms[0]
    assert row.non_field_errors()[0].startswith("Bruno Rossi has changed this since")
    assert project.links.get().label_it == "Importante"
    write(anna, address, second, **{"links-0-DELETE": "on"})
    assert not project.links.exists()


def test_a_document_that_both_replaced_keeps_the_first(anna, bruno, project):
    make.document(owner=project)
    address = step(project, "documents")
    opened = anna.get(address)
    file = {"documents-0-file": make.pdf_upload(content=b"%PDF-1.7 bruno %%EOF")}
    write(bruno, address, **file)
    other = {"documents-0-file": make.pdf_upload(content=b"%PDF-1.7 anna %%EOF")}
    assert write(anna, address, opened, **other).status_code == 200
    assert Document.objects.get().file.read() == b"%PDF-1.7 bruno %%EOF"


def test_a_row_of_another_project_is_never_touched(anna, project, fabriano):
    other = make.project(lead=fabriano).links.create(url="https://example.org/other")
    sent = {
        "links-0-id": str(other.pk),
        "links-0-url": "https://example.org/mine",
        "links-0-DELETE": "on",
    }
    write(anna, step(project, "documents"), **sent)
    other.refresh_from_db()
    assert other.url == "https://example.org/other"


def test_the_page_says_who_else_has_the_form_open(anna, bruno, project):
    assert anna.get(step(project)).context["present"] == ""
    shown = bruno.get(step(project, "story"))
    assert shown.context["present"] == "Anna Neri has this form open too."
    address = f"/en/projects/{project.slug}/presence/"
    assert anna.post(address).json() == {"present": "Bruno Rossi has this form open too."}


def test_presence_is_told_to_editors_alone(client, as_user, project, parma_delegate):
    address = f"/en/projects/{project.slug}/presence/"
    assert "/accounts/login/" in client.post(address).headers["Location"]
    assert as_user(parma_delegate).post(address).status_code == 404
    assert as_user(parma_delegate).get(address).status_code == 405
