"""Calendars that people follow: the public meetings, and each person's own behind a secret
address. They tell what has changed since (RFC 5545, RFC 7986)."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from icalendar import Event

from journal.public_pages import public_page
from meetings.agenda import AgendaItem, put_in_order
from meetings.calendars import blank_calendar, event_of
from meetings.models import Action, CalendarKey, Invitation, Meeting
from meetings.states import Answer, MeetingStatus

PAST = timedelta(days=365)
ASK_AGAIN_AFTER = timedelta(hours=6)

OF_ITEMS = [
    "meeting", "position", "is_sub", "title", "title_it", "title_en", "presenter", "minutes",
]  # fmt: skip
OF_MEETINGS = [
    "slug", "title", "title_it", "title_en", "text", "text_it", "text_en", "kind", "venue",
    "address", "online_link", "starts_at", "ends_at", "precision", "status", "sequence",
    "updated_at", "is_demo", "host", "host__name", "host__name_it", "host__name_en",
]  # fmt: skip


@public_page()
@require_safe
def meetings_calendar(request):
    """The public meetings of the past year and all to come, the same for everyone."""
    calendar = feed(public_name())
    for meeting in kept_in_calendars(Meeting.objects.visible_to(AnonymousUser())):
        calendar.add_component(told(meeting))
    response = set_response_etag(sent(calendar))
    return get_conditional_response(request, etag=response["ETag"], response=response)


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def personal_calendar(request, key):
    """What a person is invited to and what their cities owe, at their secret address.

    The key alone opens it, as long as its person takes part in the network.
    """
    user = get_object_or_404(CalendarKey.objects.select_related("user"), key=key).user
    if not user.takes_part:
        raise Http404
    with translation.override(user.language):
        return sent(calendar_of(user))


def public_name():
    return _("Meetings of the Italian UNESCO Creative Cities")


def personal_name():
    return _("My Creative Cities calendar")


def calendar_of(user):
    """A person's own calendar, in the language that is active."""
    calendar = feed(personal_name())
    meetings = Meeting.objects.open_to_participant(user).exclude(status=MeetingStatus.DRAFT)
    answers = dict(Invitation.objects.of(user).values_list("meeting", "answer"))
    for meeting in kept_in_calendars(meetings):
        event = told(meeting, join=True)
        if answers.get(meeting.pk) in (Answer.CANNOT, Answer.SUBSTITUTE):
            event.add("transp", "TRANSPARENT")  # whoever does not come is free (RFC 5545, 3.8.2.7)
        calendar.add_component(event)
    actions = Action.objects.owed_by(user).undone().by_due_date()
    for action in actions.select_related("meeting").prefetch_related("cities"):
        calendar.add_component(due_day_of(action))
    return calendar


def kept_in_calendars(meetings):
    """Those of the past year and to come whose day is known, with what calendars tell of them."""
    agenda = Prefetch("agenda", AgendaItem.objects.only(*OF_ITEMS))
    found = meetings.on_days(since=timezone.now() - PAST).for_cards().only(*OF_MEETINGS)
    return found.prefetch_related(agenda)


def told(meeting, *, join=False):
    return event_of(meeting, put_in_order(meeting, meeting.agenda.all()), join=join)


def due_day_of(action):
    """The day by which a city owes something; nobody is busy the whole day because of it."""
    address = f"{settings.SITE_URL}{action.get_absolute_url()}"
    cities = get_text_list([str(city) for city in action.cities.all()], _("and"))
    event = Event()
    event.add("uid", f"action-{action.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", action.created_at)
    event.add("summary", _("Due: %(action)s") % {"action": action.title})
    event.add("dtstart", action.due_on)
    event.add("dtend", action.due_on + timedelta(days=1))
    event.add("description", "\n\n".join([cities, str(action.meeting), address]))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    return event


def feed(name):
    """An empty calendar that programs ask for again (RFC 7986, 5.1 and 5.7), under its name."""
    calendar = blank_calendar()
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    return calendar


def sent(calendar):
    headers = {"Content-Language": translation.get_language()}
    return HttpResponse(
        calendar.to_ical(), content_type="text/calendar; charset=utf-8", headers=headers
    )
