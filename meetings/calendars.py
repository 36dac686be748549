"""Meetings as calendars read them (RFC 5545)."""

from datetime import timedelta
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Event, Timezone

from documents.richtext import words_of
from meetings.states import MeetingStatus

# Italy's time as every calendar understands it: two rules that hold since 1996.
ROME = b"""BEGIN:VTIMEZONE\r
TZID:Europe/Rome\r
BEGIN:DAYLIGHT\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
TZNAME:CEST\r
DTSTART:19960331T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
TZNAME:CET\r
DTSTART:19961027T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
END:STANDARD\r
END:VTIMEZONE\r
"""
# A postponed meeting does not happen when calendars say it does, until it is convened anew.
STATUS = {
    MeetingStatus.DRAFT: "TENTATIVE",
    MeetingStatus.CANCELLED: "CANCELLED",
    MeetingStatus.POSTPONED: "CANCELLED",
}
# Not every calendar shows a status: the title says it too.
LABELS = {
    MeetingStatus.CANCELLED: _("Cancelled: %(title)s"),
    MeetingStatus.POSTPONED: _("Postponed: %(title)s"),
}


def uid_of(meeting):
    """The name by which calendars know this meeting again, whatever of it changes."""
    return f"meeting-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}"


def meeting_calendar(meeting, agenda, *, join=False):
    """The calendar of one meeting, in the language of the reader; `join` writes the online link.

    Only for meetings whose day is known: calendars cannot hold a month.
    """
    calendar = blank_calendar(hours=meeting.has_time)
    calendar.add_component(event_of(meeting, agenda, join=join))
    return calendar


def blank_calendar(*, hours=True, method="PUBLISH"):
    """A calendar that holds nothing yet; where it tells hours, with Italy's time."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.OWNER['name']}//{get_language().upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if hours:
        calendar.add_component(italian_time())
    return calendar


@cache
def italian_time():
    return Timezone.from_ical(ROME)


def event_of(meeting, agenda, *, join):
    event = Event()
    event.add("uid", uid_of(meeting))
    event.add("dtstamp", meeting.updated_at)
    event.add("last-modified", meeting.updated_at)
    event.add("sequence", meeting.sequence)
    event.add("summary", summary_of(meeting))
    if meeting.has_time:
        event.add("dtstart", timezone.localtime(meeting.starts_at))
        if meeting.ends_at:
            event.add("dtend", timezone.localtime(meeting.ends_at))
    else:
        event.add("dtstart", meeting.starts_on)
        event.add("dtend", meeting.ends_on + timedelta(days=1))
    if meeting.place:
        event.add("location", meeting.place)
    address = f"{settings.SITE_URL}{meeting.get_absolute_url()}"
    event.add("url", address)
    event.add("description", description_of(meeting, agenda, address, join=join))
    event.add("categories", [meeting.get_kind_display()])
    event.add("status", STATUS.get(meeting.status, "CONFIRMED"))
    return event


def summary_of(meeting):
    """The title, and what must be known of it at once."""
    title = meeting.title
    if meeting.is_demo:
        title = gettext("Demonstration: %(title)s") % {"title": title}
    return LABELS.get(meeting.status, "%(title)s") % {"title": title}


def description_of(meeting, agenda, address, *, join):
    """What a calendar shows under the date: the agenda, the link to join, the page."""
    parts = [words_of(meeting.text)]
    if agenda:
        parts.append("\n".join([gettext("Agenda"), *(line_of(item) for item in agenda)]))
    if join and meeting.online_link:
        parts.append(gettext("Join online: %(link)s") % {"link": meeting.online_link})
    parts.append(address)
    return "\n\n".join(filter(None, parts))


def line_of(item):
    time = f"{timezone.localtime(item.place.starts_at):%H:%M} " if item.place.starts_at else ""
    presenter = f" ({item.presenter})" if item.presenter else ""
    return f"{time}{item.title}{presenter}"
