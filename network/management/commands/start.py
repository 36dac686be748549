from os import environ

from django.contrib.staticfiles.management.commands.runserver import Command as Runserver
from django.core.management import call_command
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV


class Command(Runserver):
    """Prepare and serve in one process, which starts Django once less: what `make run` does."""

    help = "Migrates, loads the real network and the demonstration, and serves them (development)."

    def handle(self, *args, **options):
        if DJANGO_AUTORELOAD_ENV not in environ:  # not again at each change of the code
            self.stdout.write("Preparing the database, half a minute the first time.")
            call_command("migrate", verbosity=0)
            call_command("load_network")
            call_command("load_demo")
            self.stdout.write(f"\nThe portal: http://127.0.0.1:{options['addrport'] or 8000}/\n\n")
        super().handle(*args, **options)
