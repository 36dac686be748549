"""Updates: what happened in a project, told in a minute by one of its cities."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from documents.files import throw_away
from journal.models import Event
from projects.models import Project
from projects.panels import updates_of, with_rights
from projects.parts import ProjectUpdate
from projects.rights import may_tell
from projects.update_forms import UpdateForm

A_PAGE = 10


@login_not_required
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
