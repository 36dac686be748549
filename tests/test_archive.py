"""The archive: all of the portal in one file, exact, of one moment, back whole or not at all."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as of_the_portal
from django.core.files.storage import storages
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection

from documents.models import Document
from journal.models import Event
from network.archive import NotPossible, rows
from network.archive.restoring import restore
from network.archive.writing import one_moment, write_archive
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(fabriano, parma, client):
    """A portal with something of every kind: texts, sums, moments, files, mails, a session."""
    project = make.project(
        lead=fabriano,
        status="published",
        title_it="Carta “è”   e\nmusica 🎶",
        partners=[parma],
        fields=["music"],
        lines=[make.line(number=1)],
    )
    project.fundings.create(programme="Creative Europe", amount=Decimal("12345678.90"))
    moment = datetime(2026, 3, 1, 9, 30, 15, 123456, tzinfo=UTC)
    Project.objects.filter(pk=project.pk).update(updated_at=moment)
    details = {"changes": {"z": [None, "è"], "a": [1.5, True]}}
    Event.objects.record(project, "update", by=None, details=details)
    make.document(owner=project)
    EmailMessage("Verbale", "Testo", to=["a@b.it"], attachments=[("a.txt", "à")]).send()
    client.force_login(make.delegate(city=fabriano))
    make.project(lead=parma).delete()  # whose number nobody gets again
    storages["default"].save("project/foto.jpg", make.picture_upload())
    return project


@pytest.fixture
def archive(portal, tmp_path):
    path = tmp_path / "portal.zip"
    write_archive(path)
    return path


def empty(settings):
    """The same place as it was before anybody had come."""
    call_command("flush", interactive=False, verbosity=0)
    for alias in ("default", "private"):
        shutil.rmtree(settings.STORAGES[alias]["OPTIONS"]["location"], ignore_errors=True)


def contents():
    """What the database holds, table by table, and what numbers come next."""
    state = rows.State(connection)
    sums = {table: rows.sum_of(model, "default") for table, model in state.models.items()}
    return sums, state.sequences()


def test_everything_comes_back_exactly_as_it_was(portal, archive, settings, client):
    before, file = contents(), Document.objects.get().file.read()
    empty(settings)
    assert contents() != before
    restore(archive)
    assert contents() == before
    again = Project.objects.get(slug=portal.slug)
    assert again.updated_at.microsecond == 123456
    assert again.fundings.get().amount == Decimal("12345678.90")
    assert Document.objects.get().file.read() == file
    assert storages["default"].exists("project/foto.jpg")
    assert client.get("/it/scrivania/").status_code == 200  # the session goes on
    assert list(Project.objects.search("musica")) == [again]


def test_numbers_of_what_was_deleted_are_not_given_again(portal, archive, settings):
    last = Project.objects.latest("pk").pk
    empty(settings)
    restore(archive)
    fresh = make.project(lead=portal.lead)
    assert fresh.pk == last + 2


def test_a_place_that_holds_data_is_left_alone(portal, archive):
    before = contents()
    with pytest.raises(NotPossible, match="holds data already"):
        restore(archive)
    assert contents() == before


def test_a_file_that_is_there_already_is_neither_overwritten_nor_lost(archive, settings):
    empty(settings)
    storages["default"].save("project/foto.jpg", make.picture_upload(colour="red"))
    with pytest.raises(NotPossible, match=r"another file already: project/foto\.jpg"):
        restore(archive)
    assert not Project.objects.exists()
    folder = Path(settings.STORAGES["private"]["OPTIONS"]["location"])
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("share", [0.2, 0.7, 0.999])
def test_an_archive_that_was_cut_is_refused_before_anything_is_touched(archive, settings, share):
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * share)])
    empty(settings)
    with pytest.raises(NotPossible, match="cut or damaged"):
        restore(archive)
    assert not Project.objects.exists()


def test_a_single_byte_that_changed_is_noticed(archive, settings):
    whole = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as opened:
        place = opened.getinfo("files/media/project/foto.jpg").header_offset + 200
    whole[place] ^= 1
    archive.write_bytes(whole)
    empty(settings)
    with pytest.raises(NotPossible, match="damaged"):
        restore(archive)


def rewritten(archive, change):
    """The archive with `change` done to its members, and its sums made to fit."""
    from hashlib import sha256

    with zipfile.ZipFile(archive) as old:
        members = {name: old.read(name) for name in old.namelist() if name != "SHA256SUMS"}
    change(members)
    sums = "".join(f"{sha256(data).hexdigest()}  {name}\n" for name, data in members.items())
    with zipfile.ZipFile(archive, "w") as new:
        for name, data in {**members, "SHA256SUMS": sums.encode()}.items():
            new.writestr(name, data)


@pytest.mark.parametrize(
    "name",
    ["files/media/../evil.py", "files/media//etc/evil", "files/private/a\\..\\b", "files/other/a"],
)
def test_a_name_that_leads_elsewhere_is_refused(archive, settings, name):
    rewritten(archive, lambda members: members.update({name: b"evil"}))
    empty(settings)
    with pytest.raises(NotPossible, match="a name that is none"):
        restore(archive)
    assert not Project.objects.exists()


def test_rows_that_do_not_fit_together_are_all_taken_back(archive, settings):
    def orphan(members):
        manifest = json.loads(members["manifest.json"])
        header = members["rows/cities_city.jsonl"].splitlines(keepends=True)[0]
        members["rows/cities_city.jsonl"] = header
        manifest["tables"]["cities_city"] = rows.Sum().told()
        members["manifest.json"] = json.dumps(manifest).encode()

    rewritten(archive, orphan)
    empty(settings)
    with pytest.raises(Exception, match=r"(?i)foreign key|constraint"):
        restore(archive)
    assert not Project.objects.exists()
    assert not storages["default"].exists("project/foto.jpg")


def test_an_archive_of_newer_code_is_refused(archive, settings):
    def newer(members):
        manifest = json.loads(members["manifest.json"])
        manifest["migrations"].append(["projects", "9999_of_the_future"])
        members["manifest.json"] = json.dumps(manifest).encode()

    rewritten(archive, newer)
    empty(settings)
    with pytest.raises(NotPossible, match="newer code"):
        restore(archive)


def test_another_file_is_no_archive(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK no")
    with pytest.raises(CommandError, match="cut or damaged"):
        call_command("restore", tmp_path / "a.zip")
    with pytest.raises(CommandError, match="no such file"):
        call_command("restore", tmp_path / "b.zip")


def test_an_archive_is_for_its_owners_eyes_and_never_overwrites(archive):
    assert archive.stat().st_mode & 0o777 == 0o600
    before = archive.read_bytes()
    with pytest.raises(CommandError, match="a file already"):
        call_command("backup", archive)
    assert archive.read_bytes() == before


def test_an_archive_that_fails_half_way_leaves_nothing(portal, tmp_path, monkeypatch):
    monkeypatch.setattr("network.archive.writing.names_in", lambda storage: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_archive(tmp_path / "portal.zip")
    assert list(tmp_path.glob("*portal.zip*")) == []


def test_a_file_that_is_gone_is_told(portal, tmp_path):
    lost = Document.objects.get().file.name
    storages["private"].delete(lost)
    assert f"private/{lost}" in write_archive(tmp_path / "portal.zip")["gone"]


def test_only_the_newest_archives_stay(portal, tmp_path, capsys):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "portal-of-somebody.zip").write_text("not ours")
    for day in (1, 2, 3):
        with time_machine.travel(datetime(2026, 11, day, 2, 30, tzinfo=UTC)):
            call_command("backup", folder, keep=2)
    assert sorted(path.name for path in folder.iterdir()) == [
        "portal-2026-11-02-033000.zip",
        "portal-2026-11-03-033000.zip",
        "portal-of-somebody.zip",
    ]
    assert "Deleted" in capsys.readouterr().out


def test_what_is_written_meanwhile_is_not_in_it(portal, fabriano):
    if connection.vendor == "sqlite":
        pytest.skip("the tests' database in memory knows no second reader; a drill tries it")
    with one_moment() as moment:
        model = rows.State(moment).models["projects_project"]
        before = rows.sum_of(model, "archive")
        make.project(lead=fabriano)
        assert rows.sum_of(model, "archive") == before
    assert rows.sum_of(model, "default") != before


def test_a_rehearsal_restores_it_elsewhere_and_leaves_nothing(archive):
    """On PostgreSQL's run this is also the way from there to SQLite."""
    done = subprocess.run(
        [sys.executable, str(of_the_portal.BASE_DIR / "manage.py"), "rehearse", str(archive)],
        env={**os.environ, "TMPDIR": str(archive.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The rehearsal went well" in done.stdout
    assert list(archive.parent.glob("portal-rehearsal-*")) == []
