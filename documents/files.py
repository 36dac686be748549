"""What a document may be, told by its content and never by what its sender says of it."""

import zipfile
import zlib
from functools import partial
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _

from documents.pictures import is_whole
from documents.storage import clean_room

MAX_BYTES = 20 * 1024 * 1024
# What an archive may become where it is unpacked, and how long the list of what is in it may be.
MOST_UNPACKED = 500 * 1024 * 1024
LONGEST_INDEX = 1024 * 1024

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
PICTURES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
# What the archive's reader raises at damaged files, besides BadZipFile; ValueError counts a wrong
# position and letters that are none, RuntimeError a password and a method it does not know.
UNREADABLE = (zipfile.BadZipFile, KeyError, ValueError, RuntimeError, OSError, EOFError, zlib.error)
MACROS = "vbaproject.bin"  # where an office file keeps its programs, whatever it is called
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

    Raises ValidationError with a sentence for the person who sends it. A file that is kept here
    already was judged when it came.
    """
    if getattr(upload, "_committed", False):
        return
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
    if ending == ".pdf":
        return _is_pdf(upload)
    if ending in PICTURES:
        return is_whole(upload, PICTURES[ending])
    try:
        return _is_archive(ending, upload)
    except UNREADABLE:
        return False


def _is_pdf(upload):
    """Whether it begins as one, and was not cut: its end is near the end (ISO 32000-1, H.3)."""
    begins = upload.read(5) == b"%PDF-"
    upload.seek(max(0, upload.size - 4096))
    return begins and b"%%EOF" in upload.read()


def _is_archive(ending, upload):
    """Look into an archive without unpacking it.

    Raises one of UNREADABLE where it is damaged, ValidationError where it would do harm.
    """
    if upload.read(2) != b"PK":
        return False  # something else, with an archive behind it
    end = zipfile._EndRecData(upload)  # read before the list of what is in it, which may be endless
    if not end or end[zipfile._ECD_SIZE] > LONGEST_INDEX:
        return False
    with zipfile.ZipFile(upload) as archive:
        names = archive.namelist()
        _refuse_harm(archive)
        if ending in OFFICE_PARTS:
            return "[Content_Types].xml" in names and any(
                name.startswith(OFFICE_PARTS[ending]) for name in names
            )
        if ending in (".odt", ".ods"):
            with archive.open("mimetype") as kind:  # never more of it than is needed: a bomb
                return kind.read(100).decode().strip() == MEDIA_TYPES[ending]
        return True


def _refuse_harm(archive):
    """Refuse what would fill a reader's disk, land outside its folder there, or run by itself."""
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise ValidationError(
            _("Unpacked, this file would have more than %(most)d MB: divide it into several."),
            params={"most": MOST_UNPACKED // 1024**2},
        )
    for part in parts:
        steps = part.filename.replace("\\", "/").split("/")
        if ".." in steps or not steps[0] or ":" in steps[0]:
            raise ValidationError(
                _("Something in this archive would be put outside its own folder: pack it anew.")
            )
        if steps[-1].lower() == MACROS:
            raise ValidationError(
                _("There are macros in this file, which could harm its readers: save it without.")
            )
