"""The card, written: begin a project, and change it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cities.models import City
from projects.forms import ProjectForm
from projects.models import Project


def project_create(request):
    """Begin a project of a member city that this person acts for."""
    city = City.objects.members().served_by(request.user).first()
    if city is None:
        raise Http404
    return edit(request, Project(lead=city))


def project_edit(request, slug):
    """Change a draft. Whoever sends a form too late gets it back with all they typed."""
    projects = Project.objects.with_last_word()
    mine = (projects.led_by if request.method == "POST" else projects.editable_by)(request.user)
    return edit(request, get_object_or_404(mine, slug=slug))


def edit(request, project):
    to_submit = "submit" in request.POST
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ProjectForm(*sent, instance=project, by=request.user, to_submit=to_submit)
    if sent and form.is_valid() and form.keep():
        messages.success(
            request,
            _("Submitted: the coordinators have been told.")
            if to_submit
            else _("Saved as a draft. Submit it when it is ready."),
        )
        return redirect(project)
    if "missing" in request.GET and not sent:
        form.point_out(project.missing())
    return render(request, "projects/project_form.html", {"form": form, "project": project})
