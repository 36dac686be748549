"""What the portal does by itself, and that one thing that fails holds up nothing else."""

import pytest
from django.core import mail
from django.core.mail import send_mail
from django.core.management import call_command

from network.management.commands import deliver

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_waits_goes_out():
    send_mail("Verbale", "Testo", None, ["fabriano@example.org"])
    call_command("deliver")
    assert [each.subject for each in mail.outbox] == ["Verbale"]


def test_a_duty_that_fails_is_logged_and_holds_up_neither_the_others_nor_the_mail(
    monkeypatch, caplog
):
    caplog.set_level("INFO")
    duties = {"letters": lambda: 1 / 0, "digests": lambda: 3}
    monkeypatch.setattr(deliver, "DUTIES", duties)
    send_mail("Verbale", "Testo", None, ["fabriano@example.org"])
    call_command("deliver")
    assert "tried again: letters" in caplog.text
    assert "Done: 3 digests" in caplog.messages
    assert [each.subject for each in mail.outbox] == ["Verbale"]
