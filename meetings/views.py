from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from journal.public_pages import public_page
from meetings import calendars
from meetings.agenda import put_in_order
from meetings.answering import answer_box
from meetings.calendar_feeds import public_name
from meetings.calendar_links import ways_to_add, ways_to_subscribe
from meetings.filters import MeetingFilter
from meetings.linked_data import schema_of
from meetings.models import Meeting, MeetingStatus
from meetings.page_parts import parts_of

ROWS = 20


@public_page(MeetingFilter, "page")
@require_safe
def meeting_list(request):
    """The coming meetings, then the past ones, year by year."""
    meetings = Meeting.objects.visible_to(request.user).for_cards()
    filtered = MeetingFilter(request.GET, queryset=meetings, request=request)
    page = Paginator(filtered.qs.coming_first(), ROWS).get_page(request.GET.get("page"))
    ways = ways_to_subscribe(reverse("meetings_calendar"), public_name())
    context = {"filter": filtered, "page_obj": page, "ways": ways}
    return render(request, "meetings/meeting_list.html", context)


@public_page()
@require_safe
def meeting_detail(request, slug):
    """The one page of a meeting: what is to come of it, then what came of it."""
    user = request.user
    meetings = Meeting.objects.visible_to(user).with_neighbours().with_part_of(user)
    meeting = get_object_or_404(meetings.select_related("host", "group", "minutes"), slug=slug)
    parts = parts_of(meeting, user)
    context = {
        **parts,
        "meeting": meeting,
        "answer": answer_box(meeting, user),
        "may_join": meeting.invited and meeting.status == MeetingStatus.CONVENED,
        "ways": ways_to_add(meeting, join=meeting.invited),
        "schema": schema_of(meeting, parts["photos"]),
    }
    return render(request, "meetings/meeting_detail.html", context)


@public_page()
@require_safe
def meeting_picture(request, slug, pk):
    """One photograph of a meeting, large, between the one before and the one after."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), slug=slug)
    photos = list(meeting.photos.all())
    place = next((place for place, each in enumerate(photos) if each.pk == pk), None)
    if place is None:
        raise Http404
    context = {
        "meeting": meeting,
        "image": photos[place],
        "number": place + 1,
        "count": len(photos),
        "previous": photos[place - 1] if place else None,
        "following": photos[place + 1] if place + 1 < len(photos) else None,
    }
    return render(request, "meetings/meeting_picture.html", context)


@public_page()
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
