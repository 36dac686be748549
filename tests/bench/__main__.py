"""`make bench`: build the data sets, serve them, drive them, tell (see docs/performance.md)."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.bench import measuring, report, sets
from tests.bench.data import LARGE, MIDDLE, SMALL
from tests.serving import ROOT, portal, postgres

ROUNDS, SECONDS = 3, 1.5
QUICK_ROUNDS, QUICK_SECONDS = 2, 0.5


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few minutes: fewer rows and rounds")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="one database alone")
    parser.add_argument("--write", metavar="FILE", help="put the figures between its markers")
    parser.add_argument("--profile", metavar="PAGE", help="where one page's time goes, by its name")
    return parser.parse_args()


def main():
    """Measure, or profile one page; exit code 1 where an answer was not 2xx."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    given = arguments()
    with ExitStack() as stack:
        folder = os.environ.get("BENCH_DIR") or stack.enter_context(
            tempfile.TemporaryDirectory(prefix="portal-bench-")
        )
        folder = Path(folder).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        sizes = [SMALL, MIDDLE if given.quick or given.profile else LARGE]
        known = build(stack, folder, sizes, given)
        if given.profile:
            return profile(known[-1], given.profile)
        measuring.look_at(known)
        served = measuring.serve(stack, known)
        bare = stack.enter_context(
            portal(
                database_url="sqlite://:memory:",
                data_dir=folder / "bare",
                app="tests.bench.bare:application",
            )
        )
        groups = measuring.targets_of(known, served)
        rounds = (QUICK_ROUNDS, QUICK_SECONDS) if given.quick else (ROUNDS, SECONDS)
        measuring.run(groups, bare, rounds=rounds[0], seconds=rounds[1])
        counts = (200, 400) if given.quick else measuring.MEMORY_AT
        held = measuring.memory(known[-1], counts)
        text = report.told(groups, known, held, sizes)
        print(text)
        if given.write:
            report.write(text, given.write)
        return int(any(target.bad for group in groups for target in group))


def build(stack, folder, sizes, given):
    """The data sets: made where they are missing."""
    known = []
    if given.only != "postgresql":
        for name, url in zip(("small", "large"), sets.sqlite_sets(folder, sizes), strict=True):
            known.append(measuring.Set("SQLite", name, url, folder))
    if given.only != "sqlite" and not given.profile:
        server = stack.enter_context(postgres(folder=folder / "postgres", durable=True))
        urls = sets.postgres_sets(server, folder, sizes)
        for name, url in zip(("small", "large"), urls, strict=True):
            known.append(measuring.Set("PostgreSQL", name, url, folder))
    return known


def profile(known, name):
    """Print where the time of a page goes, asked ten times in a process of its own."""
    environment = sets.environment_of(known.url, known.folder)
    command = [sys.executable, "-m", "tests.bench.profiling", name]
    return subprocess.call(command, cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main())
