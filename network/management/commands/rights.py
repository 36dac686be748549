from django.core.management.base import BaseCommand

from network.rights_matrix import PLACE, written


class Command(BaseCommand):
    help = "Write docs/rights.md: who may do what, as the code answers."

    def handle(self, **options):
        PLACE.write_text(written(), encoding="utf-8")
        self.stdout.write(f"Written: {PLACE}")
