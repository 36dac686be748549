from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from network.demonstration.clearing import clear


class Command(BaseCommand):
    help = "Remove every trace of the demonstration, and what its people made since."

    def add_arguments(self, parser):
        parser.add_argument("--force", action="store_true", help="also where DEBUG is off")

    def handle(self, *, force, **options):
        if not (settings.DEBUG or force):
            raise CommandError("Where DEBUG is off, this wants --force.")
        gone = clear()
        self.stdout.write(f"The demonstration: {gone} things removed.")
