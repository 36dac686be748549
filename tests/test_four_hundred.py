"""Four hundred people convened in one go, and a worker that is killed half-way: each gets one."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from meetings.models import Invitation, Letter
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent


class Killer:
    """A mail server that ends whoever speaks to it, once, at a chosen moment."""

    def __init__(self, moment, after):
        self.moment, self.after = moment, after
        self.arrived, self.worker, self.killed = [], None, False

    def strike(self, moment):
        if moment == self.moment and len(self.arrived) >= self.after and not self.killed:
            self.killed = True
            os.kill(self.worker.pid, signal.SIGKILL)

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.strike("before the text")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.arrived += envelope.rcpt_tos
        self.strike("before the answer")
        return "250 OK"


@pytest.fixture
def serve():
    """Start a mail server with a handler; answers its address."""
    servers = []

    def start(handler):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        servers.append(Controller(handler, hostname="127.0.0.1", port=port))
        servers[-1].start()
        return f"smtp://127.0.0.1:{port}"

    yield start
    for server in servers:
        server.stop()


def database(folder):
    """An address at which another process finds what this test has written."""
    if connection.vendor == "sqlite":  # it lies in this process's memory
        copy = folder / "copy.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM INTO '{copy}'")
        return f"sqlite:///{copy}"
    server = urlsplit(os.environ["DATABASE_URL"])
    return server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def work(handler, **environment):
    """Run the worker until it ends, of itself or not."""
    command = [sys.executable, "manage.py", "deliver"]
    handler.worker = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    return handler.worker.wait(timeout=120)


def invite(meeting, many):
    Invitation.objects.bulk_create(
        Invitation(meeting=meeting, name=f"Ospite {n}", email=f"ospite{n}@example.org")
        for n in range(many)
    )


@pytest.mark.parametrize(("moment", "many"), [("before the answer", 400), ("before the text", 60)])
def test_a_worker_that_is_killed_half_way_leaves_nobody_out_and_writes_to_nobody_twice(
    serve, tmp_path, coordinator, moment, many
):
    meeting = make.meeting(status="draft")
    invite(meeting, many)
    meeting.convene(by=coordinator)
    handler = Killer(moment, after=many // 3)
    environment = {
        "MAIL_URL": serve(handler),
        "DATABASE_URL": database(tmp_path),
        "DATA_DIR": str(tmp_path),
    }
    assert work(handler, **environment) == -signal.SIGKILL
    assert many // 3 <= len(handler.arrived) < many

    assert work(handler, **environment) == 0
    to_guests = Counter(each for each in handler.arrived if each.startswith("ospite"))
    assert to_guests == Counter({f"ospite{n}@example.org": 1 for n in range(many)})


def test_four_hundred_are_convened_in_one_request(client, settings, coordinator, fabriano):
    settings.COORDINATORS_NEED_MFA = False
    client.force_login(coordinator)
    meeting = make.meeting(status="draft", host=fabriano, online_link="https://meet.example.org/x")
    for position in range(8):
        make.agenda_item(meeting=meeting, position=position, presenter="Ada Neri", city=fabriano)
    invite(meeting, 400)
    stamp = client.get(reverse("admin:meeting_outbox", args=[meeting.pk])).context["stamp"]

    began = time.monotonic()
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(reverse("admin:meeting_convene", args=[meeting.pk]), {"stamp": stamp})
    took = time.monotonic() - began

    assert answer.status_code == 302
    assert Email.objects.count() == Letter.objects.exclude(mail=None).count() == 400
    assert meeting.invitations.filter(sent_at__lte=timezone.now()).count() == 400
    assert len(asked) < 80  # rows are written many at a time
    assert took < 20, took  # seconds, on a machine that does much else


def test_when_one_letter_cannot_be_written_none_is(coordinator):
    meeting = make.meeting(status="draft")
    invite(meeting, 3)
    Invitation.objects.filter(name="Ospite 2").update(language="xx")
    with pytest.raises(KeyError):
        meeting.convene(by=coordinator)
    meeting.refresh_from_db()
    assert meeting.status == "draft"
    assert not Email.objects.exists()
    assert not Letter.objects.exists()
    assert not Invitation.objects.exclude(sent_at=None).exists()
