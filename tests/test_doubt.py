"""A mail goes out once: what a dying worker or connection leaves behind, and who decides."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.core.mail import mailers
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from post_office.models import STATUS, Email

from journal import delivery
from journal.delivery import IN_DOUBT_AFTER, claim, count_unsent, hand_over, in_doubt
from network.management.commands import deliver
from tests.test_mail import mailbox  # noqa: F401  a real mail server
from tests.test_outbox import letter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    return as_user(coordinator)


def later(span=IN_DOUBT_AFTER):
    return time_machine.travel(timezone.now() + span + timedelta(seconds=1), tick=False)


def test_it_counts_as_sent_only_when_all_of_its_text_has_gone_over(mailbox, monkeypatch):  # noqa: F811
    letter().send()

    def broken(row):
        assert Email.objects.get().status == STATUS.queued
        raise KeyboardInterrupt  # the worker ends right before the dot

    monkeypatch.setattr(delivery, "claim", broken)
    with pytest.raises(KeyboardInterrupt):
        call_command("deliver")
    monkeypatch.undo()
    assert mailbox.letters == []  # a text without its dot is none
    call_command("deliver")
    assert len(mailbox.letters) == 1


def test_where_the_server_hangs_up_without_an_answer_it_goes_out_again(mailbox):  # noqa: F811
    async def hang_up(server, session, envelope):
        server.transport.abort()
        return "250 never heard"

    mailbox.handle_DATA, proper = hang_up, mailbox.handle_DATA
    letter().send()
    call_command("deliver")
    row = Email.objects.get()
    assert row.status == STATUS.requeued
    assert row.logs.get().exception_type in (
        SMTPServerDisconnected.__name__,
        "ConnectionResetError",
    )
    mailbox.handle_DATA = proper
    with later(row.scheduled_time - timezone.now()):
        call_command("deliver")
    assert [each["Message-ID"] for _to, each in mailbox.letters] == [row.message_id]


def test_the_pauses_grow_and_no_mail_is_given_up_before_five_days(mailbox):  # noqa: F811
    async def busy(server, session, envelope, address, options):
        return "451 Try again later"

    mailbox.handle_RCPT = busy
    letter().send()
    begun = timezone.now()
    while (row := Email.objects.get()).status != STATUS.failed:
        with time_machine.travel(row.scheduled_time or begun, tick=False):
            delivery.deliver_waiting()
        last = row.scheduled_time
    assert timedelta(days=4.5) < last - begun < timedelta(days=6)


def test_what_is_in_doubt_is_seen_and_sent_again_by_a_coordinator_alone(
    mailbox,  # noqa: F811
    office,
):
    for to in ("anna@example.org", "bea@example.org"):
        letter(to=to).send()
    claim(Email.objects.get(to="anna@example.org"))  # and here the worker dies
    call_command("deliver")
    assert count_unsent() is None  # the answer may still come
    assert "unsent" not in office.get("/admin/").text
    with later():
        assert [row.to for row in in_doubt(Email.objects.all())] == [["anna@example.org"]]
        assert count_unsent() == {"given_up": 0, "doubt": 1}
        assert "?arrival=doubt" in office.get("/admin/").text
        outbox = "/admin/post_office/email/"
        assert "bea@example.org" not in office.get(f"{outbox}?arrival=doubt").text
        chosen = list(Email.objects.values_list("pk", flat=True))
        office.post(outbox, {"action": "send_again", "_selected_action": chosen})
        call_command("deliver")
        assert sorted(to[0] for to, _l in mailbox.letters) == [
            "anna@example.org",
            "bea@example.org",
        ]
        assert count_unsent() is None


def test_what_was_given_up_is_seen_and_sent_again(mailbox, office):  # noqa: F811
    async def unknown(server, session, envelope, address, options):
        return "550 No such user"

    mailbox.handle_RCPT = unknown
    letter().send()
    call_command("deliver")
    assert count_unsent() == {"given_up": 1, "doubt": 0}
    del mailbox.handle_RCPT
    chosen = [Email.objects.get().pk]
    office.post("/admin/post_office/email/", {"action": "send_again", "_selected_action": chosen})
    call_command("deliver")
    assert len(mailbox.letters) == 1


def test_of_two_workers_with_the_same_mail_the_slower_one_leaves_its_text_unended(mailbox):  # noqa: F811
    letter().send()
    slow, fast = Email.objects.get(), Email.objects.get()
    assert hand_over(fast, mailers["delivery"])
    assert not hand_over(slow, mailers["delivery"])
    assert len(mailbox.letters) == 1


def test_a_worker_outlives_a_database_that_is_gone(monkeypatch, caplog):
    rounds = []

    def gone():
        rounds.append(1)
        if len(rounds) > 2:
            raise KeyboardInterrupt
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(deliver, "DUTIES", {})
    monkeypatch.setattr(deliver, "deliver_waiting", gone)
    with pytest.raises(KeyboardInterrupt):
        call_command("deliver", watch=True, every=0)
    assert caplog.text.count("cannot be reached") == 2
