"""Web workers, web server and mail worker killed with SIGKILL while twenty people write."""

import contextlib
import io
import os
import random
import signal
import threading
import time
import uuid
from collections import Counter

from aiosmtpd.controller import Controller
from PIL import Image

from tests import serving
from tests.drills.browser import PATIENCE, Browser
from tests.drills.stage import kill

STRIKES = ["one", "server", "all", "one"]


class Mailbox:
    """A mail server that remembers the name of every mail it took."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):
        head = envelope.content.split(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").decode()
        lines = [line for line in head.split("\r\n") if line.lower().startswith("message-id:")]
        self.taken.append(lines[0].partition(":")[2].strip())
        return "250 OK"


def picture(colour):
    buffer = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(buffer, "JPEG")
    return buffer.getvalue()


class Writer(threading.Thread):
    """A person who writes all the time, and remembers what the portal said it had saved."""

    def __init__(self, address, person, kind, until):
        super().__init__(daemon=True)
        self.browser = Browser(address, person["session"])
        self.person, self.kind, self.until = person, kind, until
        self.sent, self.saved = [], []  # in their order
        self.answers = Counter()  # by status

    def send(self, path, form, files=None):
        """What the portal answers; counted where it is neither saved nor handed back."""
        answer = self.browser.post(path, form, files)
        self.answers[answer.status] += 1
        return answer

    def run(self):
        step = 0
        while not self.until.is_set():
            step += 1
            words = f"{self.kind} {step} {uuid.uuid4().hex}"
            try:
                self.sent.append(words)
                if getattr(self, self.kind)(words, step):
                    self.saved.append(words)
                else:
                    time.sleep(0.2)
            except (OSError, ValueError):
                self.answers["none"] += 1
                time.sleep(0.2)

    def autosave(self, words, step):
        path = f"/it/progetti/{self.person['draft']}/modifica/essentials/"
        form = {"title_it": "Bozza", "summary_it": words, "autosave": "yes", "precision": "day"}
        answer = self.send(path, {**form, "lead": self.person["city"]})
        return answer.status == 200 and answer.json["saved"]

    def create(self, words, step):
        form = {"title_it": "Nuovo", "summary_it": words, "lead": self.person["city"]}
        answer = self.send("/it/progetti/nuovo/", {**form, "precision": "day", "key": uuid.uuid4()})
        return answer.status == 302

    def answer(self, words, step):
        path = f"/it/incontri/risposta/{self.person['token']}/"
        form = {"answer": ("in_person", "cannot")[step % 2], "note": words, "seen": ""}
        self.browser.cookies.pop("sessionid", None)  # whoever answers from a letter
        return self.send(path, form).status == 302

    def tell(self, words, step):
        path = f"/it/progetti/{self.person['published']}/aggiornamenti/nuovo/"
        form = {"city": self.person["city"], "text_it": words, "posted_on": "2026-03-01"}
        form |= {"picture_alt_it": "Fogli", "picture_credit": "", "picture_licence": ""}
        files = {"picture": ("a.jpg", picture(random.choice(["navy", "teal", "gold"])))}
        return self.send(path, form, files).status == 302

    def verb(self, words, step):
        word = ("invia", "riprendi")[len(self.saved) % 2]
        answer = self.send(f"/it/progetti/{self.person['verbs']}/{word}/", {})
        return answer.status == 302


KINDS = ["autosave", "create", "answer", "tell", "verb"]


def drill(tally, theatre, *, short):
    """Twenty writers; kills of one worker, all workers, the server, and the mail worker."""
    box = Mailbox()
    mail = Controller(box, hostname="127.0.0.1", port=serving.free_port())
    mail.start()
    try:
        with theatre.stage(tally.database) as portal:
            portal.variables["MAIL_URL"] = f"smtp://127.0.0.1:{mail.port}"
            portal.serve()
            until = threading.Event()
            writers = [
                Writer(portal.address, person, KINDS[n % len(KINDS)], until)
                for n, person in enumerate(portal.cast["people"])
            ]
            for writer in writers:
                writer.start()
            try:
                keep_killing(portal, tally, writers, times=4 if short else 20)
            finally:
                until.set()
            for writer in writers:
                writer.join(timeout=PATIENCE)
            portal.deliver().wait()
            compare(tally, portal, writers, box)
    finally:
        mail.stop()


def keep_killing(portal, tally, writers, *, times):
    """Kill something again and again; what granian does not start anew, systemd would: we do."""
    worker = portal.work()
    saves(portal, writers, 40)
    for n in range(times):
        portal.inside("write_mails", addresses=[f"{n}-{m}@example.org" for m in range(20)])
        strike(portal, tally, STRIKES[n % len(STRIKES)])
        kill(worker)
        tally.tried["kills of the mail worker"] += 1
        worker = portal.work()
        saves(portal, writers, random.randint(30, 80))
    kill(worker)


def saves(portal, writers, many):
    """Wait until people have saved so many times since, and start a server that has given up."""
    enough = time.monotonic() + 30
    goal = many + sum(len(writer.saved) for writer in writers)
    while sum(len(writer.saved) for writer in writers) < goal and time.monotonic() < enough:
        if portal.served.process.poll() is not None:
            portal.serve()
        time.sleep(0.1)


def strike(portal, tally, what):
    workers = portal.served.workers
    if what == "server" or not workers:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(portal.served.pid, signal.SIGKILL)
        portal.served.process.wait()
        tally.tried["kills of the whole web server"] += 1
        portal.serve()
        return
    for pid in workers if what == "all" else workers[:1]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        tally.tried["kills of web workers"] += 1


def compare(tally, portal, writers, box):
    """What the portal said it had saved, against what it holds."""
    slugs = [p[key] for p in portal.cast["people"] for key in ("draft", "verbs")]
    held, created = portal.inside("projects", slugs=slugs), portal.inside("created")
    tally.tried["pictures made whole afterwards"] += portal.inside("finish_pictures")
    told = portal.inside("updates")
    texts, answers = [text for text, _picture in told], portal.inside("invitations")
    for writer in writers:
        tally.tried["saves acknowledged"] += len(writer.saved)
        tally.tried["saves cut off"] += len(writer.sent) - len(writer.saved)
        could = f"a writer ({writer.kind}) could not save at all: {dict(writer.answers)}"
        tally.expect(writer.saved, could)
        compare_one(tally, writer, held, created, texts, answers)
    for text, picture_is in told:
        tally.expect(picture_is == "whole", f"picture of “{text[:20]}”: {picture_is}")
    for words in portal.inside("half_verbs", coordinators=portal.cast["coordinators"]):
        tally.expect(False, words)
    for words in portal.inside("soundness"):
        tally.expect(False, words)
    compare_mails(tally, portal, box)


def compare_one(tally, writer, held, created, texts, answers):
    if not writer.saved:
        return
    possible = writer.sent[writer.sent.index(writer.saved[-1]) :]
    if writer.kind == "autosave":
        tally.expect(held[writer.person["draft"]]["summary"] in possible, "a draft's last words")
    elif writer.kind == "answer":
        tally.expect(answers[str(writer.person["invitation"])][1] in possible, "an answer")
    elif writer.kind == "verb":
        project = held[writer.person["verbs"]]
        verbs = [verb for verb in project["verbs"] if verb in ("submit", "take_back")]
        tally.expect(len(verbs) >= len(writer.saved), "a verb's event")
        in_turn = all(v == ("submit", "take_back")[n % 2] for n, v in enumerate(verbs))
        tally.expect(in_turn, "the order of verbs")
        last = {"submit": "submitted", "take_back": "draft"}[verbs[-1]]
        tally.expect(project["status"] == last, "a status that its event tells of")
    else:
        there = created if writer.kind == "create" else texts
        for words in writer.saved:
            tally.expect(there.count(words) == 1, f"{writer.kind}: {there.count(words)} times")


def compare_mails(tally, portal, box):
    """Each mail once; one that was cut off right at its end is shown as doubtful."""
    portal.inside("time_passes")
    portal.deliver().wait()
    portal.inside("time_passes")
    doubtful = portal.inside("doubtful")
    for row in portal.inside("outbox"):
        tally.tried["mails"] += 1
        many = box.taken.count(row["id"])
        seen = row["id"] in doubtful
        tally.tried["mails shown as doubtful"] += seen
        tally.expect(many == 1 or (seen and many == 0), f"a mail arrived {many} times: {row}")
