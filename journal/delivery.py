"""Handing over to the mail server what waits in the outbox: each mail once, one after the other.

A mail counts as sent from the moment its text begins to go over. Whoever ends the process right
then leaves this one in doubt, and its log says so; but none ever comes twice (the dilemma of
RFC 1047, decided for the reader). Until then, and whenever the server refuses, it is tried again.
"""

import re
from contextlib import suppress
from datetime import timedelta
from functools import partial
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.core.mail import mailers
from django.core.mail.backends import smtp
from django.db.models import Q
from django.utils import timezone
from post_office.models import STATUS, Email
from post_office.settings import (
    get_default_mailer,
    get_max_retries,
    get_retry_timedelta,
    get_sending_order,
)

WAITING = [STATUS.queued, STATUS.requeued]
IN_DOUBT_AFTER = timedelta(minutes=5)  # longer than a mail server takes for its answer


class Taken(Exception):
    """Another process has just handed this mail over."""


def deliver_waiting():
    """Hand over every mail that is due; returns how many went out.

    The round ends where the mail server cannot be reached: the next one is soon enough.
    """
    sent, mailer = 0, mailers[get_default_mailer()]
    try:
        while row := due().first():
            try:
                mailer.open()
            except OSError as error:
                note_failure(row, error, may_give_up=False)
                break
            sent += hand_over(row, mailer)
    finally:
        hang_up(mailer)
    return sent


def due():
    now = timezone.now()
    return Email.objects.filter(
        Q(scheduled_time=None) | Q(scheduled_time__lte=now),
        Q(expires_at=None) | Q(expires_at__gt=now),
        status__in=WAITING,
    ).order_by(*get_sending_order(), "pk")


def hand_over(row, mailer):
    """Hand one mail over and note what became of it; answers whether it went out."""
    try:
        message = message_of(row)
        message.before_text = partial(claim, row)
        if not isinstance(mailer, MailServer):
            message.before_text()
        mailer.send_messages([message])
    except Taken:
        hang_up(mailer)
        return False
    except Exception as error:  # noqa: BLE001  whatever it is, the others still go out
        note_failure(row, error)
        hang_up(mailer)
        return False
    row.logs.create(status=STATUS.sent)
    return True


def message_of(row):
    """A mail as it goes out; a calendar beside its text and HTML, where Outlook, Google and Apple
    look for it, and once more as a file for all others (RFC 6047, section 4)."""
    message = row.prepare_email_message()
    if row.context and "calendar" in row.context:
        calendar = row.context["calendar"]
        method = re.search(r"^METHOD:(\w+)", calendar, re.MULTILINE)[1]
        message.attach_alternative(calendar, f"text/calendar; method={method}")
        message.attach("invite.ics", calendar.encode(), "application/ics")
    return message


def claim(row):
    """Count the mail as sent, unless another process has done so: then Taken."""
    waiting = Email.objects.filter(pk=row.pk, status__in=WAITING)
    if not waiting.update(status=STATUS.sent, last_updated=timezone.now()):
        raise Taken


def note_failure(row, error, *, may_give_up=True):
    """Log why it did not go out, and try it again later, or never where that is of no use."""
    retries = (row.number_of_retries or 0) + 1
    hopeless = is_final(error) or retries > get_max_retries()
    given_up = may_give_up and hopeless
    Email.objects.filter(pk=row.pk).update(
        status=STATUS.failed if given_up else STATUS.requeued,
        scheduled_time=timezone.now() + get_retry_timedelta(),
        number_of_retries=retries,
        last_updated=timezone.now(),
    )
    kind = type(error).__name__
    row.logs.create(status=STATUS.failed, message=str(error), exception_type=kind)


def is_final(error):
    """Whether the mail server says no for good (RFC 5321, 4.2.1), or the address is none."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)


def is_in_doubt(row):
    """Whether it was handed over, but nobody heard the answer."""
    if row.status != STATUS.sent or row.last_updated > timezone.now() - IN_DOUBT_AFTER:
        return False
    return not any(log.status == STATUS.sent for log in row.logs.all())


def hang_up(mailer):
    """Close the connection; one that is broken is as good as closed."""
    with suppress(OSError):
        mailer.close()


class AskingFirst:
    """A dialogue with a mail server that asks once more before the text goes over."""

    before_text = None

    def data(self, msg):
        if self.before_text:
            self.before_text()
        return super().data(msg)


class MailServer(smtp.EmailBackend):
    """Django's way to a mail server; a message's `before_text` is called at the last moment."""

    @property
    def connection_class(self):
        plain = super().connection_class
        return type(plain.__name__, (AskingFirst, plain), {})

    def _send(self, email_message):
        self.connection.before_text = getattr(email_message, "before_text", None)
        return super()._send(email_message)
