"""What coordinators do with minutes once they are written: circulate them, decide on remarks,
approve them, correct them by an annex, publish a summary."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journal.diffs import word_diff
from journal.verbs import TransitionNotAllowed
from meetings.agenda import put_in_order
from meetings.amending_forms import AnnexForm, CirculateForm, ReasonForm, SummaryForm
from meetings.circulating import what_is_missing
from meetings.minutes import Amendment, Minutes
from meetings.models import Meeting
from meetings.next_thing import with_progress
from meetings.record import annexes_told, record_of, standing
from meetings.remarks import as_it_stands
from meetings.states import TO_COME, TOOK_PLACE, AmendmentStatus, MeetingStatus
from meetings.steps import page_context


def meeting_amendments(request, pk):
    """Where minutes go out, come back, and become final."""
    return amendments_page(request, meeting_of(pk))


@require_POST
def meeting_circulate(request, pk):
    meeting = meeting_of(pk)
    form = CirculateForm(request.POST, instance=minutes_of(meeting))
    if not form.is_valid():
        return amendments_page(request, meeting, circulate=form)
    try:
        form.circulate(meeting, by=request.user)
    except TransitionNotAllowed:
        return too_late(request, meeting)
    messages.success(request, _("Circulated: those who were invited are written to now."))
    return redirect("admin:meeting_amendments", meeting.pk)


@require_POST
def meeting_approve(request, pk):
    meeting = meeting_of(pk)
    if Amendment.objects.of_meeting(meeting).waiting().exists():
        messages.warning(request, _("Decide on the open remarks first, then approve the minutes."))
        return redirect("admin:meeting_amendments", meeting.pk)
    try:
        meeting.approve(by=request.user)
    except TransitionNotAllowed:
        return too_late(request, meeting)
    messages.success(request, _("Approved: from now on these minutes never change."))
    return redirect("admin:meeting_amendments", meeting.pk)


@require_POST
def amendment_take(request, pk):
    """Say that the minutes follow a remark, and lead on to where they are written."""
    remark = remark_of(pk)
    meeting = remark.invitation.meeting
    try:
        remark.take(by=request.user)
    except TransitionNotAllowed:
        return too_late(request, meeting)
    messages.success(request, _("Taken: its author is told. Now change the text as agreed."))
    if remark.section:
        return redirect("admin:section_write", meeting.pk, remark.section.item_id)
    return redirect("admin:meeting_amendments", meeting.pk)


@require_POST
def amendment_decline(request, pk):
    remark = remark_of(pk)
    meeting = remark.invitation.meeting
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return amendments_page(request, meeting_of(meeting.pk), reason=(remark.pk, form))
    try:
        remark.decline(by=request.user, comment=form.cleaned_data["comment"])
    except TransitionNotAllowed:
        return too_late(request, meeting, form.cleaned_data["comment"])
    messages.success(request, _("Not taken: its author reads why."))
    return redirect("admin:meeting_amendments", meeting.pk)


@require_POST
def annex_add(request, pk):
    meeting = get_object_or_404(Meeting.objects.filter(status=MeetingStatus.CLOSED), pk=pk)
    form = AnnexForm(request.POST)
    if not form.is_valid():
        return amendments_page(request, meeting_of(pk), annex=form)
    form.add(minutes_of(meeting), by=request.user)
    messages.success(request, _("Added: those who were invited are written to now."))
    return redirect("admin:meeting_amendments", meeting.pk)


@require_POST
def meeting_summary(request, pk):
    """The public summary, which is no part of what is approved."""
    meeting = get_object_or_404(Meeting.objects.filter(status__in=TOOK_PLACE), pk=pk)
    form = SummaryForm(request.POST, instance=minutes_of(meeting))
    if not form.is_valid():
        return amendments_page(request, meeting_of(pk), summary=form)
    form.publish()
    messages.success(request, _("Saved."))
    return redirect("admin:meeting_amendments", meeting.pk)


def meeting_of(pk):
    return get_object_or_404(with_progress(Meeting.objects), pk=pk)


def minutes_of(meeting):
    return Minutes.objects.get_or_create(meeting=meeting)[0]


def remark_of(pk):
    remarks = Amendment.objects.select_related("section", "invitation__meeting", "invitation__user")
    return get_object_or_404(remarks, pk=pk)


def too_late(request, meeting, comment=""):
    messages.warning(request, _("This has changed in the meantime: look again before you decide."))
    if comment:
        text = _("What you wrote was not sent. Here it is, to copy: “%(comment)s”")
        messages.warning(request, text % {"comment": comment})
    return redirect("admin:meeting_amendments", meeting.pk)


def amendments_page(request, meeting, *, reason=(None, None), **sent):
    """The page with what the meeting's state allows; `sent`: forms with what is wrong in them."""
    if not hasattr(meeting, "minutes"):
        meeting.minutes = Minutes(meeting=meeting)
    forms = forms_for(meeting, sent)
    remarks = remarks_for(meeting, reason)
    context = {
        **page_context(request, meeting, _("Circulate and approve")),
        **forms,
        "minutes": meeting.minutes,
        "took_place": meeting.status in TOOK_PLACE,
        "standing": standing(meeting),
        "missing": what_is_missing(record_of(meeting)) if "circulate" in forms else [],
        "waiting": [each for each in remarks if each.status == AmendmentStatus.OPEN],
        "decided": [each for each in remarks if each.status != AmendmentStatus.OPEN],
        "approved_at": approval_items(meeting),
        "annexes": annexes_told(meeting),
        "media": sum((form.media for form in forms.values()), start=CirculateForm().media),
    }
    return render(request, "admin/meetings/amendments.html", context)


def forms_for(meeting, sent):
    forms = {}
    if meeting.status == MeetingStatus.HELD:
        forms["circulate"] = sent.get("circulate") or CirculateForm(instance=meeting.minutes)
    if meeting.status == MeetingStatus.CLOSED:
        forms["annex"] = sent.get("annex") or AnnexForm(auto_id="annex_%s")
    if meeting.status in TOOK_PLACE:
        forms["summary"] = sent.get("summary") or SummaryForm(instance=meeting.minutes)
    return forms


def remarks_for(meeting, reason):
    """All remarks: with the passage as it stands now, what they would change, and the answer."""
    remarks = Amendment.objects.of_meeting(meeting).select_related(
        "section__item", "invitation__user", "invitation__city"
    )
    items = {each.pk: each for each in put_in_order(meeting, meeting.agenda.all())}
    refused, form = reason
    remarks = list(remarks.prefetch_related("events"))
    for each in remarks:
        each.invitation.meeting = meeting
        each.item = items.get(each.section.item_id) if each.section else None
        each.now = as_it_stands(each)
        each.has_moved = each.now != each.quote
        each.since = word_diff(each.quote, each.now) if each.now and each.has_moved else ""
        each.diff = word_diff(each.now or each.quote, each.proposal) if each.proposal else ""
        each.reason_form = form if each.pk == refused else ReasonForm(auto_id=f"{each.pk}_%s")
        answers = [event.comment for event in each.events.all() if event.verb != "propose"]
        each.answer = answers[0] if answers else ""
    return remarks


def approval_items(meeting):
    """Where the approval stands on an agenda."""
    items = meeting.approval_items.filter(meeting__status__in=[*TO_COME, *TOOK_PLACE])
    return items.select_related("meeting").order_by("meeting__starts_at")
