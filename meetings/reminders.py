"""Reminders before a meeting: to those who have not answered, and to those who come."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from meetings.letters import Mailing
from meetings.models import Meeting
from meetings.states import LetterKind, MeetingStatus, MomentPrecision

EVENING = 21  # an hour from which nobody is written to any more
LATE = 2  # days by which a reminder may be late, after the portal was off


def remind_invited(now=None):
    """Write the reminders that are due to those invited; answers how many.

    Does nothing twice, and after days off writes one letter to a person, not all that were missed.
    """
    now = timezone.localtime(now)
    if not settings.DIGEST_HOUR <= now.hour < EVENING:
        return 0
    known = Meeting.objects.filter(precision__in=[MomentPrecision.TIME, MomentPrecision.DAY])
    coming = known.filter(status=MeetingStatus.CONVENED).coming(now)
    return sum(remind(meeting, now) for meeting in coming.select_related("host"))


def remind(meeting, now):
    """Write what is due for one meeting."""
    left = (meeting.starts_on - now.date()).days
    if left < 0 or (meeting.has_time and meeting.starts_at <= now):
        return 0
    written = 0
    if (days := due(days_of(meeting), left)) is not None:
        written += write(meeting, days, "unanswered")
    if (
        meeting.remind_coming is not None
        and (days := due([meeting.remind_coming], left)) is not None
    ):
        written += write(meeting, days, "coming")
    return written


def days_of(meeting):
    """How many days before those are reminded who have not answered."""
    return [int(days) for days in meeting.reminders.split(",") if days.strip()]


def due(days, left):
    """The latest of these reminders whose day has come, unless it is too late for it."""
    come = [each for each in days if left <= each <= left + LATE]
    return min(come, default=None)


def write(meeting, days, why):
    """Remind those concerned, each once for this day; whoever came to the list later was asked by
    the invitation itself."""
    once = f"{why}-{days}-{meeting.starts_on:%Y%m%d}"
    day = timezone.localtime(meeting.starts_at).replace(hour=0, minute=0) - timedelta(days=days)
    with transaction.atomic():
        locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if locked.status != MeetingStatus.CONVENED:
            return 0
        people = meeting.invitations.standing().filter(sent_at__lt=day)
        people = people.unanswered() if why == "unanswered" else people.coming()
        people = list(people.exclude(letters__once=once).for_lists())
        if not people:
            return 0
        return Mailing(meeting, LetterKind.REMINDER, why=why, once=once).send(people, by=None)
