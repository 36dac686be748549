"""The databases of earlier landings, brought to today's code: every value of theirs is kept."""

import gzip
import shutil
from pathlib import Path

from tests.drills.browser import Browser

LANDINGS = Path(__file__).parent / "data"
PAGES = [
    "/it/",
    "/it/citta/",
    "/it/progetti/",
    "/it/incontri/",
    "/it/notizie/",
    "/en/",
    "/it/rete/",
]


def drill(tally, theatre, *, short):
    """Each landing in turn, the latest alone in the short form; on the database of that time."""
    landings = sorted(LANDINGS.glob("*.sqlite3.gz"))
    tally.expect(landings, "the databases of earlier landings")
    for landing in landings[-1:] if short else landings:
        with theatre.stage(tally.database, empty=True) as portal:
            bring_up(tally, portal, landing)


def bring_up(tally, portal, landing):
    name = landing.name.partition(".")[0]
    old = portal.folder / "landing"
    old.write_bytes(gzip.decompress(landing.read_bytes()))
    before = portal.inside("values", path=str(old))
    files = portal.inside("file_names", path=str(old))
    for file in files:
        path = portal.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"what is in {file}")
    if portal.is_sqlite:
        portal.asked.end()  # who looked into the empty file
        portal.asked = None
        shutil.copy(old, portal.database_file)
    else:
        portal.inside("age", path=str(old))
    portal.manage("migrate", "--verbosity", "0")
    columns = {table: each["columns"] for table, each in before.items()}
    after = portal.inside("values", columns=columns)
    for table, was in before.items():
        compare(tally, f"{table} of the {name} landing", was, after.get(table))
    for file in files:
        tally.tried["files"] += 1
        kept = (portal.folder / file).read_text()
        tally.expect(kept == f"what is in {file}", f"{file} of the {name} landing")
    portal.serve()
    for page in PAGES:
        answer = Browser(portal.address).get(page)
        tally.tried["pages"] += 1
        tally.expect(answer.status == 200, f"{page} of the {name} landing: {answer.status}")
    tally.tried["landings"] += 1


def compare(tally, table, was, now):
    if not tally.expect(now, f"{table} is gone"):
        return
    tally.expect(now["columns"] == was["columns"], f"columns of {table}")
    tally.tried["rows"] += len(was["rows"])
    tally.tried["values"] += len(was["rows"]) * len(was["columns"])
    other = [pk for pk, digest in was["rows"].items() if now["rows"].get(pk) != digest]
    tally.expect(not other, f"{len(other)} rows of {table}, for instance {other[:3]}")
