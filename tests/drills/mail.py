"""A mail server that is dead, slow, refuses, or hangs up at every point; workers that die."""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests import serving

STAGES = ["connection", "EHLO", "MAIL", "RCPT", "DATA", "text", "dot"]


class Moody(SMTP):
    """A mail server that hangs up, or kills who is talking to it, where its handler says so."""

    def connection_made(self, transport):
        super().connection_made(transport)
        if self.event_handler.strikes(self, "connection"):
            transport.abort()

    async def smtp_EHLO(self, hostname):
        if not self.event_handler.strikes(self, "EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg):
        if not self.event_handler.strikes(self, "MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg):
        if self.event_handler.strikes(self, "DATA"):
            return
        if self.event_handler.victim:  # dies while its text goes over
            moment = random.uniform(0, 0.02)
            asyncio.get_running_loop().call_later(moment, self.event_handler.strikes, self, "text")
        elif self.event_handler.moods["text"]:  # hears a part of it
            await self.push("354 Go on")
            await self._reader.readline()
            self.event_handler.strikes(self, "text")
            return
        await super().smtp_DATA(arg)


class Server:
    """What the mail server does next; `taken` counts the mails it answered for."""

    def __init__(self):
        self.moods = Counter()  # at which point it hangs up, and how often
        self.refused, self.busy = set(), Counter()  # for good; for so many times
        self.slow = 0.0  # seconds until it answers for a mail
        self.victim = None  # a worker, killed where it would hang up
        self.taken = Counter()

    def strikes(self, server, stage):
        """Whether this is the point; then the connection, or the worker, is no more."""
        if not self.moods[stage]:
            return False
        self.moods[stage] -= 1
        if self.victim:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.victim.pid, signal.SIGKILL)
        else:
            server.transport.abort()
        return True

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.strikes(server, "RCPT"):
            return "421 Gone"
        if address in self.refused:
            return "550 No such person"
        if self.busy[address]:
            self.busy[address] -= 1
            return "451 Later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        dies = self.victim is not None and self.moods["dot"]
        if self.strikes(server, "dot") and not dies:
            return "451 hung up before it answered: nothing was taken"
        await asyncio.sleep(self.slow)
        head = envelope.content.split(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").decode()
        names = [line for line in head.split("\r\n") if line.lower().startswith("message-id:")]
        self.taken[names[0].partition(":")[2].strip()] += 1
        return "250 OK"


class Post(Controller):
    def factory(self):
        return Moody(self.handler, hostname=self.hostname)


def drill(tally, theatre, *, short):
    """Mails for many, through all of it; in the end each has arrived once."""
    many, server, port = (3 if short else 12), Server(), serving.free_port()
    post = Post(server, hostname="127.0.0.1", port=port)
    variables = {"MAIL_URL": f"smtp://127.0.0.1:{port}"}
    with theatre.stage(tally.database, **variables) as portal:
        write(portal, tally, many, "dead")
        round_of(portal)  # nobody listens yet
        tally.tried["rounds with a dead server"] += 1
        tally.expect(all(not row["told"] for row in portal.inside("outbox")), "a dead server took")
        post.start()
        try:
            hang_up(portal, tally, server, many)
            refuse(portal, tally, server, many)
            be_slow(portal, tally, server, short=short)
            die(portal, tally, server, short=short)
            race(portal, tally, many=6 * many)
            settle(portal, tally, server)
        finally:
            post.stop()


def write(portal, tally, many, name):
    portal.inside("write_mails", addresses=[f"{name}-{n}@example.org" for n in range(many)])
    tally.tried["mails"] += many


def round_of(portal):
    portal.inside("time_passes")
    portal.deliver().wait()


def hang_up(portal, tally, server, many):
    for point in STAGES:
        server.moods[point] = 1
        write(portal, tally, many, f"cut-{point.lower()}")
        round_of(portal)
        tally.tried["connections that the server cut"] += 1 - server.moods[point]
        server.moods[point] = 0


def refuse(portal, tally, server, many):
    server.refused = {"never@example.org"}
    server.busy["busy@example.org"] = 1
    addresses = ["never@example.org", "busy@example.org"]
    portal.inside("write_mails", addresses=addresses)
    tally.tried["addresses refused"] += 2
    write(portal, tally, many, "beside")
    round_of(portal)
    states = {row["to"]: row["status"] for row in portal.inside("outbox")}
    tally.expect(states["never@example.org"] == "failed", "an address refused for good is tried on")
    tally.expect(states["busy@example.org"] == "requeued", "a busy address is not tried again")


def be_slow(portal, tally, server, *, short):
    """In the long form slower than a common patience of twenty seconds."""
    server.slow = 2 if short else 25
    write(portal, tally, 2, "slow")
    round_of(portal)
    tally.tried["answers that took long"] += 2
    server.slow = 0


def die(portal, tally, server, *, short):
    """Workers killed at every point of the dialogue, and at any moment."""
    for point in [*STAGES, *([] if short else STAGES * 3)]:
        write(portal, tally, 2, f"dies-{point.lower()}")
        portal.inside("time_passes")
        server.victim = portal.deliver()
        server.moods[point] = 1
        server.victim.wait()
        server.victim, server.moods[point] = None, 0
        tally.tried["workers killed in the dialogue"] += 1
    server.slow = 0.05
    for _each in range(2 if short else 15):
        write(portal, tally, 20, "any")
        portal.inside("time_passes")
        before = sum(server.taken.values())
        worker = portal.deliver()
        while not worker.has_ended() and sum(server.taken.values()) == before:
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.8))
        worker.kill()
        worker.wait()
        tally.tried["workers killed in mid-batch"] += 1
    server.slow = 0


def race(portal, tally, *, many):
    write(portal, tally, many, "race")
    portal.inside("time_passes")
    for worker in [portal.deliver(), portal.deliver()]:
        worker.wait()
    tally.tried["mails for two workers at once"] += many


def settle(portal, tally, server):
    """All is well again; a coordinator looks at what is in doubt, and sends what is not there."""
    for _each in range(3):
        round_of(portal)
    portal.inside("time_passes")
    doubtful = portal.inside("doubtful")
    tally.tried["mails shown as doubtful"] += len(doubtful)
    missing = [name for name in doubtful if not server.taken[name]]
    if missing:
        tally.tried["of them sent again by hand"] += portal.inside("send_again", ids=missing)
        round_of(portal)
    for row in portal.inside("outbox"):
        should = 0 if row["to"] in server.refused else 1
        many = server.taken[row["id"]]
        tally.expect(many == should, f"arrived {many} times: {row}")
