"""A meeting as search engines read it: schema.org's Event, with what becomes of it.

https://schema.org/eventStatus says how a day that was put off, moved or called off is told.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from meetings.models import MeetingStatus, Mode

ATTENDANCE = {
    Mode.IN_PERSON: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.BOTH: "MixedEventAttendanceMode",
}
FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


def schema_of(meeting, photos=()):
    """The meeting as linked data; `photos`: what its page shows of it."""
    schema = {
        "@type": "Event",
        "name": meeting.title,
        "url": address_of(meeting),
        **moments_of(meeting),
        "organizer": {
            "@type": "Organization",
            "name": settings.OWNER["name"],
            "url": f"{settings.SITE_URL}{reverse('home')}",
        },
    }
    if meeting.mode:
        schema["eventAttendanceMode"] = f"https://schema.org/{ATTENDANCE[meeting.mode]}"
    if photos:
        schema["image"] = f"{settings.SITE_URL}{photos[0].picture.url}"
    places = places_of(meeting)
    if places:
        schema["location"] = places[0] if len(places) == 1 else places
    return schema


def address_of(meeting):
    return f"{settings.SITE_URL}{meeting.get_absolute_url()}"


def moments_of(meeting):
    """When it is or was to be, and what became of the day."""
    if meeting.status == MeetingStatus.POSTPONED:
        was = meeting.previous_start or meeting.starts_at
        return {"startDate": written(meeting, was), "eventStatus": status("Postponed")}
    moments = {"startDate": written(meeting, meeting.starts_at)}
    if meeting.ends_at:
        moments["endDate"] = written(meeting, meeting.ends_at)
    if meeting.status == MeetingStatus.CANCELLED:
        moments["eventStatus"] = status("Cancelled")
    elif meeting.is_moved:
        moments["eventStatus"] = status("Rescheduled")
        moments["previousStartDate"] = written(meeting, meeting.previous_start)
    else:
        moments["eventStatus"] = status("Scheduled")
    return moments


def status(word):
    return f"https://schema.org/Event{word}"


def places_of(meeting):
    """Where it is: in a room, on a screen, or both."""
    places = []
    if meeting.mode != Mode.ONLINE and meeting.place:
        name = meeting.venue or str(meeting.host or meeting.address)
        places.append({"@type": "Place", "name": name, "address": meeting.place})
    if meeting.mode in (Mode.ONLINE, Mode.BOTH):
        places.append({"@type": "VirtualLocation", "url": address_of(meeting)})
    return places


def written(meeting, moment):
    """A moment in ISO 8601, as far as it is known."""
    moment = timezone.localtime(moment)
    return moment.isoformat() if meeting.has_time else f"{moment:{FORMATS[meeting.precision]}}"
