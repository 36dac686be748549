import logging
import time

from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections

from accounts.ended_sessions import forget_ended_sessions
from cities.checkups import ask_cities
from documents.widths import make_widths
from journal.delivery import deliver_waiting
from journal.dormancy import tend_dormant
from journal.mail import send_digests
from journal.revision import fold_revisions
from meetings.approving import approve_by_silence
from meetings.forgetting import forget_guests
from meetings.overdue import remind_overdue
from meetings.reminders import remind_invited
from network.statistics import measure_tables
from network.status import LAST_ROUND
from projects.duties import ask_for_results, note_keepers

PAUSE = 600  # seconds between two rounds of the duties; what waits goes out in between

# What the portal does by itself. Each knows what it has done already, so that it may be called at
# any time and as often as one likes, catches up after a day off, and answers how many it wrote to.
DUTIES = {
    "projects that nobody keeps": note_keepers,
    "projects asked for results": ask_for_results,
    "minutes approved by silence": approve_by_silence,
    "reminders of meetings": remind_invited,
    "digests": send_digests,
    "letters to cities": ask_cities,
    "reminders of overdue actions": remind_overdue,
    "dormant accounts": tend_dormant,
    "forgotten guests": forget_guests,
    "ended sessions": forget_ended_sessions,
    "measured tables": measure_tables,
    "folded revisions": fold_revisions,
    "pictures made whole": make_widths,
}

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do what is due today, and send what waits: every mail in the outbox."

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="go on for ever, as a service")
        parser.add_argument("--every", type=int, default=20, help="seconds between two looks")

    def handle(self, *, watch, every, **options):
        next_round = time.monotonic()
        while True:
            try:
                if time.monotonic() >= next_round:
                    next_round += PAUSE
                    self.do_duties()
                deliver_waiting()
            except (DatabaseError, InterfaceError):
                if not watch:
                    raise
                logger.exception("The database cannot be reached, and is tried again")
            if not watch:
                return
            close_old_connections()
            time.sleep(every)

    def do_duties(self):
        """Do each; one that fails is logged, and holds up neither the others nor the mail."""
        done = {}
        for name, duty in DUTIES.items():
            try:
                done[name] = duty()
            except Exception:
                logger.exception("This could not be done, and is tried again: %s", name)
        if any(done.values()):
            logger.info("Done: %s", ", ".join(f"{m} {name}" for name, m in done.items() if m))
        cache.set(LAST_ROUND, {"at": time.time(), "failed": len(DUTIES) - len(done)}, None)
