"""A backup while people write, restored into an empty place on each database, and compared."""

import threading
import zipfile
from pathlib import Path

from tests.drills.browser import Browser
from tests.drills.kill import KINDS, Writer, saves
from tests.drills.stage import DATABASES

PAGES = ["/it/", "/en/cities/", "/it/progetti/", "/it/incontri/", "/api/v1/projects"]


def drill(tally, theatre, *, short):
    """From one database to itself and to the other; then a week of nights, of which three stay."""
    with theatre.stage(tally.database) as portal:
        portal.serve()
        archives = portal.folder / "archives"
        archives.mkdir()
        early = while_people_write(portal, archives, times=1 if short else 3)
        for name, saved in early:
            tally.tried["backups while people write"] += 1
            tally.expect(zipfile.ZipFile(name).testzip() is None, f"{name} is damaged")
            for database in DATABASES:
                if not short or database != tally.database:
                    whole(tally, theatre, database, name, saved)
        if not short:
            portal.inside("finish_pictures")
            portal.manage("backup", str(portal.folder / "quiet.zip"))
            for database in DATABASES:
                equal(tally, theatre, portal, database)
        nights(tally, portal, archives, short=short)


def while_people_write(portal, folder, *, times):
    """So many archives, each with what had been acknowledged when it was begun."""
    until = threading.Event()
    people = portal.cast["people"]
    writers = [Writer(portal.address, p, KINDS[n % 5], until) for n, p in enumerate(people[:10])]
    made = []
    for writer in writers:
        writer.start()
    try:
        for n in range(times):
            saves(portal, writers, 20)
            saved = {w: len(w.saved) for w in writers}
            path = folder.parent / f"written-{n}.zip"
            portal.manage("backup", str(path))
            made.append((path, [(w.kind, w.saved[:many]) for w, many in saved.items()]))
    finally:
        until.set()
    for writer in writers:
        writer.join(timeout=40)
    return made


def whole(tally, theatre, database, archive, saved):
    """What was acknowledged before the backup began is in it, and it is one sound portal."""
    with theatre.stage(database, empty=True) as copy:
        copy.manage("restore", str(archive))
        created = copy.inside("created")
        told = copy.inside("updates")
        for kind, words in saved:
            there = {"create": created, "tell": [text for text, _picture in told]}.get(kind)
            for each in words if there is not None else ():
                tally.tried["acknowledged saves looked for"] += 1
                tally.expect(there.count(each) == 1, f"{kind} in the copy: {there.count(each)}")
        for words in copy.inside("soundness"):
            tally.expect(False, f"in the copy: {words}")


def equal(tally, theatre, portal, database):
    """Every row, every file and the public pages of the copy are those of the portal."""
    rows, files = portal.inside("fingerprints"), portal.inside("files")
    with theatre.stage(database, empty=True) as copy:
        copy.manage("restore", str(portal.folder / "quiet.zip"))
        restored = copy.inside("fingerprints")
        for table, one in rows.items():
            tally.tried["rows compared"] += one[0]
            tally.expect(restored.get(table) == one, f"{table}: {one} and {restored.get(table)}")
        tally.expect(copy.inside("files") == files, "files of the copy")
        tally.tried["files compared"] += len(files)
        copy.serve()
        for page in PAGES:
            tally.tried["pages compared"] += 1
            here, there = Browser(portal.address).get(page), Browser(copy.address).get(page)
            same = without_port(here, portal) == without_port(there, copy)
            tally.expect(here.status == there.status == 200 and same, f"{page} of the copy")


def without_port(answer, portal):
    return answer.text.replace(f"127.0.0.1:{portal.port}", "").replace(f"1%3A{portal.port}", "")


def nights(tally, portal, archives, *, short):
    """What the nightly timer does: of all archives three stay, and the last can be restored."""
    keep = 1 if short else 3
    for _night in range(2 if short else 7):
        portal.manage("backup", str(archives), "--keep", str(keep))
        tally.tried["nights"] += 1
        later = max(archives.iterdir())
        moved = later.with_name(f"portal-2026-01-{tally.tried['nights']:02}-030000.zip")
        later.rename(moved)
    kept = sorted(path.name for path in Path(archives).iterdir())
    tally.expect(len(kept) == keep, f"rotation kept {kept}")
