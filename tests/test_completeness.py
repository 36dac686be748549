"""What misses on the cards of cities and projects, for those who can mend it: a page and files."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from tests import make

pytestmark = pytest.mark.django_db

PAGE = "/en/completeness/"


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.COORDINATORS_NEED_MFA = False


def shown(page, name):
    """The rows of a list on the page: the thing's name, and what is said by the key of the fact."""
    (rows,) = [each["rows"] for each in page.context["lists"] if each["name"] == name]
    return {
        str(row["thing"]): dict(
            zip([fact.key for fact in row["thing"].IMPORTANT], [s for _l, s in row["cells"]],
                strict=True)
        )
        for row in rows
    }  # fmt: skip


def csv_of(client, name="projects", query=""):
    answer = client.get(f"{PAGE}{name}/csv/{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_city_is_told_what_it_has_and_what_misses(as_user, fabriano, fabriano_delegate):
    fabriano.summary_it, fabriano.text_it = "In breve", "<p>Testo</p>"
    fabriano.summary_en = "In short"
    fabriano.checked_on = timezone.localdate() - timedelta(days=200)
    fabriano.save()
    make.office(city=fabriano, email="cultura@example.org")
    said = shown(as_user(fabriano_delegate).get(PAGE), "cities")["Fabriano"]
    assert said == {
        "italian": "present", "english": "missing", "picture": "missing", "picture_words": "",
        "logo": "missing", "figures": "missing", "contact": "present", "site": "missing",
        "check": "present",
    }  # fmt: skip


def test_a_check_of_last_year_and_an_office_without_address_are_missing(
    as_user, fabriano, fabriano_delegate
):
    fabriano.checked_on = timezone.localdate() - timedelta(days=400)
    fabriano.save()
    make.office(city=fabriano)
    said = shown(as_user(fabriano_delegate).get(PAGE), "cities")["Fabriano"]
    assert (said["check"], said["contact"]) == ("missing", "missing")


def test_of_a_project_results_and_updates_are_asked_in_their_time(
    as_user, fabriano, fabriano_delegate
):
    today = timezone.localdate()
    running = make.project(lead=fabriano, status="published", phase="ongoing", title_en="Runs")
    make.project(lead=fabriano, status="published", phase="planned", title_en="Comes")
    over = make.project(
        lead=fabriano, status="published", phase="closed", ends_on=today, title_en="Over"
    )
    said = shown(as_user(fabriano_delegate).get(PAGE), "projects")
    assert {name: (row["results"], row["update"]) for name, row in said.items()} == {
        "Runs": ("", "missing"), "Comes": ("", ""), "Over": ("missing", ""),
    }  # fmt: skip

    over.results.create(name_it="Visite", value=12)
    running.updates.create(city=fabriano, text_it="Fatto", posted_on=today - timedelta(days=366))
    client = as_user(fabriano_delegate)
    said = shown(client.get(PAGE), "projects")
    assert (said["Over"]["results"], said["Runs"]["update"]) == ("present", "missing")
    running.updates.create(city=fabriano, text_it="Fatto", posted_on=today)
    assert shown(client.get(PAGE), "projects")["Runs"]["update"] == "present"


def test_relations_and_words_in_both_languages_count(as_user, fabriano, fabriano_delegate):
    make.project(
        lead=fabriano, fields=["music"], goals=[make.goal()], starts_on=date(2026, 1, 1),
        text_it="<p>Storia</p>", title_en="Full", contact=make.office(city=fabriano),
    )  # fmt: skip
    said = shown(as_user(fabriano_delegate).get(PAGE), "projects")["Full"]
    assert {key for key, standing in said.items() if standing == "present"} == {
        "italian", "contact", "dates", "fields", "goals",
    }  # fmt: skip
    assert (said["english"], said["lines"]) == ("missing", "missing")


def test_what_misses_most_comes_first_and_each_row_says_how_much_is_there(
    as_user, fabriano, fabriano_delegate
):
    make.project(lead=fabriano, title_en="Half", fields=["music"], starts_on=date(2026, 1, 1))
    make.project(lead=fabriano, title_en="Empty", summary_it="", summary_en="")
    page = as_user(fabriano_delegate).get(PAGE)
    assert list(shown(page, "projects")) == ["Empty", "Half"]
    rows = page.context["lists"][1]["rows"]
    assert [(row["present"], row["asked"]) for row in rows] == [(0, 8), (2, 8)]
    assert "2 of 8" in page.text


def test_everyone_sees_what_they_can_mend(client, fabriano, parma, fabriano_delegate, coordinator):
    make.project(lead=fabriano, title_en="Draft")
    make.project(lead=parma, title_en="Foreign draft")
    make.project(lead=parma, title_en="Foreign", status="published")
    joined = make.project(lead=parma, title_en="Joined", status="published")
    make.partnership(project=joined, city=fabriano, status="accepted", may_edit=True)
    make.project(lead=fabriano, title_en="Withdrawn", status="withdrawn")

    client.force_login(fabriano_delegate)
    page = client.get(PAGE)
    assert set(shown(page, "cities")) == {"Fabriano"}
    assert set(shown(page, "projects")) == {"Draft", "Joined"}
    assert "/en/cities/fabriano/edit/" in page.text

    client.force_login(coordinator)
    page = client.get(PAGE)
    assert set(shown(page, "cities")) == {"Fabriano", "Parma"}
    assert set(shown(page, "projects")) == {"Foreign", "Joined"}
    assert f"/admin/projects/project/{joined.pk}/change/" in page.text


def test_others_have_nothing_to_mend_here(client, fabriano, observer):
    former = make.delegate(city=fabriano, ends_on=date(2025, 12, 31))
    for address in (PAGE, f"{PAGE}cities/csv/", f"{PAGE}projects/xlsx/"):
        client.logout()
        assert "/login/" in client.get(address).url
        for person in (observer, former):
            client.force_login(person)
            assert client.get(address).status_code == 404


def test_the_lists_are_narrowed_to_a_city(as_user, coordinator, fabriano, parma):
    make.project(lead=fabriano, status="published", title_en="Paper")
    make.project(lead=parma, status="published", title_en="Ham")
    client = as_user(coordinator)
    page = client.get(f"{PAGE}?city=parma")
    assert set(shown(page, "cities")) == {"Parma"}
    assert set(shown(page, "projects")) == {"Ham"}
    assert [row["Project"] for row in csv_of(client, query="?city=parma")] == ["Ham"]


def test_the_files_say_the_same_in_words(as_user, coordinator, fabriano):
    make.project(lead=fabriano, status="published", title_en="Paper", fields=["music"])
    client = as_user(coordinator)
    (row,) = csv_of(client)
    assert row["Project"] == "Paper"
    assert row["Lead city"] == "Fabriano"
    assert row["Creative fields"] == "present"
    assert row["Picture"] == "missing"
    assert row["What the picture shows"] == "not asked"
    assert row["How many facts miss"] == "7"
    (city,) = csv_of(client, "cities")
    assert (city["City"], city["Logo"]) == ("Fabriano", "missing")

    answer = client.get(f"{PAGE}projects/xlsx/")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["projects"]
    heads, values = sheet.iter_rows(values_only=True)
    assert dict(zip(heads, values, strict=True))["Project"] == "Paper"
    assert dict(zip(heads, values, strict=True))["How many facts miss"] == 7
    assert client.get(f"{PAGE}projects/json/").status_code == 404
    assert client.get(f"{PAGE}people/csv/").status_code == 404


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_title_becomes_a_formula(as_user, coordinator, fabriano, title):
    make.project(lead=fabriano, status="published", title_en=title)
    assert csv_of(as_user(coordinator))[0]["Project"] == f"'{title}"


def test_the_page_is_bounded_and_asks_as_often_for_many_as_for_one(
    as_user, coordinator, fabriano, django_assert_max_num_queries
):
    client = as_user(coordinator)
    make.project(lead=fabriano, status="published")
    client.get(PAGE)
    for _ in range(60):
        make.project(lead=make.city(), status="published", fields=["music"])
    with django_assert_max_num_queries(12):
        page = client.get(PAGE)
    assert len(shown(page, "projects")) == 50
    assert len(shown(client.get(f"{PAGE}?page=2"), "projects")) == 11
