from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from journal.loading import Loader

# In this order: what comes later names what came before.
FILES = [
    "cities/data/fields.json",
    "cities/data/cities.json",
    "cities/data/mandates.json",
    "programme/data/agreements.json",
    "programme/data/goals.json",
    "programme/data/areas.json",
    "projects/data/projects.json",
    "meetings/data/meetings.json",
    "news/data/pages.json",
]
OUTCOMES = {
    "created": "created",
    "updated": "brought up to the files",
    "edited": "with edits that were kept",
    "deleted": "deleted by someone and left so",
    "left out": "left out: already there, or without what they belong to",
}


class Command(BaseCommand):
    help = "Load the real network: fields, cities, mandates, agreements, projects, meetings, pages."

    def handle(self, **options):
        loader = Loader()
        with transaction.atomic():
            for file in FILES:
                loader.load(settings.BASE_DIR / file)
        told = [
            f"{loader.counts[name]} {text}"
            for name, text in OUTCOMES.items()
            if loader.counts[name]
        ]
        self.stdout.write(f"The real network: {'; '.join(told) or 'nothing to do'}.")
