"""Circulating minutes: what is missing before, and what follows when they go out."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.actions import entrust
from meetings.carrying import carry_over
from meetings.decisions import number_decisions
from meetings.minutes import Minutes
from meetings.minutes_letters import write_letters
from meetings.states import InvitedAs

COMMENT_DAYS = 10


def what_is_missing(record):
    """What a coordinator should look at before others read it, in sentences; it forbids nothing."""
    missing = []
    if not record["attendance"]:
        missing.append(_("Nobody is marked as present."))
    missing += [
        _("Item %(number)s has no text: %(title)s")
        % {"number": item["number"], "title": item["title"]["text"]}
        for item in record["items"]
        if not item["text"]["blocks"]
    ]
    return missing


def set_out(meeting, *, by):
    """What circulating brings about: numbers for decisions, cities that are told of their actions,
    a letter to each who was invited. Observers wait for the final minutes."""
    minutes = Minutes.objects.get_or_create(meeting=meeting)[0]
    minutes.circulated_at = timezone.now()
    if minutes.comments_until is None:
        minutes.comments_until = timezone.localdate() + timedelta(days=COMMENT_DAYS)
    minutes.save()
    meeting.minutes = minutes
    number_decisions(meeting)
    entrust(meeting, by=by)
    participants = meeting.invitations.standing().sent().exclude(role=InvitedAs.OBSERVER)
    write_letters(participants, "minutes", by=by, once="minutes")


def circulate_minutes(meeting, *, by):
    """Circulate them, and put their approval on the agendas that are being prepared."""
    with transaction.atomic():
        meeting.circulate(by=by)
        carry_over(meeting)
