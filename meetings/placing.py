"""Coordinators put what cities propose into its place on the agenda, or say why not."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journal.verbs import TransitionNotAllowed
from meetings.agenda import Proposal, put_in_order
from meetings.models import Meeting
from meetings.steps import page_context


def meeting_proposals(request, pk):
    """What waits, with the places it can go to; below, what has been decided."""
    meeting = get_object_or_404(Meeting, pk=pk)
    proposals = meeting.proposals.select_related("meeting", "city", "project", "proposed_by")
    proposals = list(proposals.with_reasons())
    for each in proposals:
        each.verbs = {verb["name"]: verb for verb in each.verbs_for(request.user)}
    context = {
        **page_context(request, meeting, _("Proposed items")),
        "waiting": [each for each in proposals if each.status == "proposed"],
        "decided": [each for each in proposals if each.status != "proposed"],
        "agenda": put_in_order(meeting, meeting.agenda.for_agenda()),
    }
    return render(request, "admin/meetings/proposals.html", context)


@require_POST
def proposal_accept(request, pk):
    proposal = get_object_or_404(Proposal.objects.select_related("meeting"), pk=pk)
    is_sub = "is_sub" in request.POST
    place = place_after(proposal.meeting, request.POST.get("after"), is_sub=is_sub)
    done = _("On the agenda: “%(title)s”. The city is told.") % {"title": proposal.title}
    return do(request, proposal, "accept", done, place=place, is_sub=is_sub)


def place_after(meeting, chosen, *, is_sub):
    """The place after an item, and after its sub-items too unless it is to be one of them; the
    first where that is asked for, the last where the item is gone."""
    if chosen == "first":
        return 1
    items = list(meeting.agenda.all())
    place = next((n for n, each in enumerate(items, 1) if str(each.pk) == chosen), None)
    while place and not is_sub and place < len(items) and items[place].is_sub:
        place += 1
    return place and place + 1


@require_POST
def proposal_decline(request, pk):
    proposal = get_object_or_404(Proposal.objects.select_related("meeting"), pk=pk)
    comment = request.POST.get("comment", "").strip()
    if not comment:
        messages.error(request, _("Please write why: the city will read it."))
        return redirect("admin:meeting_proposals", proposal.meeting_id)
    done = _("Not taken: “%(title)s”. The city reads your reason.") % {"title": proposal.title}
    return do(request, proposal, "decline", done, comment=comment)


def do(request, proposal, verb, done, **details):
    """Use a verb, say what came of it, and lead back to the others."""
    try:
        getattr(proposal, verb)(by=request.user, **details)
        messages.success(request, done)
    except (TransitionNotAllowed, PermissionDenied):
        messages.warning(request, _("It has been decided in the meantime: look again."))
    return redirect("admin:meeting_proposals", proposal.meeting_id)
