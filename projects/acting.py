"""Using a verb from a page: do it, say what came of it, and lead back to the thing."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from journal.verbs import TransitionNotAllowed
from projects.forms import CommentForm
from projects.partnerships import Partnership


def do(request, thing, verb, done, **details):
    """Use a verb, say what came of it, and lead back to the thing."""
    try:
        getattr(thing, verb)(by=request.user, **details)
    except TransitionNotAllowed:
        return too_late(request, thing)
    messages.success(request, done)
    return back_to(request, thing)


def do_with_comment(request, thing, verb, done):
    """Do it with the comment that was sent; ask again where there is none."""
    form = CommentForm(request.POST)
    if form.is_valid():
        return do(request, thing, verb, done, comment=form.cleaned_data["comment"])
    verbs = {each["name"]: each for each in thing.verbs_for(request.user)}
    if verb not in verbs:
        return too_late(request, thing)
    context = {"form": form, "thing": thing, "verb": verbs[verb]}
    return render(request, "projects/comment_form.html", context)


def too_late(request, thing):
    messages.warning(request, _("This has changed in the meantime: look again before you decide."))
    if comment := request.POST.get("comment", "").strip():
        text = _("What you wrote was not sent. Here it is, to copy: “%(comment)s”")
        messages.warning(request, text % {"comment": comment})
    return back_to(request, thing)


def back_to(request, thing):
    """The page of the thing, or the desk where the person can no longer see it."""
    page = thing.project if isinstance(thing, Partnership) else thing
    visible = type(page).objects.visible_to(request.user).filter(pk=page.pk)
    return redirect(page if visible.exists() else "desk")
