"""A disk without room, a folder that is only read, in the way, or gone."""

import contextlib
import os
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.drills.browser import Browser
from tests.drills.kill import picture

DISK = 96  # megabytes
LITTLE = 64 * 1024  # bytes a process may write into one file, where a disk cannot be had


def drill(tally, theatre, *, short):
    """All on a small disk of its own (a tmpfs) where this machine lets us mount one."""
    with (
        small_disk(tally) as folder,
        theatre.stage(tally.database, folder=folder) as portal,
    ):
        portal.serve()
        writer = Writer(portal, tally)
        writer.succeeds("at first")
        limits(portal, tally, writer)
        in_the_way(portal, writer)
        if folder:
            only_read(portal, folder, writer)
            full(portal, tally, folder, writer)
            overfull(portal, tally, folder, writer)
        for words in portal.inside("soundness"):
            tally.expect(False, words)


@contextlib.contextmanager
def small_disk(tally):
    """A folder on a disk of its own; None where it cannot be had."""
    with tempfile.TemporaryDirectory(prefix="portal-disk-") as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", folder]
        is_mounted = shutil.which("mount") and not subprocess.call(mount, stderr=subprocess.DEVNULL)
        if not is_mounted:
            tally.skip("a small disk that fills up (no right to mount one)")
        try:
            yield folder if is_mounted else None
        finally:
            if is_mounted:
                subprocess.call(["umount", "--lazy", folder])


class Writer:
    """Somebody who tells what happened, with a picture, on bad days and on good ones."""

    def __init__(self, portal, tally):
        self.portal, self.tally, self.count = portal, tally, 0
        person = portal.cast["people"][0]
        self.city, self.slug = person["city"], person["published"]
        self.draft = f"/it/progetti/{person['draft']}/modifica/essentials/"
        self.browser = Browser(portal.address, person["session"])

    def form(self):
        self.count += 1
        words = f"Ciò che è successo, n. {self.count}"
        return {
            "city": self.city, "text_it": words, "posted_on": "2026-03-01",
            "picture_alt_it": "Fogli", "picture_credit": "", "picture_licence": "",
        }  # fmt: skip

    def send(self, language, form, *, with_picture=True):
        words = {"it": ("progetti", "aggiornamenti/nuovo"), "en": ("projects", "updates/new")}
        things, new = words[language]
        files = {"picture": ("a.jpg", picture("navy"))} if with_picture else None
        return self.browser.post(f"/{language}/{things}/{self.slug}/{new}/", form, files)

    def succeeds(self, when):
        """It works, without anybody having done anything to the portal."""
        form = self.form()
        answer = self.send("it", form)
        self.tally.tried["uploads on good days"] += 1
        self.tally.expect(answer.status == 302, f"an upload {when}: {answer.status}")
        kept = dict(self.portal.inside("updates"))
        self.tally.expect(
            kept.get(form["text_it"]) == "whole", f"a picture {when}: {kept.get(form['text_it'])}"
        )

    def is_helped(self, when, *, beside=False):
        """A page in each language says so and holds the text; no row and no piece is left."""
        before = self.portal.inside("files")
        for language in ("it", "en"):
            form = self.form()
            answer = self.send(language, form)
            self.tally.tried["uploads on bad days"] += 1
            expected = (200,) if beside else (503, 507)
            said = f"{when} ({language}): {answer.status}"
            self.tally.expect(answer.status in expected, f"no page that helps, {said}")
            kept = answer.text if beside else answer.hidden.get("text_it", "")
            self.tally.expect(form["text_it"] in kept, f"the text, {said}")
            told = dict(self.portal.inside("updates"))
            self.tally.expect(form["text_it"] not in told, f"half a save, {said}")
        left = self.portal.inside("files")
        self.tally.expect(left == before, f"pieces stay {when}: {set(left) - set(before)}")

    def reads(self, when):
        for path in ("/it/", f"/it/progetti/{self.slug}/", "/it/scrivania/"):
            answer = self.browser.get(path)
            self.tally.tried["pages on bad days"] += 1
            self.tally.expect(answer.status == 200, f"{path} {when}: {answer.status}")


