import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from network.management.commands.backup import archives_in

# A place of its own on this machine's disk, whatever the portal itself uses.
ELSEWHERE = {
    "CACHE_URL": "locmemcache://",
    "DATABASE_REPLICA_URL": "",
    "MEDIA_STORAGE": "django.core.files.storage.FileSystemStorage",
    "PRIVATE_STORAGE": "django.core.files.storage.FileSystemStorage",
    "SEARCH_URL": "",
}


class Command(BaseCommand):
    help = "Restore an archive into a temporary place, compare every row and file, throw it away."

    def add_arguments(self, parser):
        parser.add_argument("file", help="an archive, or a folder whose newest one is meant")

    def handle(self, *, file, **options):
        path = Path(file)
        if path.is_dir():
            archives = archives_in(path)
            if not archives:
                raise CommandError(f"There is no archive in {path}.")
            path = archives[-1]
        with tempfile.TemporaryDirectory(prefix="portal-rehearsal-") as folder:
            place = {
                **ELSEWHERE,
                "DATA_DIR": folder,
                "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
                "MEDIA_STORAGE_OPTIONS": f'{{"location": "{folder}/media"}}',
                "PRIVATE_STORAGE_OPTIONS": f'{{"location": "{folder}/private"}}',
            }
            for words in (["restore", str(path.absolute())], ["check", "--database", "default"]):
                done = subprocess.run(  # noqa: S603  ourselves
                    [sys.executable, str(settings.BASE_DIR / "manage.py"), *words],
                    env={**os.environ, **place},
                    check=False,
                )
                if done.returncode:
                    raise CommandError(f"This archive cannot be relied upon: {path}")
        self.stdout.write(f"The rehearsal went well: {path}")
