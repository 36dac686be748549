"""Writing: one archive of one moment, while people go on writing."""

import json
import os
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.utils.crypto import salted_hmac

from network.archive import rows
from network.archive.files import STORAGES, names_in, pieces

FORMAT = 1
MOMENT = "archive"  # the alias of the connection that sees one moment
PARTIAL = ".partial"


def write_archive(path, tell=lambda line: None, places=tuple(STORAGES)):
    """Write the archive there, readable by its owner alone, under its name only once it is whole.

    Answers its manifest. Raises FileExistsError where there is one, OSError where the disk is full.
    """
    path = Path(path)
    if path.exists():
        raise FileExistsError(f"There is a file already: {path}")
    partial = path.with_name(f".{path.name}{PARTIAL}")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            manifest = write_to(file, tell, places)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def write_to(file, tell=lambda line: None, places=tuple(STORAGES)):
    """Write the archive to an open file, which may be a pipe; answers its manifest.

    First the rows of one moment, then the files. A file is on the disk before its row is, and
    keeps its name for good; so each row finds its file, unless somebody deleted both since.
    """
    with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        writer = Writer(archive)
        with one_moment() as connection:
            state = rows.State(connection)
            manifest = begun(connection, state)
            for table, model in state.models.items():
                manifest["tables"][table] = writer.table(table, model)
            manifest["sequences"] = state.sequences()
        tell(f"{sum(each['rows'] for each in manifest['tables'].values())} rows")
        for place in places:
            found = manifest["files"][place] = writer.files(place, storages[STORAGES[place]])
            tell(f"{found['count']} files of {place}, {found['bytes']} bytes")
        manifest["gone"] = writer.gone() if places else []
        writer.text("manifest.json", json.dumps(manifest, indent=1))
        writer.text("SHA256SUMS", "".join(f"{s}  {name}\n" for name, s in writer.sums.items()))
    return manifest


def begun(connection, state):
    """What whoever restores it must know; of the key only whether it is the same one."""
    return {
        "portal": "creative-cities",
        "format": FORMAT,
        "version": settings.VERSION,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine": connection.vendor,
        "key": fingerprint_of_the_key(),
        "migrations": state.applied,
        "tables": {},
        "files": {},
    }


def fingerprint_of_the_key():
    return salted_hmac("network.archive", "which key", algorithm="sha256").hexdigest()[:16]


@contextmanager
def one_moment():
    """A connection that sees the database as it is now, until it is closed, and holds up nobody.

    On PostgreSQL one REPEATABLE READ transaction; on SQLite a reader of the WAL, which writers
    write past (not IMMEDIATE as the portal's own, which would make them wait).
    """
    connection = connections[DEFAULT_DB_ALIAS].copy(MOMENT)
    connection.settings_dict["OPTIONS"].pop("transaction_mode", None)
    connections[MOMENT] = connection
    try:
        with transaction.atomic(using=MOMENT):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection
    finally:
        connection.close()
        del connections[MOMENT]


class Writer:
    """Adds members to an archive, and remembers their sums and which files the rows name."""

    def __init__(self, archive):
        self.archive, self.sums, self.named, self.found = archive, {}, set(), set()

    def member(self, name, parts, compression):
        """One member from its parts; answers its length in bytes."""
        info = zipfile.ZipInfo(name, date_time=datetime.now(UTC).timetuple()[:6])
        info.compress_type, info.external_attr = compression, 0o600 << 16
        digest, length = sha256(), 0
        with self.archive.open(info, "w", force_zip64=True) as target:
            for part in parts:
                digest.update(part)
                length += len(part)
                target.write(part)
        self.sums[name] = digest.hexdigest()
        return length

    def text(self, name, text):
        self.member(name, [text.encode()], zipfile.ZIP_DEFLATED)

    def table(self, table, model):
        total, files = rows.Sum(), files_named(model)

        def parts():
            yield rows.dump(rows.columns_of(model)).encode() + b"\n"
            for line in rows.lines_of(model, MOMENT):
                total.add(line)
                if files:
                    row = json.loads(line)
                    self.named |= {(place, row[at]) for at, place in files if row[at]}
                yield line + b"\n"

        self.member(f"rows/{table}.jsonl", parts(), zipfile.ZIP_DEFLATED)
        return total.told()

    def files(self, place, storage):
        """The files of one storage, as they are: most are compressed already."""
        count = size = 0
        for name in names_in(storage):
            try:
                file = storage.open(name)
            except FileNotFoundError:  # deleted since it was listed
                continue
            with file:
                size += self.member(f"files/{place}/{name}", pieces(file), zipfile.ZIP_STORED)
            self.found.add((place, name))
            count += 1
        return {"count": count, "bytes": size}

    def gone(self):
        """Files that rows name and the storages no longer have."""
        return sorted(f"{place}/{name}" for place, name in self.named - self.found)


def files_named(model):
    """Its columns that name files: (position in the row, place in the archive)."""
    return [
        (position, place)
        for position, field in enumerate(model._meta.local_concrete_fields)
        if isinstance(field, models.FileField)
        for place, alias in STORAGES.items()
        if field.storage == storages[alias]
    ]
