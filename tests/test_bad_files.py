"""Every field that takes a file, and every file that must not come in: a sentence beside the field,
the rest of the form kept, nothing on the disk, and never more than a little memory and time."""

import io
import os
import subprocess
import sys

import pytest
from django.urls import reverse
from PIL import Image

from documents.models import Document
from projects.models import Project
from tests import bad_files, make
from tests.bad_files import DOCUMENTS, PICTURES, TABLES, sent_as
from tests.filling import NEW, beginning, step
from tests.markup import Page

pytestmark = pytest.mark.django_db

WORDS = "Parole che nessuno deve perdere"


def as_shown(page):
    """What a browser would send back of all forms of a page, untouched."""
    sent, choice = {}, None
    for each in Page(page.text).elements:
        name, kind = each["name"], each["type"]
        if each.tag == "select":
            choice = name
        elif each.tag == "option" and choice and "selected" in each:
            sent.setdefault(choice, []).append(each["value"])
        elif each.tag == "input" and name and kind not in ("file", "submit", "search"):
            if kind not in ("checkbox", "radio") or "checked" in each:
                sent.setdefault(name, []).append(each["value"] or "")
        elif each.tag == "textarea":
            sent[name] = [each.text.removeprefix("\n")]
    return {name: values for name, values in sent.items() if name and "__prefix__" not in name}


PAPERS = "documents-document-content_type-object_id"
TITLE = {"title_it": WORDS}
ALTS = {"images-0-picture_alt_it": WORDS, "photos-0-picture_alt_it": WORDS}
IMAGE, PAPER = {"images-0-picture": PICTURES}, {f"{PAPERS}-0-file": DOCUMENTS}
SHOWN, LOOKS = {"picture": PICTURES}, {"picture": PICTURES, "logo": PICTURES}


@pytest.fixture
def doors(db, settings, client, fabriano, fabriano_delegate, coordinator):
    """Where files are sent, by whom: (address, what is sent beside them, {field: its files})."""
    settings.COORDINATORS_NEED_MFA = False
    project = make.project(lead=fabriano, status="published")
    return [
        (fabriano_delegate, doors_of_a_city(project, make.project(lead=fabriano))),
        (coordinator, doors_of_coordinators(project, make.meeting(status="draft"))),
    ]


def doors_of_a_city(project, draft):
    update, told = make.update(project=project), {"text_it": WORDS}
    row = {"documents-0-title_it": WORDS}
    return [
        (NEW, TITLE, SHOWN),
        (step(draft), TITLE, SHOWN),
        (step(draft, "gallery"), ALTS, IMAGE),
        (step(draft, "documents"), row, {"documents-0-file": DOCUMENTS}),
        (reverse("update_create", args=[project.slug]), told, SHOWN),
        (reverse("update_edit", args=[update.pk]), told, SHOWN),
        (reverse("city_edit", args=["fabriano"]), {"summary_it": WORDS}, LOOKS),
    ]


def doors_of_coordinators(project, meeting):
    row = {f"{PAPERS}-0-title_it": WORDS, f"{PAPERS}-0-audience": "public", **rows(PAPERS)}
    words = {**TITLE, **row, **ALTS}
    photos = {"photos-0-picture": PICTURES}
    return [
        (change(project), {**words, **rows("images")}, {**SHOWN, **IMAGE, **PAPER}),
        (change(project.lead), {"summary_it": WORDS}, LOOKS),
        (change(meeting), {**words, **rows("photos")}, {**photos, **PAPER}),
        (change(make.agenda_item(meeting=meeting)), {**TITLE, **row}, PAPER),
        (change(make.news_item()), TITLE, SHOWN),
    ]


def rows(prefix):
    return {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 0, f"{prefix}-MIN_NUM_FORMS": 0}


def change(thing):
    return reverse(
        f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk]
    )


@pytest.fixture
def kept_files(settings, tmp_path):
    """The files on the disk that were not there before."""

    def found():
        places = [tmp_path, settings.PRIVATE_DIR]
        return {path for place in places for path in place.rglob("*") if path.is_file()}

    before = found()
    return lambda: found() - before


def beside(page, field):
    """Whether the page says something at this field: it is marked as wrong (aria-invalid)."""
    return any("aria-invalid" in each for each in Page(page.text).all("input", name=field))


def test_no_bad_file_comes_in_at_any_door(doors, client, kept_files):
    """All doors × all files; doors of the same fields take turns."""
    tried, wrong = 0, []
    for person, places in doors:
        client.force_login(person)
        for number, (address, values, files) in enumerate(places):
            start = {**as_shown(client.get(address)), **values}
            bads = list(dict.fromkeys(key for each in files.values() for key in each))
            for bad in bads[number::5] if person.is_coordinator else bads[number % 2 :: 2]:
                uploads = {
                    field: sent_as(each[bad], ".jpg" if each is PICTURES else ".pdf")
                    for field, each in files.items()
                    if bad in each
                }
                page = client.post(address, {**start, **uploads})
                tried += len(uploads)
                if (
                    page.status_code != 200
                    or not all(beside(page, field) for field in uploads)
                    or WORDS not in page.text
                    or kept_files()
                ):
                    wrong.append((address, bad, page.status_code))
    assert wrong == []
    assert tried >= 100
    assert not Document.objects.exists()
    assert not Project.objects.exclude(picture="").exists()


