"""The sheet of the day: who is there, who takes part online, who leaves, who came instead.

Made for a phone held in one hand. Each tap writes one person and nothing else, so that two people
can keep the sheet together.
"""

from django.contrib import messages
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meetings.answers import by_city
from meetings.invitations import Invitation
from meetings.models import Meeting
from meetings.presence_forms import PresentForm
from meetings.quorum import quorum_of
from meetings.states import ATTENDED, Attendance, MeetingStatus
from meetings.steps import page_context

# Once the minutes are approved, who was there is part of them.
KEPT = [MeetingStatus.CONVENED, MeetingStatus.HELD, MeetingStatus.CIRCULATED]


@require_safe
def meeting_attendance(request, pk):
    """The sheet; for its own script, only what has changed (attendance.js)."""
    meeting = get_object_or_404(Meeting, pk=pk)
    if wants_data(request):
        return JsonResponse(state_of(meeting))
    return sheet(request, meeting, PresentForm(meeting=meeting))


def sheet(request, meeting, form):
    invitations = list(
        meeting.invitations.standing()
        .for_lists()
        .select_related("stands_for__user", "substitute__user")
    )
    context = {
        **page_context(request, meeting, _("List of presence")),
        "groups": by_city(invitations),
        "quorum": quorum_of(meeting, invitations),
        "is_kept": meeting.status in KEPT,
        "attendances": Attendance.choices,
        "form": form,
    }
    return render(request, "admin/meetings/meeting_attendance.html", context)


@require_POST
def attendance_mark(request, pk, person):
    """Note how one person takes part, and when they leave."""
    with transaction.atomic():
        meeting = get_object_or_404(Meeting.objects.select_for_update(), pk=pk)
        if meeting.status not in KEPT:
            return frozen(request, meeting)
        invitation = get_object_or_404(meeting.invitations.standing(), pk=person)
        attendance = request.POST.get("attendance")
        if attendance not in ["", *Attendance]:
            attendance = invitation.attendance
        left_at = left(request.POST) if attendance in ATTENDED else None
        Invitation.objects.filter(pk=person).update(attendance=attendance, left_at=left_at)
    if wants_data(request):
        return JsonResponse(state_of(meeting))
    return redirect(address(meeting, person))


@require_POST
def attendance_add(request, pk):
    """Put on the list whoever came without being on it, in somebody's place or as a guest."""
    with transaction.atomic():
        meeting = get_object_or_404(Meeting.objects.select_for_update(), pk=pk)
        if meeting.status not in KEPT:
            return frozen(request, meeting)
        form = PresentForm(request.POST, meeting=meeting)
        if form.is_valid():
            return redirect(address(meeting, form.add().pk))
    return sheet(request, meeting, form)


def frozen(request, meeting):
    """Refuse a change: the list of presence is final, or not begun."""
    text = _("Nothing was changed: the list of presence is not open.")
    if wants_data(request):
        return JsonResponse({"error": text}, status=409)
    messages.error(request, text)
    return redirect("admin:meeting_attendance", meeting.pk)


def left(data):
    """The time at which a person leaves: as it was given, else now; none if they stay."""
    if "left" not in data:
        return None
    try:
        given = parse_time(data["left"])
    except ValueError:
        given = None
    return given or timezone.localtime().time().replace(second=0, microsecond=0)


def wants_data(request):
    return request.headers.get("Accept") == "application/json"


def address(meeting, person):
    return f"{reverse('admin:meeting_attendance', args=[meeting.pk])}#person-{person}"


def state_of(meeting):
    """The sheet as its script reads it: each person's attendance, and whether there is a quorum."""
    people = meeting.invitations.standing().order_by("pk")
    quorum = quorum_of(meeting, people)
    return {
        "people": {
            each.pk: [each.attendance, f"{each.left_at:%H:%M}" if each.left_at else ""]
            for each in people
        },
        "quorum": quorum.presence,
        "reached": quorum.asked and quorum.is_reached,
    }
