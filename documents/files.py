"""What a document may be, told by its content and never by what its sender says of it."""

import zipfile
import zlib
from functools import partial
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _

from documents.storage import clean_room

MAX_BYTES = 20 * 1024 * 1024

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".zip": "application/zip",
}
SIGNATURES = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}
# What the archive's reader raises at damaged files, besides BadZipFile; ValueError counts a wrong
# position and letters that are none, RuntimeError a password and a method it does not know.
UNREADABLE = (zipfile.BadZipFile, KeyError, ValueError, RuntimeError, OSError, EOFError, zlib.error)
OFFICE_PARTS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}


def extension_of(name):
    return PurePath(name).suffix.lower()


def media_type_of(name):
    return MEDIA_TYPES.get(extension_of(name), "application/octet-stream")


def throw_away(file):
    """Take a file from the disk when the transaction is through."""
    transaction.on_commit(partial(file.storage.delete, file.name))


def clean_document(upload):
    """Refuse a file that is too large, empty, or not what its ending promises.

    Raises ValidationError with a sentence for the person who sends it.
    """
    ending = extension_of(upload.name)
    if ending not in MEDIA_TYPES:
        raise ValidationError(
            _("Files of this kind cannot be kept here: send %(kinds)s."),
            params={"kinds": ", ".join(kind.removeprefix(".").upper() for kind in MEDIA_TYPES)},
        )
    if upload.size == 0:
        raise ValidationError(_("This file is empty."))
    if upload.size > MAX_BYTES:
        raise ValidationError(
            _("This file has %(size)d MB; at most %(most)d MB are possible."),
            params={"size": upload.size // 1024**2, "most": MAX_BYTES // 1024**2},
        )
    upload.open()
    try:
        genuine = _is(ending, upload)
    finally:
        upload.seek(0)
    if not genuine:
        raise ValidationError(
            _("This file is not a real %(kind)s, or it is damaged. Save it again and resend it."),
            params={"kind": ending.removeprefix(".").upper()},
        )
    clean_room(storages["private"], upload.size)


def _is(ending, upload):
    if ending in SIGNATURES:
        return upload.read(8).startswith(SIGNATURES[ending])
    try:
        with zipfile.ZipFile(upload) as archive:
            names = archive.namelist()
            if ending in OFFICE_PARTS:
                return "[Content_Types].xml" in names and any(
                    name.startswith(OFFICE_PARTS[ending]) for name in names
                )
            if ending in (".odt", ".ods"):
                with archive.open("mimetype") as kind:  # never more of it than is needed: a bomb
                    return kind.read(100).decode().strip() == MEDIA_TYPES[ending]
            return True
    except UNREADABLE:
        return False
