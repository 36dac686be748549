"""A portal for one drill: its database, its folder, its cast, its web server and mail worker."""

import contextlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests import serving

DATABASES = ("SQLite", "PostgreSQL")
WRITERS = 20


class Inside:
    """A process of the portal that answers questions about its database (tests.drills.inside)."""

    def __init__(self, environment):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.drills.inside"],
            cwd=serving.ROOT, env=environment, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __call__(self, question, **asked):
        self.process.stdin.write(json.dumps([question, asked]) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline() or '{"error": "it has ended"}')
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["answer"]

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)


class Round:
    """One round of the mail worker, in a process of its own that can be killed."""

    def __init__(self, inside):
        self.inside = inside
        self.pid = inside("deliver")

    def has_ended(self):
        return self.inside("has_ended", number=self.pid)

    def wait(self, seconds=120):
        """Wait until it is through; killed where it is not."""
        until = time.monotonic() + seconds
        while not self.has_ended():
            if time.monotonic() > until:
                self.kill()
            time.sleep(0.02)

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class Stage:
    """A portal that is migrated and has its cast; everything of it lies in `folder`."""

    def __init__(self, folder, database_url, variables):
        self.folder, self.database_url = Path(folder), database_url
        self.port = serving.free_port()
        self.variables = {"DIGEST_HOUR": "24", "LIMITS": "0", "LOG_LEVEL": "ERROR", **variables}
        self.served, self.server, self.workers = None, contextlib.ExitStack(), []
        self.asked = None

    @property
    def environment(self):
        return serving.production(
            database_url=self.database_url, data_dir=self.folder, port=self.port, **self.variables
        )

    @property
    def is_sqlite(self):
        return self.database_url.startswith("sqlite")

    @property
    def database_file(self):
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *command):
        return serving.manage(self.environment, *command)

    def inside(self, question, **asked):
        """What a function of tests.drills.inside answers."""
        self.asked = self.asked or Inside(self.environment)
        return self.asked(question, **asked)

    def serve(self):
        """Start the web server, again if it was killed."""
        self.server.close()
        self.served = self.server.enter_context(
            serving.portal(
                database_url=self.database_url, data_dir=self.folder, port=self.port,
                **self.variables,
            )
        )  # fmt: skip

    def work(self):
        """Start a mail worker as in production, which looks every second."""
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "deliver", "--watch", "--every", "1"],
            cwd=serving.ROOT, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def deliver(self):
        """Begin one round of the mail worker."""
        return Round(self.inside)

    def end(self):
        """Stop all of it."""
        for worker in self.workers:
            kill(worker)
        if self.asked:
            self.asked.end()
        self.server.close()


def kill(process):
    """End a process at once, as a power cut does, and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    process.wait()


class Theatre:
    """Makes stages: one PostgreSQL for all, and one migrated database with its cast to copy."""

    def __init__(self, stack):
        self.stack, self.numbers = stack, itertools.count(1)
        self.folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-drills-"))
        )
        self.server, self.first = None, {}

    def database(self, kind, copied=None):
        """The address of a new database, empty or a copy."""
        name = f"drill{next(self.numbers)}"
        if kind == "SQLite":
            path = self.folder / f"{name}.sqlite3"
            if copied:
                shutil.copy(copied.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        import psycopg

        self.server = self.server or self.stack.enter_context(serving.postgres(durable=True))
        template = f" TEMPLATE {database_name(copied)}" if copied else ""
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}{template}")
        before, asked, options = self.server.partition("?")
        return f"{before.rpartition('/')[0]}/{name}{asked}{options}"

    @contextlib.contextmanager
    def stage(self, kind, *, empty=False, folder=None, **variables):
        """A portal on "SQLite" or "PostgreSQL", migrated and with its cast, or with nothing."""
        if not empty and kind not in self.first:
            self.first[kind] = self.prepared(kind)
        url, cast = (None, None) if empty else self.first[kind]
        with contextlib.ExitStack() as stack:
            place = stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-drill-"))
            place, address = Path(folder or place), self.database(kind, url)
            if kind == "SQLite" and folder:  # the disk to be filled is the database's too
                moved = place / "portal.sqlite3"
                shutil.move(address.removeprefix("sqlite:///"), moved)
                address = f"sqlite:///{moved}"
            made = Stage(place, address, variables)
            made.cast = cast
            stack.callback(made.end)
            yield made

    def prepared(self, kind):
        """A database with its cast, and who is in it."""
        with self.stage(kind, empty=True) as made:
            made.manage("migrate", "--verbosity", "0")
            cast = made.inside("cast", writers=WRITERS)
        return made.database_url, cast


def database_name(url):
    return url.partition("?")[0].rpartition("/")[2]
