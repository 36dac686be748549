"""The database is locked or gone, the disk is full: a page helps, and nobody loses text."""

import errno
import os
import sqlite3
import tempfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from documents import storage
from documents.files import clean_document
from documents.pictures import clean_picture
from documents.storage import FilesOnDisk, NotKept
from network.bad_days import trouble_of
from projects.models import Project
from tests import make
from tests.filling import beginning
from tests.markup import Page

pytestmark = pytest.mark.django_db

HOME = "http://testserver"
TYPED = {"title_it": "Carta & <colla>", "field": ["a", "b"]}


@pytest.fixture
def visitor():
    """A browser as it is, which shows what the server answers when it breaks."""
    return Client(raise_request_exception=False, headers={"origin": HOME})


@pytest.fixture
def on_disk(settings, tmp_path):
    """The storages of production, in a temporary place."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "documents.storage.FilesOnDisk",
            "OPTIONS": {"location": str(tmp_path / "media")},
        },
        "private": {
            "BACKEND": "documents.storage.FilesOnDisk",
            "OPTIONS": {"location": str(tmp_path / "private")},
        },
    }
    return tmp_path


def hidden(page):
    return [
        (field["name"], field["value"])
        for field in page.all("input")
        if field["type"] == "hidden" and field["name"] != "csrfmiddlewaretoken"
    ]


@pytest.mark.urls("tests.failing_urls")
@pytest.mark.parametrize(("address", "status"), [("locked/", 503), ("full/", 507)])
@pytest.mark.parametrize("language", ["it", "en"])
def test_the_page_of_a_bad_day_hands_back_what_was_typed(
    visitor, address, status, language, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = visitor.post(f"/{language}/{address}", TYPED)
    page = Page(answer.text)
    assert (answer.status_code, answer["Retry-After"]) == (status, "30")
    assert answer["Cache-Control"] == "no-store"
    assert page.faults == []
    with translation.override(language):
        assert page.all("h1")[0].text == gettext("Not saved yet, and nothing is lost")
    assert hidden(page) == [("title_it", "Carta & <colla>"), ("field", "a"), ("field", "b")]
    assert page.all("form")[0]["action"] == f"/{language}/{address}"


@pytest.mark.urls("tests.failing_urls")
def test_who_only_reads_is_asked_to_try_again(visitor):
    answer = visitor.get("/en/locked/?page=2")
    page = Page(answer.text)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert page.all("h1")[0].text == "Back in a moment"
    assert "/en/locked/?page=2" in page.links()


@pytest.mark.urls("tests.failing_urls")
def test_what_a_stranger_or_a_log_in_sends_is_not_handed_back(visitor):
    strange = visitor.post("/en/locked/", TYPED, headers={"origin": "https://evil.example"})
    secret = visitor.post("/en/locked/", {"login": "a@b.it", "password": "segreta"})
    for answer in (strange, secret):
        assert answer.status_code == 503
        assert hidden(Page(answer.text)) == []
        assert "segreta" not in answer.text


def locked(tmp_path):
    """What Django says when another holds the database's lock."""
    from django.db import connections
    from django.db.backends.sqlite3.base import DatabaseWrapper

    name = str(tmp_path / "held.sqlite3")
    at_once = {"NAME": name, "OPTIONS": {"timeout": 0}}
    holder = sqlite3.connect(name, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    other = DatabaseWrapper({**connections["default"].settings_dict, **at_once})
    try:
        assert other.features.supports_json_field  # a lock is no reason to forget what it can
        with pytest.raises(OperationalError) as caught:
            other.cursor().execute("CREATE TABLE a (b)")
    finally:
        other.close()
        holder.close()
    return caught.value


def test_a_bad_day_is_told_from_a_fault_of_ours(tmp_path):
    assert trouble_of(locked(tmp_path)) == "data"
    assert trouble_of(NotKept(errno.ENOSPC, "full")) == "room"
    assert trouble_of(ValueError()) is None
    assert trouble_of(IntegrityError()) is None
    missing = OperationalError("no such table: a")
    missing.__cause__ = sqlite3.OperationalError("no such table: a")
    missing.__cause__.sqlite_errorcode = sqlite3.SQLITE_ERROR
    assert trouble_of(missing) is None


def test_without_room_a_file_is_refused_beside_its_field_and_the_reserve_stays_free(
    monkeypatch, on_disk
):
    picture = make.picture_upload()
    free = storage.shutil.disk_usage(on_disk).free
    monkeypatch.setattr(storage, "RESERVE", free)
    with pytest.raises(ValidationError) as caught:
        clean_picture(picture)
    assert caught.value.code == "no_room"
    with pytest.raises(ValidationError) as caught:
        clean_document(SimpleUploadedFile("a.pdf", b"%PDF-1.7 %%EOF"))
    assert caught.value.code == "no_room"
    monkeypatch.undo()
    picture.seek(0)
    assert clean_picture(picture).size > 0


def test_a_folder_that_is_gone_or_in_the_way_is_no_room(on_disk):
    (on_disk / "media").write_text("a file where the folder should be")
    assert not default_storage.has_room(1)
    (on_disk / "media").unlink()
    assert default_storage.has_room(1)


def test_a_file_that_does_not_fit_leaves_nothing_behind(on_disk):
    class Breaking(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half of it"
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(NotKept):
        storages["private"].save("documents/a.pdf", Breaking(b"x"))
    assert list((on_disk / "private" / "documents").iterdir()) == []
    assert storages["private"].save("documents/a.pdf", ContentFile(b"whole")) == "documents/a.pdf"


def test_a_moved_file_that_is_cut_short_is_no_file(on_disk):
    upload = TemporaryUploadedFile("a.pdf", "application/pdf", 0, None)
    upload.write(b"whole")
    upload.flush()
    upload.size = 9  # as it was before the disk was full
    with pytest.raises(NotKept):
        FilesOnDisk(on_disk / "private").save("a.pdf", upload)
    assert list((on_disk / "private").iterdir()) == []


def test_a_large_file_that_cannot_be_received_leaves_the_rest_of_the_form(
    settings, tmp_path, visitor, fabriano, fabriano_delegate
):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "gone")
    visitor.force_login(fabriano_delegate)
    typed = {**beginning(fabriano), "title_it": "Carta", "summary_it": "Tutto ciò che ho scritto."}
    answer = visitor.post("/it/progetti/nuovo/", {**typed, "picture": make.picture_upload()})
    assert answer.status_code == 507
    assert ("summary_it", "Tutto ciò che ho scritto.") in hidden(Page(answer.text))
    assert not Project.objects.exists()
    settings.FILE_UPLOAD_TEMP_DIR = tempfile.gettempdir()
    visitor.post("/it/progetti/nuovo/", dict(hidden(Page(answer.text))))
    assert Project.objects.get().summary_it == "Tutto ciò che ho scritto."
