from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from network.demonstration import building


class Command(BaseCommand):
    help = "Add the demonstration: invented people, projects, news and meetings, labelled as such."

    def add_arguments(self, parser):
        parser.add_argument("--force", action="store_true", help="also where DEBUG is off")

    def handle(self, *, force, **options):
        if not (settings.DEBUG or force):
            raise CommandError("A demonstration has no place on a real portal. Or use --force.")
        if building.is_built():
            self.stdout.write("The demonstration: nothing to do.")
        elif missing := building.missing_cities():
            names = ", ".join(sorted(missing))
            raise CommandError(f"Run load_network first: these cities are missing: {names}.")
        else:
            building.build()
            self.stdout.write("The demonstration: loaded. `manage.py clear_demo` removes it.")
        self.stdout.write(f"Its people, all with the password “{building.PASSWORD}”:")
        for person in building.read("people"):
            part = person.get("group") or f"{person['role']} of {person['city']}"
            self.stdout.write(f"  {person['email']:<28} {part.replace('_', ' ')}")
