"""Meetings as calendars take them from a mail: come in, have changed, are off (RFC 5546)."""

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, vCalAddress, vText

from journal.harmless import harmless
from meetings.calendars import LABELS, blank_calendar, event_of
from meetings.states import Answer

REQUEST, CANCEL = "REQUEST", "CANCEL"
PARTSTAT = {
    Answer.IN_PERSON: "ACCEPTED",
    Answer.REMOTE: "ACCEPTED",
    Answer.CANNOT: "DECLINED",
    Answer.SUBSTITUTE: "DELEGATED",
}


def calendar_for(invitation, agenda, *, method, sequence, answer_at="", status=""):
    """What a letter brings to its reader's calendar, naming nobody but the reader.

    The same UID and a higher SEQUENCE move the meeting there (RFC 5546, 2.1.4 and 2.1.5). `status`
    is the one that a cancelling verb is about to reach.
    """
    meeting = invitation.meeting
    calendar = blank_calendar(hours=meeting.has_time, method=method)
    event = event_of(meeting, agenda, join=method == REQUEST)
    # How the instance, and not the meeting, came about: RFC 5545, 3.8.7.2.
    replace(event, "dtstamp", timezone.now())
    replace(event, "sequence", sequence)
    replace(event, "status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("organizer", organizer())
    event.add("attendee", attendee(invitation))
    if method == CANCEL:
        replace(event, "summary", LABELS.get(status, "%(title)s") % {"title": meeting.title})
    else:
        text = _("Answer here: %(link)s") % {"link": answer_at}
        replace(event, "description", f"{event['description']}\n\n{text}")
        for before in alarms_before(meeting):
            event.add_component(alarm(meeting, before))
    calendar.add_component(event)
    return calendar.to_ical().decode()


def replace(event, name, value):
    event.pop(name, None)
    event.add(name, value)


def organizer():
    """The portal itself: RFC 5545, 3.8.4.3."""
    address = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    address.params["CN"] = vText(settings.OWNER["name"])
    return address


def attendee(invitation):
    """The reader; whose answer is asked for by the links of the letter, not by the calendar."""
    address = vCalAddress(f"mailto:{invitation.address}")
    address.params["CN"] = vText(harmless(invitation.person) or invitation.address)
    address.params["CUTYPE"] = vText("INDIVIDUAL")
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText(PARTSTAT.get(invitation.answer, "NEEDS-ACTION"))
    address.params["RSVP"] = vText("FALSE")
    return address


def alarms_before(meeting):
    """A day and an hour before; where only the day is known, at nine on the day before."""
    return [timedelta(days=1), timedelta(hours=1)] if meeting.has_time else [timedelta(hours=15)]


def alarm(meeting, before):
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", meeting.title)
    made.add("trigger", -before)
    return made
