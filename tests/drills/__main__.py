"""Run the drills: `python -m tests.drills [--short] [NAME …]`; fails if anything is lost."""

import argparse
import contextlib
import importlib
import signal
import sys
import traceback

from tests.drills.report import write
from tests.drills.stage import DATABASES, Theatre
from tests.drills.tally import Tally

DRILLS = {
    "kill": "Processes killed while twenty people write",
    "mail": "A mail server that fails in every way, and workers that die",
    "files": "A full disk, a folder that is gone or only read",
    "cache": "The cache gone",
    "database": "The database locked, or gone",
    "backup": "A backup while people write, restored elsewhere",
    "migration": "The databases of earlier landings",
}
# The short form tries each on one database: where it differs, on the one where more can go wrong.
SHORT_ON = {"kill": "PostgreSQL", "database": "PostgreSQL"}


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(DRILLS))
    parser.add_argument("--short", action="store_true", help="three minutes, for CI")
    parser.add_argument("--on", choices=DATABASES, help="on this database alone")
    parser.add_argument("--write", action="store_true", help="keep the figures in the docs")
    options = parser.parse_args()
    signal.signal(
        signal.SIGTERM, lambda *_args: sys.exit(1)
    )  # whoever ends it leaves nothing behind
    if unknown := set(options.names) - DRILLS.keys():
        parser.error(f"no such drill: {', '.join(sorted(unknown))}")
    with contextlib.ExitStack() as stack:
        theatre = Theatre(stack)
        tallies = [
            run(name, database, theatre, short=options.short)
            for name in options.names or DRILLS
            for database in ([options.on] if options.on else DATABASES)
            if options.on or not options.short or database == SHORT_ON.get(name, "SQLite")
        ]
    if options.write:
        write(tallies, short=options.short)
    lost = sum(len(tally.lost) for tally in tallies)
    print(f"\n{len(tallies)} drills, lost: {lost or 'nothing'}")
    return 1 if lost else 0


def run(name, database, theatre, *, short):
    tally = Tally(DRILLS[name], database)
    try:
        importlib.import_module(f"tests.drills.{name}").drill(tally, theatre, short=short)
    except Exception as error:  # noqa: BLE001  the others still have their turn
        traceback.print_exc()
        tally.expect(False, f"the drill itself broke: {error!r}")
    tally.end()
    print(tally, flush=True)
    return tally


if __name__ == "__main__":
    sys.exit(main())
