"""Any list leaves as a file: the same rows as on the page, what is private left out."""

import csv
import io
import json
from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from cities.tables import cell_of, guarded, lines_of, unguarded
from tests import make

pytestmark = pytest.mark.django_db


def address(name, *args, **query):
    with translation.override("en"):
        return reverse(name, args=args, query=query)


def content_of(client, format, name="project_export", **query):
    answer = client.get(address(name, format, **query))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def rows_of(client, **query):
    """The rows of a CSV, by column."""
    text = content_of(client, "csv", **query).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def objects_of(client, **query):
    return json.loads(content_of(client, "json", **query))


def test_a_file_holds_what_the_list_shows(client, fabriano, parma):
    make.project(lead=fabriano, status="published", fields=["design"], slug="carta")
    make.project(lead=fabriano, status="archived", fields=["design"], slug="filigrana")
    make.project(lead=parma, status="published", fields=["film"], slug="cinema")
    make.project(lead=parma, slug="bozza", fields=["design"])

    assert [row["slug"] for row in rows_of(client)] == ["cinema", "filigrana", "carta"]
    assert [row["slug"] for row in rows_of(client, field="design")] == ["filigrana", "carta"]
    assert [row["slug"] for row in rows_of(client, city="parma")] == ["cinema"]


@pytest.mark.parametrize("who", ["fabriano_delegate", "coordinator"])
def test_a_draft_is_in_no_public_file_whoever_asks(request, as_user, fabriano, who, settings):
    settings.COORDINATORS_NEED_MFA = False
    make.project(lead=fabriano, slug="bozza")
    assert rows_of(as_user(request.getfixturevalue(who))) == []


def test_every_column_of_the_card_is_there_in_both_languages(client, fabriano, parma):
    project = make.project(
        lead=fabriano,
        status="published",
        slug="carta",
        title_it="Carta",
        title_en="Paper",
        partners=[parma],
        fields=["film", "design"],
        goals=[make.goal(number=4), make.goal(number=11)],
        starts_on=date(2026, 1, 2),
    )
    make.partnership(project=project, city=make.city(), status="invited")
    project.results.create(
        name_it="Visitatori", value=1200, unit_it="persone", measured_on=date(2026, 3, 1)
    )

    (row,) = rows_of(client)
    assert (row["title_it"], row["title_en"], row["lead"]) == ("Carta", "Paper", "fabriano")
    assert row["partners"] == "parma"
    assert set(row["fields"].split("|")) == {"film", "design"}
    assert row["goals"] == "4|11"
    assert row["starts_on"] == "2026-01-02"
    assert row["results"] == "Visitatori||1200|persone||2026-03-01"

    (thing,) = objects_of(client)["projects"]
    assert thing["goals"] == [4, 11]
    assert thing["results"] == [
        {
            "name_it": "Visitatori", "name_en": None, "value": 1200,
            "unit_it": "persone", "unit_en": None, "measured_on": "2026-03-01",
        }
    ]  # fmt: skip


def test_private_money_reaches_only_those_who_may_know(
    client, fabriano, parma, fabriano_delegate, parma_delegate, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    project = make.project(lead=fabriano, status="published", budget=5000)
    project.fundings.create(programme="Segreto", amount=10)
    project.fundings.create(programme="Europa creativa", amount=20, is_public=True)

    def told(user):
        client.force_login(user) if user else client.logout()
        (thing,) = objects_of(client)["projects"]
        return thing["budget"], [each["programme"] for each in thing["fundings"]]

    assert told(None) == (None, ["Europa creativa"])
    assert told(parma_delegate) == (None, ["Europa creativa"])
    assert told(fabriano_delegate) == (5000, ["Segreto", "Europa creativa"])
    assert told(coordinator) == (5000, ["Segreto", "Europa creativa"])

    joined = make.partnership(project=project, city=parma, status="accepted")
    assert told(parma_delegate) == (None, ["Europa creativa"])
    joined.let_edit(by=fabriano_delegate)
    assert told(parma_delegate) == (5000, ["Segreto", "Europa creativa"])
    project.budget_is_public = True
    project.save()
    assert told(None)[0] == 5000


def test_documents_that_are_not_public_are_left_out(client, fabriano):
    project = make.project(lead=fabriano, status="published")
    make.document(owner=project, title_it="Aperto")
    make.document(owner=project, title_it="Chiuso", audience="coordinators")
    (thing,) = objects_of(client)["projects"]
    assert [each["title_it"] for each in thing["documents"]] == ["Aperto"]


def test_no_spreadsheet_takes_a_text_for_a_formula(client, fabriano):
    make.project(lead=fabriano, status="published", title_it="=HYPERLINK(1)", summary_it="@x")
    (row,) = rows_of(client)
    assert (row["title_it"], row["summary_it"]) == ("'=HYPERLINK(1)", "'@x")
    sheet = load_workbook(io.BytesIO(content_of(client, "xlsx")))["projects"]
    cells = {column[0].value: column[1].value for column in sheet.columns}
    assert cells["title_it"] == "'=HYPERLINK(1)"
    assert objects_of(client)["projects"][0]["title_it"] == "=HYPERLINK(1)"


@pytest.mark.parametrize("sign", "=+-@\t\r\n＝＋－＠")
def test_every_sign_that_begins_a_formula_is_guarded(sign):
    assert guarded(f"{sign}1") == f"'{sign}1"
    assert unguarded(guarded(f"{sign}1")) == f"{sign}1"


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "-5", "+", "@a", "\tx", "\rx", "a=1", "'a"])
def test_what_is_guarded_comes_back_as_it_was(text):
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize(
    "values", [["a", "b"], ["a|b", "c"], ['"', ""], ["due\nrighe", "x"], ["", "x", ""]]
)
def test_what_stands_in_a_cell_comes_back_as_it_was(values):
    row = dict(enumerate(values))
    assert lines_of(cell_of([row, row])) == [values, values]


