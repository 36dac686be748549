"""Approval: the minutes become final, at the next meeting or by silence, and never change again."""

from django.contrib.auth import get_user_model
from django.utils import timezone

from journal.models import Event
from meetings.minutes import Amendment
from meetings.minutes_letters import write_letters
from meetings.models import Meeting
from meetings.record import frozen
from meetings.states import Approval, InvitedAs, MeetingStatus


def make_final(meeting, *, by):
    """Keep the record for good and send it to observers, and to guests, who have no desk. Answers
    with those who find on theirs that the minutes are final."""
    minutes = meeting.minutes
    minutes.record = frozen(meeting)
    minutes.approved_on = timezone.localdate()
    minutes.save(update_fields=["record", "approved_on", "updated_at"])
    invitations = meeting.invitations.standing().sent()
    at_a_desk = invitations.exclude(user=None).exclude(role=InvitedAs.OBSERVER)
    others = invitations.exclude(pk__in=at_a_desk.order_by().values("pk"))
    write_letters(others, "minutes_final", by=by, once="final")
    return get_user_model().objects.active().filter(pk__in=at_a_desk.order_by().values("user"))


def approve_by_silence(today=None):
    """A duty: approve minutes to which nobody objected in time; returns how many.

    Where remarks still wait, the coordinators are told once, and it goes on when they are decided.
    """
    today = today or timezone.localdate()
    silent = Meeting.objects.filter(
        status=MeetingStatus.CIRCULATED,
        minutes__approval=Approval.SILENCE,
        minutes__comments_until__lt=today,
    ).select_related("minutes")
    done = 0
    for meeting in silent:
        if today <= meeting.minutes.silent_until:
            continue
        if Amendment.objects.of_meeting(meeting).waiting().exists():
            remind_of_remarks(meeting)
        else:
            meeting.approve_by_silence(by=None)
            done += 1
    return done


def remind_of_remarks(meeting):
    """Tell the coordinators, once, that remarks keep the minutes from being approved."""
    if not Event.objects.about(meeting).filter(verb="wait").exists():
        coordinators = get_user_model().objects.coordinators()
        Event.objects.record(meeting, "wait", by=None, tell=coordinators, at_once=True)