def limits(portal, tally, writer):
    """No process of the portal may write more than a little into one file: a disk that says no."""
    for pid in portal.served.workers:
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, before[1]))
    writer.reads("with a disk that takes nothing")
    before = portal.inside("files")
    form = writer.form()
    answer = writer.send("it", form)
    tally.tried["uploads on bad days"] += 1
    tally.expect(answer.status in (503, 507), f"a disk that takes nothing: {answer.status}")
    tally.expect(answer.hidden.get("text_it") == form["text_it"], "the text, on such a disk")
    tally.expect(portal.inside("files") == before, "pieces of a file, on such a disk")
    for pid in portal.served.workers:
        hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
    again = writer.send("it", {**answer.hidden, "picture_alt_it": ""}, with_picture=False)
    tally.expect(again.status == 302, f"the page that helps, sent again: {again.status}")
    tally.expect(form["text_it"] in dict(portal.inside("updates")), "what was sent again")
    writer.succeeds("after a disk that took nothing")


def in_the_way(portal, writer):
    """The folder is gone, and a file stands in its place; then the folder is gone altogether."""
    media, away = portal.folder / "media", portal.folder / "away"
    media.rename(away)
    media.write_text("in the way")
    writer.is_helped("with a file in the place of the folder", beside=True)
    writer.reads("with a file in the place of the folder")
    media.unlink()
    writer.succeeds("with no folder at all")
    shutil.copytree(away, media, dirs_exist_ok=True)
    shutil.rmtree(away)


def only_read(portal, folder, writer):
    """The folder of pictures on a disk that is only read."""
    media = portal.folder / "media"
    subprocess.check_call(["mount", "--bind", media, media])
    try:
        subprocess.check_call(["mount", "-o", "remount,bind,ro", media])
        writer.is_helped("with a folder that is only read", beside=True)
        writer.reads("with a folder that is only read")
    finally:
        subprocess.call(["umount", "--lazy", media])
    writer.succeeds("after a folder that was only read")


def fill(folder, *, leave):
    """Leave so many bytes free."""
    path = Path(folder) / "filler"
    with path.open("ab") as file, contextlib.suppress(OSError):
        free = shutil.disk_usage(folder).free - leave
        while free > 0:
            os.write(file.fileno(), b"\0" * min(free, 1024 * 1024))
            free = shutil.disk_usage(folder).free - leave
    return path


def full(portal, tally, folder, writer):
    """Nearly full: files are refused beside their field, so that words go on being saved."""
    filler = fill(folder, leave=8 * 1024 * 1024)
    writer.is_helped("on a disk that is nearly full", beside=True)
    form = writer.form()
    answer = writer.send("it", {**form, "picture_alt_it": ""}, with_picture=False)
    tally.tried["texts on a disk nearly full"] += 1
    tally.expect(answer.status == 302, f"words on a disk that is nearly full: {answer.status}")
    filler.unlink()
    writer.succeeds("when there is room again")


def overfull(portal, tally, folder, writer):
    """Not a byte left, for database, files and log: pages go on, and no text is lost."""
    filler = fill(folder, leave=0)
    writer.reads("on a full disk")
    handed_back = []
    for n in range(6):
        form = {**writer.form(), "text_it": f"Parole {n} " + "a" * 800, "picture_alt_it": ""}
        answer = writer.send("it", form, with_picture=False)
        tally.tried["texts on a full disk"] += 1
        if answer.status != 302:
            tally.expect(answer.status in (503, 507), f"words on a full disk: {answer.status}")
            tally.expect(answer.hidden.get("text_it") == form["text_it"], "words on a full disk")
            handed_back.append(answer.hidden)
    filler.unlink()
    for form in handed_back:
        answer = writer.send("it", form, with_picture=False)
        tally.expect(answer.status == 302, f"words sent again after a full disk: {answer.status}")
    told = dict(portal.inside("updates"))
    tally.expect(sum(t.startswith("Parole") for t in told) == 6, "words written on a full disk")
    writer.succeeds("after a full disk")
