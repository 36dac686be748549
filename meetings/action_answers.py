"""Telling how an action goes from a letter, without logging in."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from journal.signed_links import NotOurs, by_link, opened
from journal.verbs import TransitionNotAllowed
from meetings.acting import events_of
from meetings.action_forms import FORMS
from meetings.actions import ANSWER_DAYS
from meetings.models import Action

ANSWERS = ["finish", "note", "shift"]


@login_not_required
@never_cache
@by_link(gone="meetings/action_answer_gone.html")
def action_answer(request, token):
    """How an action stands, for one of its cities’ people. Opening it changes nothing, its buttons
    do; while it is undone the link keeps working, and afterwards it says what became of it."""
    action, person = asked_by(token)
    answer = request.POST.get("answer")
    forms = {
        name: FORMS[name](
            request.POST if name == answer else None, action=action, auto_id=f"{name}_%s"
        )
        for name in ANSWERS
    }
    unsent = ""
    if answer in forms and forms[answer].is_valid():
        try:
            getattr(action, answer)(by=person, **forms[answer].cleaned_data)
            return redirect(f"{request.path}?said={answer}")
        except TransitionNotAllowed:  # a colleague was faster
            unsent = forms[answer].cleaned_data["comment"]
    context = {
        "action": action,
        "person": person,
        "forms": forms,
        "said": request.GET.get("said"),
        "unsent": unsent,
        "events": events_of(action),
    }
    return render(request, "meetings/action_answer.html", context)


def asked_by(token):
    """The action a letter is about, and its reader; raises NotOurs for all other links."""
    link = opened("action", token, days=ANSWER_DAYS)
    action = Action.objects.told().for_lists().filter(pk=link.pk).first()
    if action is None or link.user is None or not action.is_of(link.user):
        raise NotOurs
    return action, link.user
