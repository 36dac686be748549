import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from post_office.mail import send_queued_mail_until_done

from journal.mail import send_digests


class Command(BaseCommand):
    help = "Send what waits: today's digests, then every mail in the outbox."

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="go on for ever, as a service")
        parser.add_argument("--every", type=int, default=20, help="seconds between two looks")

    def handle(self, *, watch, every, **options):
        while True:
            digests = send_digests()
            send_queued_mail_until_done()
            if digests:
                self.stdout.write(f"{digests} digests")
            if not watch:
                return
            close_old_connections()
            time.sleep(every)
