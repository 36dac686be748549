"""Updates: what happened in a project, told in a minute by one of its cities."""

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cities.at_once import asked_at_once
from documents.files import throw_away
from journal.models import Event
from journal.public_pages import public_page
from projects.models import Project
from projects.parts import ProjectUpdate
from projects.rights import acts_for, may_tell
from projects.states import ProjectStatus
from projects.update_forms import UpdateForm

A_PAGE = 10
MOST_UPDATES = 5


def updates_panel(project, user):
    """The latest updates, whether there are more, and whether this person may write one."""
    updates = updates_at_once(AnonymousUser(), project=project.pk)["updates"]
    return {
        "project": project,
        "updates": with_rights(updates[:MOST_UPDATES], project, user),
        "has_more": len(updates) > MOST_UPDATES,
        "may_tell": may_tell(project, user),
    }


@asked_at_once
def updates_at_once(user, project):
    """The latest and one more; who sees the project sees them all."""
    updates = ProjectUpdate.objects.filter(project=project).recent()
    latest = ProjectUpdate.objects.filter(pk__in=updates.values("pk")[: MOST_UPDATES + 1])
    return {"updates": latest.recent().select_related("city")}


def updates_of(project):
    return project.updates.recent().select_related("city")


def with_rights(updates, project, user):
    """The same updates, each with what this person may do to it."""
    oversees = acts_for(user, project.lead_id) or (user.is_authenticated and user.is_coordinator)
    for update in updates:
        update.project = project
        is_mine = acts_for(user, update.city_id)
        update.may_edit = is_mine and project.status == ProjectStatus.PUBLISHED
        update.may_remove = is_mine or oversees
    return updates


@public_page("page")
def update_list(request, slug):
    """All updates of a project, the latest first."""
    projects = Project.objects.visible_to(request.user).select_related("lead")
    project = projects.filter(slug=slug).first()
    if project is None:
        return redirect("project_detail", slug)  # which knows whether it is gone
    page = Paginator(updates_of(project), A_PAGE).get_page(request.GET.get("page"))
    page.object_list = with_rights(list(page.object_list), project, request.user)
    context = {"project": project, "page": page, "may_tell": may_tell(project, request.user)}
    return render(request, "projects/update_list.html", context)


def update_create(request, slug):
    """Tell what happened; the people of the other cities read it in their next digest."""
    late = request.method == "POST"  # what was typed comes back, even if it is too late
    mine = (Project.objects.visible_to if late else Project.objects.told_by)(request.user)
    return write(request, ProjectUpdate(project=get_object_or_404(mine, slug=slug)))


def update_edit(request, pk):
    """Change what one's own city has told."""
    updates = ProjectUpdate.objects.select_related("project")
    mine = (updates.told_by if request.method == "POST" else updates.editable_by)(request.user)
    return write(request, get_object_or_404(mine, pk=pk))


def write(request, update):
    project = update.project
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UpdateForm(*sent, instance=update, by=request.user)
    if not form.cities:
        raise Http404
    if sent and form.is_valid():
        if not form.is_repeated():
            update = form.keep()
        messages.success(request, _("It stands on the page. The other cities read it too."))
        return redirect(update if update.pk else project)
    return render(request, "projects/update_form.html", {"form": form, "project": project})


def update_delete(request, pk):
    """Remove an update, once confirmed; the journal keeps its text."""
    updates = ProjectUpdate.objects.removable_by(request.user).select_related("project", "city")
    update = get_object_or_404(updates, pk=pk)
    project = update.project
    if request.method != "POST":
        context = {"update": update, "project": project}
        return render(request, "projects/update_delete.html", context)
    text = {"city": update.city_id, "text_it": update.text_it, "text_en": update.text_en}
    with transaction.atomic():
        if update.picture:
            update.picture.delete_all()  # its widths
            throw_away(update.picture)
        update.delete()
        Event.objects.record(project, "untell", by=request.user, details={"update": text})
    messages.success(request, _("Removed from the page."))
    return redirect(project)
