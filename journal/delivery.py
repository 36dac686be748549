"""Handing over to the mail server what waits in the outbox: each mail once, one after the other.

A mail server takes a mail with the dot that ends its text (RFC 5321, 4.1.1.4), so a mail counts as
sent from right before that dot. Until then, whenever the server refuses, and where it hangs up
without an answer (RFC 5321, 3.8), it is tried again. Whoever ends the process right after the dot
leaves this one mail in doubt (the dilemma of RFC 1047): it does not go out a second time by itself,
for it has most likely arrived; the outbox shows it, and a coordinator may send it again.
"""

import re
import socket
from contextlib import suppress
from datetime import timedelta
from functools import partial
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.core.mail import mailers
from django.core.mail.backends import smtp
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from post_office.models import STATUS, Email, Log
from post_office.settings import (
    get_default_mailer,
    get_max_retries,
    get_retry_timedelta,
    get_sending_order,
)

WAITING = [STATUS.queued, STATUS.requeued]
LOOKED_AT = timedelta(days=30)
DOT = b".\r\n"
LONGEST_ANSWER = 600  # seconds a mail server may take to accept a mail (RFC 5321, 4.5.3.2.6)
LONGEST_PAUSE = timedelta(hours=4)  # between two attempts (RFC 5321, 4.5.4.1)
IN_DOUBT_AFTER = timedelta(minutes=15)  # longer than a mail server takes for its answer


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
        message.before_dot = partial(claim, row)
        if not isinstance(mailer, MailServer):
            message.before_dot()
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
    pause = get_retry_timedelta() * (retries if may_give_up else 1)
    Email.objects.filter(pk=row.pk).update(
        status=STATUS.failed if given_up else STATUS.requeued,
        scheduled_time=timezone.now() + min(pause, LONGEST_PAUSE),
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


def in_doubt(rows):
    """The same of many rows, as a question to the database."""
    answered = Log.objects.filter(email=OuterRef("pk"), status=STATUS.sent)
    long_ago = timezone.now() - IN_DOUBT_AFTER
    return rows.filter(~Exists(answered), status=STATUS.sent, last_updated__lte=long_ago)


def unsent(rows):
    """Mails that did not go out, or may not have: given up, or in doubt."""
    return rows.filter(status=STATUS.failed) | in_doubt(rows)


def count_unsent():
    """How many of the last month there are of each kind; None where all went out."""
    since = timezone.now() - LOOKED_AT
    found = unsent(Email.objects.filter(last_updated__gte=since)).aggregate(
        given_up=Count("pk", filter=Q(status=STATUS.failed)),
        doubt=Count("pk", filter=Q(status=STATUS.sent)),
    )
    return found if any(found.values()) else None


def send_again(rows):
    """Let mails that did not go out, or may not have, wait once more; answers how many."""
    now = timezone.now()
    return Email.objects.filter(pk__in=unsent(rows).values("pk")).update(
        status=STATUS.requeued, scheduled_time=now, number_of_retries=0, last_updated=now
    )


def hang_up(mailer):
    """Close the connection; one that is broken is as good as closed."""
    with suppress(OSError):
        mailer.close()


class AskingLast:
    """A dialogue with a mail server that asks once more before the dot that ends the text."""

    before_dot = None

    def send(self, s):
        """All that goes over; only a mail's text comes as bytes."""
        if self.before_dot is None or not isinstance(s, bytes):
            return super().send(s)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            super().send(s.removesuffix(DOT))
            self.before_dot()
        except BaseException:
            self.close()  # a text without its dot is none
            raise
        self.sock.settimeout(LONGEST_ANSWER)
        return super().send(DOT)

    def data(self, msg):
        patience = self.sock and self.sock.gettimeout()
        try:
            return super().data(msg)
        finally:
            if self.sock:
                self.sock.settimeout(patience)


class MailServer(smtp.EmailBackend):
    """Django's way to a mail server; a message's `before_dot` is called at the last moment."""

    @property
    def connection_class(self):
        plain = super().connection_class
        return type(plain.__name__, (AskingLast, plain), {})

    def _send(self, email_message):
        self.connection.before_dot = getattr(email_message, "before_dot", None)
        return super()._send(email_message)
