"""Whatever leaves as a file can be opened: no cell is a formula, no line adds a property, and what
was put before a cell goes again when the file comes back."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import load_workbook

from cities.tables import guarded, in_csv, in_workbook, unguarded
from projects.models import Project
from tests import make
from tests.markup import Page

FORMULAS = [
    '=HYPERLINK("https://e.example";"x")', "+39 06", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1",
    "'=1", "a;=cmd|' /C calc'!A0", ";;=1", ";'-1", "=1;=2;'=3",
]  # fmt: skip
DANGER = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@given(st.text("=+-@;'\t\r\nab ＝", max_size=12))
@settings(max_examples=300, deadline=None)
def test_what_is_guarded_comes_back_as_it_was_and_divides_into_no_formula(text):
    assert unguarded(guarded(text)) == text
    assert not any(part.startswith(DANGER) for part in guarded(text).split(";"))


def test_numbers_below_zero_stay_numbers():
    assert (in_csv(-5), in_workbook(-5), in_csv(-0.5)) == (-5, -5, -0.5)
    assert (in_csv("-5"), in_csv(None), in_csv(True)) == ("'-5", "", "true")


# The files of the portal: address, by whom.
FILES = [
    ("project_export", [], None), ("city_export", [], None), ("decision_export", [], None),
    ("meeting_years_export", [], None), ("completeness_download", ["projects"], "coordinator"),
    ("completeness_download", ["cities"], "coordinator"),
    ("admin:projects_project_export", [], "coordinator"),
]  # fmt: skip


@pytest.mark.django_db
def test_no_cell_of_any_file_is_a_formula(client, coordinator, settings, parma):
    settings.COORDINATORS_NEED_MFA = False
    for number, text in enumerate(FORMULAS):
        city = make.city(name=text, slug=f"c{number}", summary_it=text)
        make.office(city=city, name_it=text)
        make.project(
            lead=city, status="published", title_it=text, summary_it=text, target_groups_it=text,
            picture_credit=text, partners=[parma],
        ).results.create(name_it=text, value=-5)  # fmt: skip
        meeting = make.meeting(title_it=text, status="closed", venue=text)
        make.decision(meeting=meeting, text_it=text)
        make.delegate(city=city, first_name=text[:20], last_name=text[:20])
    for name, args, who in FILES:
        client.logout()
        if who:
            client.force_login(coordinator)
        for format in ("csv", "xlsx"):
            answer = client.get(reverse(name, args=[*args, format]))
            assert answer.status_code == 200, (name, format)
            cells = cells_of(b"".join(answer.streaming_content), format)
            texts = [cell for cell in cells if isinstance(cell, str)]
            assert len(texts) > 10, name
            parts = [part for cell in texts for part in cell.split(";")]
            assert [each for each in parts if each.startswith(DANGER)] == [], (name, format)


def cells_of(content, format):
    if format == "csv":
        return [
            cell
            for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
            for cell in row
        ]
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    return [cell.value for cell in cells]


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_file_that_comes_back_changes_nothing(client, coordinator, settings, fabriano, format):
    settings.COORDINATORS_NEED_MFA = False
    for text in FORMULAS:
        words = {"title_it": text, "summary_it": text, "target_groups_it": text}
        words = {name: each.strip() for name, each in words.items()}
        make.project(lead=fabriano, status="submitted", **words)
    client.force_login(coordinator)
    before = list(Project.objects.order_by("pk").values())
    file = client.get(reverse("admin:projects_project_export", args=[format]))
    upload = SimpleUploadedFile(f"a.{format}", b"".join(file.streaming_content))
    shown = client.post(
        reverse("admin:projects_project_import"),
        {"import_file": upload, "format": "", "resource": ""},
    )
    assert shown.context["result"].totals["skip"] == len(FORMULAS)
    client.post(
        reverse("admin:projects_project_process_import"), shown.context["confirm_form"].initial
    )
    assert list(Project.objects.order_by("pk").values()) == before


HOSTILE = 'Riunione\r\nATTENDEE:mailto:e@example.org\nBEGIN:VALARM\\n;,:"</script><script>alert(1)'


@pytest.mark.django_db
def test_no_title_adds_a_property_to_a_calendar_or_leaves_its_script_element(client, fabriano):
    make.meeting(slug="y", title_it=HOSTILE, title_en=HOSTILE, venue=HOSTILE, host=fabriano)
    make.project(
        lead=fabriano, status="published", slug="x", title_it=HOSTILE, summary_it=HOSTILE,
        title_en=HOSTILE, summary_en=HOSTILE,
    )  # fmt: skip
    make.news_item(slug="z", title_it=HOSTILE, title_en=HOSTILE)
    for name, args in [("meeting_calendar", ["y"]), ("meetings_calendar", [])]:
        calendar = Calendar.from_ical(client.get(reverse(name, args=args)).content)
        (event,) = calendar.walk("VEVENT")
        assert "ATTENDEE" not in event
        assert not calendar.walk("VALARM")
        assert "alert(1)" in event["SUMMARY"]
    pages = {"meeting_detail": "y", "project_detail": "x", "news_detail": "z"}
    for name, slug in pages.items():
        text = client.get(reverse(name, args=[slug])).text
        assert "<script>alert(1)" not in text
        assert Page(text).linked_data()
    for name, args in [("project_feed", []), ("news_feed", []), ("sitemap", [])]:
        assert b"<script>alert(1)" not in client.get(reverse(name, args=args)).content
