"""Links that put a meeting, or a whole calendar, into the calendar a person uses.

What they lead to belongs to others; nothing of it is loaded before somebody goes there.
"""

from datetime import UTC, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.states import MeetingStatus

GOOGLE = "https://calendar.google.com/calendar"
OUTLOOK = "https://outlook.office.com/calendar/0"


class Way(NamedTuple):
    """One kind of calendar, and the link that leads into it."""

    name: str
    url: str


def ways(*, google, file, outlook):
    """The kinds by the names that people know; Apple's and the installed Outlook open a file."""
    return [
        Way("Google", google),
        Way("Apple", file),
        Way("Outlook", file),
        Way(_("Outlook on the web"), outlook),
    ]


def ways_to_add(meeting, *, join=False, file=None):
    """The links for one meeting; none where there is no day to keep free.

    `join` tells the online link too; `file` is the address of its calendar, where the reader has
    one of their own.
    """
    kept_free = meeting.status in (MeetingStatus.DRAFT, MeetingStatus.CONVENED)
    if not (meeting.has_day and kept_free):
        return []
    about = [f"{settings.SITE_URL}{meeting.get_absolute_url()}"]
    if join and meeting.online_link:
        about.insert(0, _("Join online: %(link)s") % {"link": meeting.online_link})
    return ways(
        google=in_google(meeting, "\n\n".join(about)),
        file=file or reverse("meeting_calendar", args=[meeting.slug]),
        outlook=in_outlook(meeting, "\n\n".join(about)),
    )


def in_google(meeting, text):
    start, end = span_of(meeting)
    written = "%Y%m%dT%H%M%SZ" if meeting.has_time else "%Y%m%d"
    asked = {
        "action": "TEMPLATE",
        "text": meeting.title,
        "dates": f"{start:{written}}/{end:{written}}",
        "details": text,
        "location": meeting.place,
        "ctz": settings.TIME_ZONE,
    }
    return f"{GOOGLE}/render?{urlencode(filled(asked))}"


def in_outlook(meeting, text):
    start, end = span_of(meeting)
    asked = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": meeting.title,
        "startdt": start.isoformat(),
        "enddt": end.isoformat(),
        "body": text,
        "location": meeting.place,
    }
    if not meeting.has_time:
        asked["allday"] = "true"
    return f"{OUTLOOK}/deeplink/compose?{urlencode(filled(asked))}"


def filled(asked):
    return {name: value for name, value in asked.items() if value}


def span_of(meeting):
    """From when to when in UTC; where only days are known, from the first to the one after."""
    if meeting.has_time:
        moments = (meeting.starts_at, meeting.ends_at or meeting.starts_at)
        return tuple(moment.astimezone(UTC) for moment in moments)
    return meeting.starts_on, meeting.ends_on + timedelta(days=1)


def ways_to_subscribe(address, name):
    """The links that follow a calendar, given by its path, and go on following it."""
    web = f"{settings.SITE_URL}{address}"
    webcal = f"webcal://{web.partition('://')[2]}"
    return ways(
        google=f"{GOOGLE}/r?{urlencode({'cid': webcal})}",
        file=webcal,
        outlook=f"{OUTLOOK}/addfromweb?{urlencode({'url': web, 'name': name})}",
    )
