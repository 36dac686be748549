from django.core.management.base import BaseCommand, CommandError

from network.archive import NotPossible
from network.archive.restoring import remarks, restore


class Command(BaseCommand):
    help = "Put an archive of `backup` into an empty database and empty storages."
    requires_system_checks = []  # there may be no table yet
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *, file, **options):
        try:
            manifest = restore(file, self.stdout.write)
        except NotPossible as error:
            raise CommandError(str(error)) from error
        for remark in remarks(manifest):
            self.stdout.write(remark)
        self.stdout.write("Restored.")
