"""The five steps of a meeting: where it stands, and the one next thing to do."""

from dataclasses import dataclass

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.models import Meeting
from meetings.next_thing import next_thing, warning_of
from meetings.states import MeetingStatus

# Which step a meeting is at, by its status.
AT = {
    MeetingStatus.DRAFT: "prepare",
    MeetingStatus.POSTPONED: "prepare",
    MeetingStatus.CONVENED: "hold",
    MeetingStatus.HELD: "write",
    MeetingStatus.CIRCULATED: "close",
}


@dataclass
class Step:
    """One step on the way: what it is called, where it is done, whether it is over."""

    key: str
    label: str
    url: str
    is_done: bool
    is_now: bool


def steps_of(meeting):
    """Prepare, convene, hold, write, close: each with the page on which it is done."""
    labels = {
        "prepare": (_("Prepare"), "meetings_meeting_change"),
        "convene": (_("Convene"), "meeting_invite"),
        "hold": (_("Hold"), "meeting_attendance"),
        "write": (_("Write"), "meeting_write"),
        "close": (_("Close"), "meeting_amendments"),
    }
    now = AT.get(meeting.status)
    cancelled = meeting.status == MeetingStatus.CANCELLED
    passed = list(labels).index(now) if now else 0 if cancelled else len(labels)
    return [
        Step(key, label, reverse(f"admin:{name}", args=[meeting.pk]), place < passed, key == now)
        for place, (key, (label, name)) in enumerate(labels.items())
    ]


def steps_context(request, meeting):
    """Where a meeting stands and what comes next, as steps.html and next.html say it."""
    coming = next_thing(meeting)
    return {
        "steps": steps_of(meeting),
        "next": coming,
        "next_is_here": coming.url.split("#")[0] == request.path,
        "warning": warning_of(meeting),
    }


def page_context(request, meeting, title):
    """What every page of a meeting in the admin is made with."""
    return {
        **admin.site.each_context(request),
        "opts": Meeting._meta,
        "title": title,
        "meeting": meeting,
        **steps_context(request, meeting),
    }
