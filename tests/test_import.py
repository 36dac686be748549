"""Projects from a spreadsheet: shown first, then taken over, all rows or none."""

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from journal.models import Event
from projects.models import Project
from projects.partnerships import Partnership
from tests import make

pytestmark = pytest.mark.django_db

IMPORT = "/admin/projects/project/import/"
AGREE = "/admin/projects/project/process_import/"
LIST = "/admin/projects/project/"


@pytest.fixture
def desk(as_user, coordinator, settings):
    """A coordinator's browser, which wants English."""
    settings.COORDINATORS_NEED_MFA = False
    coordinator.language = "en"
    coordinator.save()
    return as_user(coordinator)


def sheet(*rows, name="progetti.csv", delimiter=",", encoding="utf-8"):
    """A file of rows, the first of them the names of the columns."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode(encoding))


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("progetti.xlsx", file.getvalue())


def show(desk, file):
    """Send a file; answers the page that says what would happen."""
    return desk.post(IMPORT, {"import_file": file, "format": "", "resource": ""})


def agree(desk, preview):
    """Confirm what a preview has shown."""
    form = preview.context["confirm_form"]
    return desk.post(AGREE, form.initial, follow=True)


def take(desk, file):
    return agree(desk, show(desk, file))


def test_a_preview_tells_what_is_new_and_what_changes_and_touches_nothing(desk, fabriano):
    make.project(lead=fabriano, slug="carta", title_it="Carta", starts_on=date(2026, 1, 1))
    make.project(lead=fabriano, slug="seta", title_it="Seta")

    page = show(
        desk,
        sheet(
            ["slug", "title_it", "lead"],
            ["", "Nuovo progetto", "fabriano"],
            ["carta", "Carta e acqua", "fabriano"],
            ["seta", "Seta", "fabriano"],
        ),
    ).content.decode()

    assert "1 new, 1 changed, 1 as they are." in page
    assert "<del>Carta</del>" in page
    assert "<ins>Carta e acqua</ins>" in page
    assert Project.objects.count() == 2
    assert Project.objects.get(slug="carta").title_it == "Carta"
    assert not Event.objects.exists()


def test_what_was_agreed_to_is_written_and_recorded_by_who_agreed(
    desk, coordinator, fabriano, fabriano_delegate
):
    old = make.project(lead=fabriano, slug="carta", status="published", title_it="Carta")
    old.skip_history_when_saving = False

    take(
        desk,
        sheet(
            ["slug", "title_it", "lead"],
            ["", "Nuovo progetto", "fabriano"],
            ["carta", "Carta e acqua", "fabriano"],
        ),
    )

    new = Project.objects.get(slug="nuovo-progetto")
    old.refresh_from_db()
    assert (new.status, new.lead, new.created_by) == ("draft", fabriano, coordinator)
    assert (old.status, old.title_it) == ("published", "Carta e acqua")
    created, updated = Event.objects.order_by("pk")
    assert (created.verb, created.actor, created.target) == ("create", coordinator, new)
    assert (updated.verb, updated.actor, updated.target) == ("update", coordinator, old)
    assert updated.details["changes"]["title_it"] == ["Carta", "Carta e acqua"]
    assert old.history.latest().history_user == coordinator
    assert fabriano_delegate.notifications.count() == 2


def test_the_whole_card_comes_out_and_goes_in_again_unchanged(desk, fabriano, parma):
    project = rich_project(fabriano, parma)

    out = b"".join(desk.get(f"{LIST}export.csv").streaming_content)
    page = show(desk, SimpleUploadedFile("projects.csv", out))
    assert page.context["result"].totals["skip"] == 1, page.content.decode()

    again = desk.get(f"{LIST}export.xlsx").getvalue()
    page = show(desk, SimpleUploadedFile("projects.xlsx", again))
    assert page.context["result"].totals["skip"] == 1
    assert project.results.get().value == 1200


def rich_project(lead, partner):
    project = make.project(
        lead=lead,
        slug="carta",
        title_it="=Carta | e “acqua”",
        summary_it="-1, 2\n'=3",
        text_it="<p>Una storia</p>",
        partners=[partner],
        fields=["design", "film"],
        lines=[make.line()],
        goals=[make.goal(number=11), make.goal(number=4)],
        starts_on=date(2026, 1, 1),
        budget="1234.50",
        contact=make.office(city=lead),
        looking_for_partners=True,
        status="published",
    )
    project.results.create(name_it="Visitatori | adulti", value=1200, unit_it="persone")
    project.fundings.create(programme="Europa creativa", amount=10)
    project.external_partners.create(name="Museo", kind="public", role_it="Ospita")
    project.links.create(url="https://example.org/")
    return project


def test_relations_and_rows_come_from_cells(desk, fabriano, parma):
    make.field(slug="film"), make.field(slug="music"), make.goal(number=4)

    take(
        desk,
        workbook(
            ["slug", "title_it", "lead", "fields", "goals", "starts_on", "budget", "fundings"],
            [
                None, "Cinema", "fabriano", "film|music", 4, date(2026, 3, 1), 500,
                "Europa creativa|ABC-1|12.5|true",
            ],
        ),
    )  # fmt: skip

    project = Project.objects.get(slug="cinema")
    assert {each.slug for each in project.fields.all()} == {"film", "music"}
    assert [each.number for each in project.goals.all()] == [4]
    assert (project.starts_on, project.budget) == (date(2026, 3, 1), 500)
    funding = project.fundings.get()
    assert (funding.programme, funding.grant_number, funding.is_public) == (
        "Europa creativa", "ABC-1", True,
    )  # fmt: skip


def test_a_partner_in_a_file_is_invited_and_none_is_sent_away(
    desk, fabriano, parma, parma_delegate
):
    bologna = make.city(name="Bologna", slug="bologna")
    project = make.project(lead=fabriano, slug="carta", partners=[bologna], status="published")

    take(desk, sheet(["slug", "partners"], ["carta", "parma"]))

    assert Partnership.objects.get(project=project, city=parma).status == "invited"
    assert Partnership.objects.get(project=project, city=bologna).status == "accepted"
    assert parma_delegate.notifications.filter(event__verb="invite").count() == 1


def test_columns_that_are_not_in_the_file_stay(desk, fabriano):
    make.project(lead=fabriano, slug="carta", title_it="Carta", summary_it="Sommario")
    take(desk, sheet(["slug", "title_it"], ["carta", "Altro"]))
    project = Project.objects.get(slug="carta")
    assert (project.title_it, project.summary_it) == ("Altro", "Sommario")


def test_no_file_changes_a_status(desk, fabriano):
    make.project(lead=fabriano, slug="carta")
    page = show(desk, sheet(["slug", "status"], ["carta", "published"]))
    assert page.context["result"].totals["skip"] == 1
    assert Project.objects.get(slug="carta").status == "draft"


def test_an_error_names_row_column_and_reason_and_nothing_is_imported(desk, fabriano):
    make.project(lead=fabriano, slug="carta", title_it="Carta")

    answer = show(
        desk,
        sheet(
            ["slug", "title_it", "lead", "starts_on", "fields", "results"],
            ["carta", "Un buon titolo", "fabriano", "", "", ""],
            ["", "Due", "atlantide", "domani", "danza", "uno|due"],
            ["manca", "Tre", "fabriano", "", "", ""],
        ),
    )

    told = {
        (row.number + 1, name): errors
        for row in answer.context["result"].invalid_rows
        for name, errors in row.field_specific_errors.items()
    }
    assert told[3, "lead"] == ["There is no “atlantide”."]
    assert told[3, "starts_on"] == ["Enter a valid date."]
    assert told[3, "fields"] == ["There is no “danza”."]
    assert told[3, "results"][0].startswith("Line 1 has 2 parts instead of 6")
    assert told[4, "slug"] == ["There is no such project. Leave it empty for a new one."]
    assert "confirm_form" not in answer.context
    page = answer.content.decode()
    assert "There is no “atlantide”." in page
    assert Project.objects.get().title_it == "Carta"


def test_errors_speak_the_coordinators_language(desk, coordinator, fabriano):
    coordinator.language = "it"
    coordinator.save()
    answer = show(desk, sheet(["slug", "title_it", "starts_on"], ["", "Due", "domani"]))
    assert "Inserisci una data valida." in answer.content.decode()


def test_what_the_end_before_the_beginning_breaks_is_an_error_of_its_row(desk, fabriano):
    answer = show(
        desk,
        sheet(
            ["slug", "title_it", "lead", "starts_on", "ends_on"],
            ["", "Due", "fabriano", "2026-02-01", "2026-01-01"],
        ),
    )
    (row,) = answer.context["result"].invalid_rows
    assert row.non_field_specific_errors == ["The end cannot come before the beginning."]


def test_if_something_changes_between_preview_and_consent_nothing_is_half_imported(desk, fabriano):
    project = make.project(lead=fabriano, slug="carta", title_it="Carta")
    preview = show(
        desk,
        sheet(
            ["slug", "title_it", "lead"],
            ["", "Nuovo", "fabriano"],
            ["carta", "Altro", "fabriano"],
        ),
    )
    project.delete()

    page = agree(desk, preview).content.decode()

    assert "Nothing was imported" in page
    assert not Project.objects.exists()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_whatever_a_spreadsheet_writes_is_read(desk, fabriano, delimiter, encoding):
    rows = ["slug", "title_it", "lead"], ["", "Città, arti; mestieri", "fabriano"]
    take(desk, sheet(*rows, delimiter=delimiter, encoding=encoding))
    assert Project.objects.get().title_it == "Città, arti; mestieri"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"slug,title_it\n", b"PK\x03\x04 broken", b"\x00\x01\x02\xff", b"\xff\xfe", b'"',
        b"slug,slug\na,b\n", b"nonsense\nx\n", b"%PDF-1.7", b"slug\n\"x\n",
        b"slug,title_it,lead\n,,\n,x", b"slug,fields\n,\"a\"\"|\n",
        b"slug,title_it\n," + b"x" * 200_000,
    ],
)  # fmt: skip
def test_a_broken_file_gives_a_message_and_never_an_error_page(desk, content):
    answer = show(desk, SimpleUploadedFile("progetti.csv", content))
    assert answer.status_code == 200
    assert "confirm_form" not in answer.context
    assert "errorlist" in answer.content.decode() or "What is wrong" in answer.content.decode()
    assert not Project.objects.exists()


def test_a_file_that_is_too_large_is_refused(desk, fabriano):
    answer = show(desk, SimpleUploadedFile("a.csv", b"x" * (5 * 1024 * 1024 + 1)))
    assert "This file is too large" in answer.content.decode()
    rows = [["", f"Progetto {n}", "fabriano"] for n in range(1001)]
    answer = show(desk, sheet(["slug", "title_it", "lead"], *rows))
    assert "at most 1000 can be read at once" in answer.content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"import_file_name": "../../etc/passwd", "original_file_name": "a", "format": "0"},
        {"import_file_name": "gone", "original_file_name": "a", "format": "7"},
    ],
)
def test_a_consent_that_fits_no_file_is_refused(desk, form):
    answer = desk.post(AGREE, form)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()


def test_a_file_is_taken_over_once(desk, fabriano):
    preview = show(desk, sheet(["slug", "title_it", "lead"], ["", "Uno", "fabriano"]))
    agree(desk, preview)
    page = agree(desk, preview).content.decode()
    assert "This file is no longer here: send it again." in page
    assert Project.objects.count() == 1


def test_formulas_in_cells_are_texts(desk, fabriano):
    make.project(lead=fabriano, title_it="=1+1", status="published")
    book = load_workbook(io.BytesIO(desk.get(f"{LIST}export.xlsx").getvalue()))
    titles = {column[0].value: column[1].value for column in book["projects"].columns}
    assert titles["title_it"] == "'=1+1"


@pytest.mark.parametrize("who", ["fabriano_delegate", "observer"])
def test_only_coordinators_import(request, as_user, who):
    client = as_user(request.getfixturevalue(who))
    assert client.get(IMPORT).status_code == 404 or "/login/" in client.get(IMPORT)["Location"]
    assert show(client, sheet(["slug"], [""])).status_code in (302, 404)


def test_the_page_of_the_import_holds_nothing_inline(desk, fabriano):
    make.project(lead=fabriano, slug="carta", title_it="Carta")
    pages = [
        desk.get(IMPORT),
        show(desk, sheet(["slug", "title_it"], ["carta", "Altro"])),
        show(desk, sheet(["slug", "title_it"], ["x", "Altro"])),
    ]
    for page in pages:
        html = page.content.decode()
        assert " style=" not in html
        assert "<style" not in html
        assert " onclick=" not in html
        assert "import_export/" not in html
