"""What became of a card: its history, one change of it, and taking that back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cities.card_values import brings_files, restore, values_of
from journal.models import Event
from projects.models import Project

A_PAGE = 20


def project_history(request, slug):
    """All that happened to a project, for those who keep its card and for coordinators; of its
    partner cities what this person may know."""
    project = get_object_or_404(Project.objects.traced_by(request.user), slug=slug)
    partnerships = project.partnerships.told_to(request.user)
    events = Event.objects.about(project, *partnerships).recent().with_targets()
    page = Paginator(events, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "projects/project_history.html", {"project": project, "page": page})


def project_change(request, slug, pk):
    """One change, word by word, with what has been changed again since."""
    project = get_object_or_404(Project.objects.traced_by(request.user), slug=slug)
    event = get_object_or_404(changes_of(project), pk=pk)
    event.target = project
    changes = told_changes(project, event, request.user)
    restorable = Project.objects.restorable_by(request.user).filter(pk=project.pk).exists()
    context = {
        "project": project,
        "event": event,
        "changes": changes,
        "may_restore": restorable and any(each.can_go_back for each in changes),
        "some_stay": not all(each.can_go_back for each in changes),
    }
    return render(request, "projects/project_change.html", context)


@require_POST
def project_restore(request, slug, pk):
    """Bring back what a change replaced; what was changed again since stays, and is named."""
    project = get_object_or_404(Project.objects.restorable_by(request.user), slug=slug)
    event = get_object_or_404(changes_of(project), pk=pk)
    changes = event.details["changes"]
    closed = closed_to(request.user) & changes.keys()
    open_ones = {name: each for name, each in changes.items() if name not in closed}
    try:
        kept = [*restore(project, open_ones, by=request.user), *closed]
    except IntegrityError:  # it no longer fits what the card says now
        messages.error(request, _("It could not be taken back: it does not fit the rest any more."))
        return redirect("project_change", slug, pk)
    back = len(changes) - len(kept)
    if back:
        done = ngettext("Taken back: one field is as it was.",
                        "Taken back: %(count)d fields are as they were.", back)  # fmt: skip
        messages.success(request, done % {"count": back})
    if kept:
        names = ", ".join(str(project.label_of(name)) for name in kept)
        messages.warning(request, _("Left as they are: %(names)s.") % {"names": names})
    return redirect("project_change", slug, pk)


def changes_of(project):
    """The events of a project that say what they changed."""
    return project.events.filter(details__has_key="changes").select_related("actor")


def closed_to(user):
    """What this person cannot bring back, as they cannot type it into the card: which city leads,
    and whether others should learn from it."""
    return set() if user.is_coordinator else {"lead", "is_good_practice"}


def told_changes(project, event, user):
    """The changes of an event, each with whether it can be taken back, and what stands now."""
    values = values_of(project)
    changes = event.changes
    for change in changes:
        after, now = event.details["changes"][change.name][1], values.get(change.name)
        change.has_files = brings_files(Project, change.name)
        change.overtaken = after != now
        change.is_closed = change.name in closed_to(user)
        change.can_go_back = not (change.has_files or change.overtaken or change.is_closed)
        change.today = project.said(change.name, now) if change.overtaken else ""
    return changes
