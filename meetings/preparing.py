"""Preparing a meeting: another one like it, and what becomes of a move."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.slugs import unique_slug
from journal.models import Event
from meetings.carrying import put_on_agenda
from meetings.gathering import gather_again
from meetings.models import Meeting, MeetingStatus
from meetings.steps import page_context

# What a calendar holds: where one of these changes, those invited are to be told.
TOLD = {
    "starts_at", "ends_at", "precision", "mode", "host", "venue", "address", "map_url",
    "online_link",
}  # fmt: skip

# What is said of one meeting alone.
ITS_OWN = [
    "id", "slug", "title", "title_it", "title_en", "starts_at", "ends_at", "precision", "status",
    "previous_start", "is_untold", "sequence", "proposals_until", "offered", "press_note",
    "press_note_it", "press_note_en", "source_url", "created_at", "updated_at", "is_demo",
]  # fmt: skip
OF_AN_ITEM = [
    "position", "is_sub", "title_it", "title_en", "kind", "minutes", "presenter", "city",
    "project",
]  # fmt: skip
FOUR_WEEKS = timedelta(weeks=4)


def note_move(meeting):
    """Count that a convened meeting has moved, so that calendars take its next letter for newer
    (RFC 5545, 3.8.7.4); answers whether it has. The caller saves."""
    fields = [Meeting._meta.get_field(name).attname for name in TOLD]
    stood = Meeting.objects.filter(pk=meeting.pk, status=MeetingStatus.CONVENED).values(*fields)
    moved = any(before[name] != getattr(meeting, name) for before in stood[:1] for name in fields)
    if moved:
        meeting.sequence += 1
    return moved


class NextMeetingForm(forms.Form):
    """What the next meeting is called, and when it is."""

    title_it = forms.CharField(label=_("Title in Italian"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    starts_at = forms.SplitDateTimeField(
        label=_("Begins"),
        widget=AdminSplitDateTime,
        help_text=_("Time in Italy (Europe/Rome)."),
        error_messages={"required": _("Say on which day and at what time it begins.")},
    )


def meeting_duplicate(request, pk):
    """Prepare the next one: all is taken over but dates, minutes, decisions and answers."""
    meeting = get_object_or_404(Meeting, pk=pk)
    suggested = {
        "title_it": meeting.title_it,
        "title_en": meeting.title_en,
        "starts_at": next_day(meeting),
    }
    form = NextMeetingForm(request.POST or None, initial=suggested)
    if request.method == "POST" and form.is_valid():
        copy = duplicate(meeting, by=request.user, **form.cleaned_data)
        messages.success(request, gettext("A new draft: look it through, and go on from here."))
        return redirect("admin:meetings_meeting_change", copy.pk)
    context = page_context(request, meeting, gettext("Prepare the next one"))
    context |= {"form": form, "media": form.media}
    return render(request, "admin/meetings/duplicate.html", context)


def next_day(meeting, now=None):
    """The same hour of the same day of the week, four weeks or a multiple of that later."""
    start = timezone.localtime(meeting.starts_at)
    naive, now = start.replace(tzinfo=None) + FOUR_WEEKS, timezone.localtime(now)
    while naive.date() < now.date() + timedelta(days=14):
        naive += FOUR_WEEKS
    return timezone.make_aware(naive)


@transaction.atomic
def duplicate(meeting, *, by, starts_at, **titles):
    """A draft like this meeting, on another day, with its agenda and a list of those invited that
    is built anew."""
    copy = Meeting(starts_at=starts_at, **titles)
    for field in Meeting._meta.concrete_fields:
        if field.name not in ITS_OWN:
            setattr(copy, field.attname, getattr(meeting, field.attname))
    if meeting.has_time and meeting.ends_at:
        copy.ends_at = starts_at + (meeting.ends_at - meeting.starts_at)
    copy.slug = unique_slug(Meeting, copy.title_it)
    copy.save()
    copy.fields.set(meeting.fields.all())
    for item in meeting.agenda.filter(lists_actions=False, minutes_of=None):
        copy.agenda.create(**{name: getattr(item, name) for name in OF_AN_ITEM})
    gather_again(copy, meeting)
    put_on_agenda(copy)
    Event.objects.record(copy, "create", by=by)
    return copy