def test_every_field_of_the_models_that_takes_a_file_is_among_these_doors(doors):
    """A new kind of upload comes with its line above."""
    from django.apps import apps
    from django.db import models

    fields = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, models.FileField) and model._meta.app_label != "post_office"
    }
    assert fields == {
        "news.NewsItem.picture", "meetings.MeetingPhoto.picture", "projects.Project.picture",
        "projects.ProjectImage.picture", "projects.ProjectUpdate.picture", "cities.City.picture",
        "cities.City.logo", "documents.Document.file",
        "documents.DocumentVersion.file",  # only ever what a document held
    }  # fmt: skip


def test_no_bad_table_comes_in(client, coordinator, settings, kept_files):
    settings.COORDINATORS_NEED_MFA = False
    client.force_login(coordinator)
    for bad, named in TABLES.items():
        page = client.post(
            reverse("admin:projects_project_import"),
            {"import_file": sent_as(named, ".csv"), "resource": "", "format": ""},
        )
        assert page.status_code == 200, bad
        assert "confirm_form" not in page.context, bad
        assert "errorlist" in page.text or "What is wrong" in page.text, bad
        assert kept_files() == set(), bad
    assert not Project.objects.exists()


def test_names_of_every_kind_leave_no_trace_on_the_disk(
    client, fabriano, fabriano_delegate, kept_files
):
    client.force_login(fabriano_delegate)
    project = make.project(lead=fabriano)
    names = [
        "../../x.pdf", "C:\\x.pdf", "a\u202ecod.pdf", "a" * 250 + ".pdf", "a.php.pdf", " .pdf",
        "..pdf", "a\r\nb.pdf", "/etc/cron.d/x.pdf", "%00.pdf", "CON.pdf", "ａ．pdf", "a\x00.pdf",
    ]  # fmt: skip
    for name in names:
        upload = sent_as((name, bad_files.PDF), ".pdf")
        sent = {"documents-0-file": upload, "documents-0-title_it": "Foglio"}
        client.post(step(project, "documents"), {**sent, "documents-0-audience": "public"})
    documents = Document.objects.all()
    assert documents.count() >= len(names) - 4  # some are no names at all
    assert {path.name for path in kept_files()} == {f"{each.pk}.pdf" for each in documents}
    page = client.get(documents[0].get_absolute_url())
    assert page["Content-Disposition"] == 'attachment; filename="foglio.pdf"'


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_tells_neither_its_place_nor_anything_else(
    client, fabriano, fabriano_delegate, kept_files, format
):
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 20.0, 6.0), 3: "E", 4: (12.0, 54.0, 15.0)})
    exif[0x010E], exif[0x0112] = "Casa di Anna", 6  # what it shows; lying on its side
    extra = {"comment": b"Casa di Anna"} if format == "JPEG" else {}
    buffer = io.BytesIO()
    image = Image.new("RGB", (400, 300), "teal")
    image.save(buffer, format, exif=exif, xmp=b"<x>Casa di Anna</x>", **extra)
    polyglot = buffer.getvalue() + b"<?php Casa di Anna; ?><script>"
    sent = {"picture": sent_as(("a.jpg", polyglot), ""), "picture_alt_it": "Un foglio"}
    client.force_login(fabriano_delegate)
    client.post(NEW, beginning(fabriano, **sent))
    project = Project.objects.get()
    assert (project.picture_width, project.picture_height) == (300, 400)
    assert kept_files()
    for path in kept_files():
        kept = path.read_bytes()
        assert b"Anna" not in kept
        assert b"<script>" not in kept
        with Image.open(path) as picture:
            assert not picture.getexif()
            assert not {"comment", "xmp", "icc_profile"} & set(picture.info)


BOMBS = {
    "PNG of 40 megapixels with transparency": (bad_files.png, (6300, 6300), {"colour": 6}),
    "JPEG painted over": (bad_files.painted_over, (90,), {}),
    "JPEG painted over for minutes": (bad_files.painted_over, (100_000,), {}),
    "archive with an endless list": (bad_files.crowded, (380_000,), {}),
}


def test_bombs_take_little_memory_and_time(tmp_path):
    """All of them, one after the other, in a process of their own."""
    for number, (kind, (make_it, args, options)) in enumerate(BOMBS.items()):
        name = "a.zip" if kind.startswith("archive") else "a.jpg"
        (tmp_path / f"{number}{name}").write_bytes(make_it(*args, **options))
    told = subprocess.run(
        [sys.executable, "-m", "tests.defusing", *sorted(tmp_path.glob("[0-9]*"))],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "network.settings"},
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert [line.split()[0] for line in told] == ["kept", "kept", "refused", "refused"]
    for line in told:
        _what, megabytes, seconds = line.split()
        assert float(megabytes) < 280
        assert float(seconds) < 5
