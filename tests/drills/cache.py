"""What is kept to be fast is gone, locked away or broken: pages go on, and nobody is logged out."""

import contextlib
import shutil
import subprocess
import time
from urllib.error import URLError
from urllib.request import urlopen

from tests import serving
from tests.drills.browser import Browser

PAGES = ["/it/", "/it/progetti/", "/en/cities/", "/it/cerca/?q=carta", "/it/accounts/login/"]


def drill(tally, theatre, *, short):
    """First the cache in files, then the cache in Redis, if there is one."""
    with theatre.stage(tally.database) as portal:
        portal.serve()
        all_is_well(portal, tally, "before")
        files = caches_in(portal)
        for path in files:
            spoil(path)
            all_is_well(portal, tally, f"with nonsense in {path.name}")
        for path in caches_in(portal):
            remove(path)
        all_is_well(portal, tally, "with the cache deleted")
        for path in files:
            remove(path)
            path.mkdir()
        all_is_well(portal, tally, "with folders in the place of files")
        for path in files:
            remove(path)
        all_is_well(portal, tally, "with nothing in its place")
        tally.tried["ways to lose the cache on disk"] += 4
        redis(portal, tally)


def caches_in(portal):
    """Whatever lies beside database, pictures, documents and log may be thrown away."""
    kept = ("portal", "media", "private")
    return [path for path in portal.folder.iterdir() if not path.name.startswith(kept)]


def spoil(path):
    """Put nonsense in its place (not into it: what a process has mapped is not cut by anybody)."""
    for each in [path, *path.rglob("*")] if path.is_dir() else [path]:
        if each.is_file():
            nonsense = each.with_name(f"{each.name}.nonsense")
            nonsense.write_bytes(b"nonsense " * 500)
            nonsense.rename(each)


def remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def all_is_well(portal, tally, when):
    """Visitors read, somebody logged in is still logged in, and saves."""
    person = portal.cast["people"][0]
    for _twice in range(2):
        for page in PAGES:
            answer = Browser(portal.address).get(page)
            tally.tried["pages"] += 1
            tally.expect(answer.status == 200, f"{page} {when}: {answer.status}")
    browser = Browser(portal.address, person["session"])
    tally.expect(browser.get("/it/scrivania/").status == 200, f"logged out {when}")
    form = {"title_it": "Bozza", "summary_it": when, "autosave": "yes", "precision": "day"}
    path = f"/it/progetti/{person['draft']}/modifica/essentials/"
    answer = browser.post(path, {**form, "lead": person["city"]})
    tally.tried["saves"] += 1
    tally.expect(answer.status == 200 and answer.json["saved"], f"a save {when}: {answer.status}")
    held = portal.inside("projects", slugs=[person["draft"]])
    tally.expect(held[person["draft"]]["summary"] == when, f"the words saved {when}")


def redis(portal, tally):
    """Redis stops and comes again while the portal serves."""
    program = shutil.which("redis-server")
    if not program:
        return tally.skip("Redis stopped and started (none on this machine)")
    port = serving.free_port()
    address = f"rediscache://127.0.0.1:{port}/0"
    portal.variables |= {"CACHE_URL": address, "PAGE_CACHE_URL": address}
    with running(program, port):
        portal.serve()
        all_is_well(portal, tally, "with Redis")
    all_is_well(portal, tally, "with Redis stopped")
    with running(program, port):
        all_is_well(portal, tally, "with Redis back")
    tally.tried["stops of Redis"] += 2


@contextlib.contextmanager
def running(program, port):
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    with contextlib.suppress(URLError, OSError):  # it does not speak HTTP; whether it listens
        for _each in range(50):
            try:
                urlopen(f"http://127.0.0.1:{port}", timeout=0.2)
            except URLError:
                time.sleep(0.1)
    try:
        yield
    finally:
        process.kill()
        process.wait()
