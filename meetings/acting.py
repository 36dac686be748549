"""Actions: what cities took on at meetings, how it goes, and who says so."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal.models import Event
from journal.public_pages import public_page
from meetings.action_forms import FORMS
from meetings.models import Action, Decision
from meetings.register_filters import ActionFilter
from projects.acting import do, too_late
from projects.models import Project

ROWS = 30
MOST_EVENTS = 50


@public_page(ActionFilter, "page")
@require_safe
def action_list(request):
    """What is to be done: one's own cities' first, what is overdue before the rest."""
    filtered = ActionFilter(request.GET, Action.objects.visible_to(request.user), request=request)
    actions = filtered.qs.mine_first(request.user).with_last_word().for_lists()
    page = Paginator(actions, ROWS).get_page(request.GET.get("page"))
    return render(request, "meetings/action_list.html", {"filter": filtered, "page_obj": page})


@public_page()
@require_safe
def action_detail(request, pk):
    """What, who, by when, where it comes from; for those inside also how it went so far."""
    user = request.user
    actions = Action.objects.visible_to(user).select_related("item")
    action = get_object_or_404(actions.for_lists(), pk=pk)
    context = {
        "action": action,
        "decision": Decision.objects.visible_to(user).filter(pk=action.decision_id).first(),
        "project": Project.objects.visible_to(user).filter(pk=action.project_id).first(),
        "events": events_of(action) if user.is_authenticated and user.takes_part else [],
        "verbs": action.verbs_for(user),
    }
    return render(request, "meetings/action_detail.html", context)


def events_of(action):
    """What happened to it, the latest first."""
    events = list(Event.objects.about(action).recent()[:MOST_EVENTS])
    for event in events:
        event.target = action
    return events


def answered_by(user, pk):
    """An action of which this person may tell, with what its pages show."""
    actions = Action.objects.answered_by(user)
    return get_object_or_404(actions.for_lists(), pk=pk)


def overseen_by(user, pk):
    actions = Action.objects.overseen_by(user)
    return get_object_or_404(actions.for_lists(), pk=pk)


@require_POST
def action_begin(request, pk):
    return do(request, answered_by(request.user, pk), "begin", _("Noted: it has begun."))


@require_POST
def action_note(request, pk):
    return say(request, answered_by(request.user, pk), "note", _("Thank you: kept with it."))


def action_shift(request, pk):
    """Move its day, with the reason: a page of its own, for it asks for two things."""
    action = answered_by(request.user, pk)
    return say(request, action, "shift", _("Moved: the coordinators read why."))


@require_POST
def action_finish(request, pk):
    return say(request, answered_by(request.user, pk), "finish", _("Thank you: it is done."))


@require_POST
def action_drop(request, pk):
    action = overseen_by(request.user, pk)
    return say(request, action, "drop", _("Dropped: its cities’ people are told why."))


@require_POST
def action_reopen(request, pk):
    action = overseen_by(request.user, pk)
    return do(request, action, "reopen", _("Open again: its cities’ people are told."))


def say(request, action, verb, done):
    """Use a verb with what was written; ask again, beside its field, for what is missing."""
    sent = request.POST if request.method == "POST" else None
    form = FORMS[verb](sent, action=action)
    if form.is_valid():
        return do(request, action, verb, done, **form.cleaned_data)
    verbs = {each["name"]: each for each in action.verbs_for(request.user)}
    if verb not in verbs:
        return too_late(request, action)
    context = {"form": form, "action": action, "verb": verbs[verb]}
    return render(request, "meetings/action_say.html", context)
