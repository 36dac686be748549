"""Decisions and actions, entered beside the text of the minutes under their item.

With JavaScript (minutes.js) their forms open in place; without it each is a page of its own.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meetings.entry_forms import ActionForm, DecisionForm
from meetings.models import Action, AgendaItem, Decision, Meeting
from meetings.states import WRITABLE
from meetings.steps import page_context
from meetings.writing import address, sent, show_refusal
from meetings.writing_forms import STILL_HERE


def decision_create(request, pk, item):
    """Enter what was decided under an item; its project is chosen beforehand."""
    meeting, item = place_for_more(request, pk, item)
    chosen = [item.project_id] if item and item.project_id else []
    decision = Decision(meeting=meeting, item=item)
    return enter(request, DecisionForm, decision, _("Decision"), {"projects": chosen})


def decision_edit(request, pk, item, decision):
    """Change a decision, as long as the minutes are not approved."""
    meeting, item = place_of(request, pk, item)
    found = Decision.objects.filter(meeting=meeting, item=item, pk=decision).first()
    return enter(
        request, DecisionForm, found or gone(request, Decision, meeting, item), _("Decision")
    )


@require_POST
def decision_remove(request, pk, item, decision):
    """Take out a decision that nobody has been told of."""
    decisions = Decision.objects.removable_by(request.user)
    decision = get_object_or_404(decisions, meeting=pk, item=item or None, pk=decision)
    meeting, item = decision.meeting, decision.item
    decision.delete()
    messages.success(request, _("The decision is no longer in the minutes."))
    return redirect(f"{address(meeting, item)}#outcome")


def action_create(request, pk, item):
    """Enter what a city is to do; the item's project is chosen beforehand."""
    meeting, item = place_for_more(request, pk, item)
    action = Action(meeting=meeting, item=item, project=item.project if item else None)
    return enter(request, ActionForm, action, _("Action"))


def action_edit(request, pk, item, action):
    """Change what was asked of a city, as long as it is to be done."""
    meeting, item = place_of(request, pk, item)
    found = get_object_or_404(Action, meeting=meeting, item=item, pk=action)
    return enter(request, ActionForm, found, _("Action"))


def place_of(request, pk, item):
    """The meeting, and the item under which something stands, if any."""
    meeting = get_object_or_404(Meeting.objects.select_related("host"), pk=pk)
    if not item:
        return meeting, None
    items = AgendaItem.objects.select_related("project")
    return meeting, get_object_or_404(items, meeting=meeting, pk=item)


def place_for_more(request, pk, item):
    """Where something new is entered: under an item, wherever there is an agenda."""
    meeting, item = place_of(request, pk, item)
    if item is None and meeting.agenda.exists():
        raise Http404
    return meeting, item


def gone(request, model, meeting, item):
    """What somebody has removed in the meantime: what was typed into it is handed back."""
    if request.method != "POST":
        raise Http404
    thing = model(meeting=meeting, item=item)
    thing.is_gone = True
    return thing


def enter(request, form_class, thing, title, initial=None):
    meeting, item = thing.meeting, thing.item
    form = form_class(
        *sent(request), instance=thing, by=request.user, meeting=meeting, initial=initial
    )
    if hasattr(thing, "is_gone"):
        form.full_clean()
        told = _("Somebody has removed it in the meantime.")
        form.add_error(None, f"{told} {STILL_HERE}")
    elif form.is_bound and form.is_valid() and form.keep():
        messages.success(request, _("Saved."))
        return redirect(f"{address(meeting, item)}#outcome")
    if not form.is_bound and meeting.status not in WRITABLE:
        return show_refusal(request, meeting)
    removable = Decision.objects.removable_by(request.user).filter(pk=thing.pk)
    context = {
        **page_context(request, meeting, title),
        "is_nav_sidebar_enabled": False,
        "item": item,
        "under": item.pk if item else 0,
        "form": form,
        "thing": thing,
        "back": f"{address(meeting, item)}#outcome",
        "may_remove": form_class is DecisionForm and thing.pk and removable.exists(),
    }
    template = "decision_write" if form_class is DecisionForm else "action_write"
    return render(request, f"admin/meetings/{template}.html", context)
