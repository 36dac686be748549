from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cities.models import Mandate
from meetings import calendars
from meetings.agenda import put_in_order
from meetings.filters import MeetingFilter
from meetings.models import Meeting, MeetingStatus, Mode
from projects.models import Project

ROWS = 20


@login_not_required
@require_safe
def meeting_list(request):
    """The coming meetings, then the past ones, year by year."""
    meetings = Meeting.objects.visible_to(request.user).for_cards()
    filtered = MeetingFilter(request.GET, queryset=meetings, request=request)
    page = Paginator(filtered.qs.coming_first(), ROWS).get_page(request.GET.get("page"))
    return render(request, "meetings/meeting_list.html", {"filter": filtered, "page_obj": page})


@login_not_required
@require_safe
def meeting_detail(request, slug):
    user = request.user
    meetings = Meeting.objects.visible_to(user)
    meeting = get_object_or_404(meetings.select_related("host"), slug=slug)
    decisions = meeting.decisions.visible_to(user).prefetch_related(
        Prefetch("mandates", Mandate.objects.select_related("city")),
        Prefetch("projects", Project.objects.visible_to(user)),
    )
    context = {
        "meeting": meeting,
        "agenda": put_in_order(meeting, meeting.agenda.for_agenda()),
        "documents": meeting.documents.visible_to(user),
        "decisions": decisions,
        "may_join": may_join(meeting, user),
        "previous": meetings.before(meeting).first(),
        "next": meetings.after(meeting).first(),
        "schema": schema_of(meeting),
    }
    return render(request, "meetings/meeting_detail.html", context)


@login_not_required
@require_safe
def meeting_calendar(request, slug):
    """The meeting for the reader's own calendar; only where the day is known."""
    meetings = Meeting.objects.visible_to(request.user).select_related("host")
    meeting = get_object_or_404(meetings, slug=slug)
    if not meeting.has_day:
        raise Http404
    calendar = calendars.meeting_calendar(
        meeting, put_in_order(meeting, meeting.agenda.all()), join=may_join(meeting, request.user)
    )
    headers = {"Content-Disposition": content_disposition_header(True, f"{meeting.slug}.ics")}
    return HttpResponse(
        calendar.to_ical(), content_type="text/calendar; charset=utf-8", headers=headers
    )


def may_join(meeting, user):
    """Whether this person is shown the online link."""
    invited = Meeting.objects.open_to_participant(user).filter(pk=meeting.pk)
    return bool(meeting.online_link) and invited.exists()


ATTENDANCE = {
    Mode.IN_PERSON: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.BOTH: "MixedEventAttendanceMode",
}
FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


def schema_of(meeting):
    """The meeting as linked data."""
    address = f"{settings.SITE_URL}{meeting.get_absolute_url()}"
    cancelled = meeting.status == MeetingStatus.CANCELLED
    schema = {
        "@type": "Event",
        "name": meeting.title,
        "url": address,
        "startDate": written(meeting, meeting.starts_at),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if cancelled else 'Scheduled'}",
        "organizer": {
            "@type": "Organization",
            "name": settings.OWNER["name"],
            "url": f"{settings.SITE_URL}{reverse('home')}",
        },
    }
    if meeting.mode:
        schema["eventAttendanceMode"] = f"https://schema.org/{ATTENDANCE[meeting.mode]}"
    if meeting.ends_at:
        schema["endDate"] = written(meeting, meeting.ends_at)
    places = []
    if meeting.mode != Mode.ONLINE and meeting.place:
        name = meeting.venue or str(meeting.host or meeting.address)
        places.append({"@type": "Place", "name": name, "address": meeting.place})
    if meeting.mode in (Mode.ONLINE, Mode.BOTH):
        places.append({"@type": "VirtualLocation", "url": address})
    if places:
        schema["location"] = places[0] if len(places) == 1 else places
    return schema


def written(meeting, moment):
    """A moment in ISO 8601, as far as it is known."""
    moment = timezone.localtime(moment)
    return moment.isoformat() if meeting.has_time else f"{moment:{FORMATS[meeting.precision]}}"
