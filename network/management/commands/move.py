import os
import subprocess
import sys
import tempfile

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from network.archive import NotPossible
from network.archive.writing import write_archive


class Command(BaseCommand):
    help = "Copy the whole database into another, empty one (SQLite to PostgreSQL, or back)."

    def add_arguments(self, parser):
        parser.add_argument("database_url", help="postgres://user:password@host/name")

    def handle(self, *, database_url, **options):
        with tempfile.TemporaryDirectory(prefix="portal-move-", dir=settings.DATA_DIR) as folder:
            path = f"{folder}/portal.zip"
            try:
                write_archive(path, self.stdout.write, places=())
            except (NotPossible, OSError) as error:
                raise CommandError(f"Nothing was moved: {error}") from error
            done = subprocess.run(  # noqa: S603  ourselves
                [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", path],
                env={**os.environ, "DATABASE_URL": database_url},
                check=False,
            )
        if done.returncode:
            raise CommandError("Nothing was moved: this portal goes on as it was.")
        self.stdout.write("Now put this address into DATABASE_URL, and start the portal again.")