def test_a_file_says_whence_it_comes_and_how_it_may_be_used(client, fabriano):
    make.project(lead=fabriano, status="published", fields=["film"])
    about = objects_of(client, field="film")["about"]
    assert about["licence"] == "CC BY 4.0"
    assert about["source"].endswith("?field=film")
    assert about["columns"].endswith(address("project_columns"))
    sheet = load_workbook(io.BytesIO(content_of(client, "xlsx")))["about"]
    assert ("licence", "CC BY 4.0") in {row[:2] for row in sheet.iter_rows(values_only=True)}


def test_an_empty_list_is_a_whole_file(client):
    assert objects_of(client)["projects"] == []
    assert rows_of(client) == []


def test_a_workbook_is_never_made_too_long(client, fabriano, monkeypatch):
    monkeypatch.setattr("projects.exporting.MOST_IN_XLSX", 1)
    for _each in range(2):
        make.project(lead=fabriano, status="published")
    answer = client.get(address("project_export", "xlsx"))
    assert answer.status_code == 413
    assert "A workbook holds at most 1 rows" in answer.content.decode()
    assert len(rows_of(client)) == 2


def test_there_are_three_formats(client):
    assert client.get(address("project_export", "pdf")).status_code == 404


def test_the_list_offers_its_files_filtered_as_it_is(client, fabriano):
    make.project(lead=fabriano, status="published", fields=["film"])
    page = client.get(address("project_list", field="film", page="1")).content.decode()
    for format in ["csv", "xlsx", "json"]:
        assert f'href="{address("project_export", format)}?field=film"' in page
    assert f'href="{address("project_columns")}"' in page


@pytest.mark.parametrize("name", ["project_columns", "city_columns"])
def test_each_column_is_explained(client, fabriano, name):
    answer = client.get(address(name))
    page = answer.content.decode()
    for column in answer.context["table"].columns:
        assert f"<code>{column.name}</code>" in page
        assert str(column.label)


def test_cities_leave_as_a_file_too(client, fabriano, parma):
    make.office(city=parma, email="cultura@example.org")
    text = content_of(client, "csv", "city_export").decode("utf-8-sig")
    rows = {row["slug"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == {"fabriano", "parma"}
    assert rows["parma"]["field"] == "gastronomy"
    assert "cultura@example.org" in rows["parma"]["offices"]


@pytest.mark.parametrize("format", ["csv", "json", "xlsx"])
def test_a_file_asks_as_often_whatever_it_holds(
    client, fabriano, parma, django_assert_num_queries, django_assert_max_num_queries, format
):
    def one_more():
        project = make.project(
            lead=fabriano, status="published", partners=[parma], fields=["film", "design"],
            lines=[make.line()], goals=[make.goal()], contact=make.office(city=fabriano),
        )  # fmt: skip
        project.results.create(name_it="Visitatori", value=3)
        make.document(owner=project)

    one_more()
    content_of(client, format)
    with django_assert_max_num_queries(18) as one:
        content_of(client, format)
    asked = len(one)
    one_more()
    one_more()
    content_of(client, format)  # which asks anew for what is kept until something changes
    with django_assert_num_queries(asked):
        content_of(client, format)


def test_the_first_thousand_are_shown_and_the_reader_is_told(client, fabriano, monkeypatch):
    monkeypatch.setattr("projects.paging.ShortPaginator.MOST", 13)
    for _each in range(15):
        make.project(lead=fabriano, status="published")
    answer = client.get(address("project_list", page=9999))
    assert "More than 13 results: narrow them down with the filters." in answer.content.decode()
    assert len(answer.context["page"].object_list) == 1
    assert len(rows_of(client)) == 15
