"""Where files lie: whole or not at all, on the disk before the row that names them, and never so
many that the database beside them has no room left."""

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.utils.translation import gettext as _

RESERVE = 32 * 1024 * 1024  # bytes that files leave free, for the database on the same disk


class NotKept(OSError):
    """A file could not be written; nothing of it is left behind."""


class FilesOnDisk(FileSystemStorage):
    """Django's, which leaves no half file behind, and waits until the disk has the whole one.

    Raises NotKept where it cannot be written: no room, a folder that is gone or only read.
    """

    def _save(self, name, content):
        path = Path(self.path(name))
        was_there = path.exists()
        try:
            saved = super()._save(name, content)
            self.wait_for(Path(self.path(saved)), content)
        except OSError as error:
            if not was_there:
                with suppress(OSError):
                    path.unlink()
            raise NotKept(*error.args) from error
        return saved

    def wait_for(self, path, content):
        """Come back when file and folder have reached the disk, as the database's rows do."""
        if hasattr(content, "temporary_file_path") and path.stat().st_size != content.size:
            raise NotKept(errno.ENOSPC, "only a part of it was written")  # Django does not look
        for each in (path, path.parent):
            handle = os.open(each, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def has_room(self, size):
        """Whether so many bytes can be written now, and the reserve stays free."""
        place = Path(self.location)
        while not place.exists():  # made when the first file comes
            place = place.parent
        is_open = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
        return is_open and shutil.disk_usage(place).free >= size + RESERVE


def clean_room(storage, size):
    """Refuse a file of so many bytes beside its field where there is no room for it.

    Raises ValidationError with a sentence for the person who sends it.
    """
    has_room = getattr(storage, "has_room", None)
    if has_room and not has_room(size):
        raise ValidationError(
            _("The portal has no room for files right now. Save the rest, and add this one later."),
            code="no_room",
        )


class Received(TemporaryFileUploadHandler):
    """Django's for large files; without room for one it leaves it out, and the rest of the form
    is read. Whoever sent it is told by network.bad_days."""

    def new_file(self, *args, **kwargs):
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self.leave_out(error)
            raise SkipFile from error

    def receive_data_chunk(self, raw_data, start):
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self.leave_out(error)
            raise SkipFile from error

    def file_complete(self, file_size):
        try:
            return super().file_complete(file_size)
        except OSError as error:  # the last bytes of it
            return self.leave_out(error)

    def leave_out(self, error):
        self.request.file_not_received = NotKept(*error.args)
        if hasattr(self, "file"):
            with suppress(OSError):
                self.file.close()
            del self.file
