import os
import sys
import zipfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from network.archive import NotPossible
from network.archive.writing import write_archive, write_to

NAME = "portal-%Y-%m-%d-%H%M%S.zip"


class Command(BaseCommand):
    help = "Write the whole portal (rows, pictures, documents) into one file, while people work."

    def add_arguments(self, parser):
        parser.add_argument("file", help="a new file; a folder, for one named by the moment; or -")
        parser.add_argument(
            "--keep", type=int, help="in a folder: how many archives stay, the newest ones"
        )

    def handle(self, *, file, keep, **options):
        if keep is not None and (keep < 1 or not Path(file).is_dir()):
            raise CommandError("--keep wants a folder, and a number of archives to keep.")
        try:
            if file == "-":
                with alone_on_stdout() as pipe:
                    write_to(pipe, self.stderr.write)
                return
            path = Path(file)
            if path.is_dir():
                path /= timezone.localtime().strftime(NAME)
            write_archive(path, self.stdout.write)
        except (NotPossible, OSError, zipfile.LargeZipFile) as error:
            raise CommandError(f"No archive was written: {error}") from error
        self.stdout.write(f"Whole: {path}")
        if keep:
            self.rotate(path.parent, keep)

    def rotate(self, folder, keep):
        for old in archives_in(folder)[:-keep]:
            old.unlink()
            self.stdout.write(f"Deleted, as older than the newest {keep}: {old.name}")


@contextmanager
def alone_on_stdout():
    """Standard output for bytes alone: what the log says meanwhile goes to standard error."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as pipe:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        yield pipe


def archives_in(folder):
    """The archives that this command named, the oldest first."""
    return sorted(path for path in Path(folder).glob("portal-*.zip") if is_ours(path.name))


def is_ours(name):
    try:
        return bool(datetime.strptime(name, NAME))  # noqa: DTZ007  a name, not a moment
    except ValueError:
        return False
