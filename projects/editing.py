"""The card, written: begin a project in a minute, and fill it in step by step."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cities.models import City
from journal.models import Presence
from projects.forms import beginning, step_form
from projects.models import Project
from projects.partnering import partners_panel
from projects.rights import may_submit
from projects.states import ProjectStatus
from projects.steps import Card, told


def project_create(request):
    """Begin a project of a member city that this person acts for: a title is enough."""
    city = City.objects.members().served_by(request.user).first()
    if city is None:
        raise Http404
    start = {"initial": {"key": uuid4()}} if request.method != "POST" else {}
    form = beginning(*sent(request), instance=Project(lead=city), by=request.user, **start)
    if "autosave" in request.POST:
        return kept_by_itself(request, form, "essentials")
    if form.is_bound and form.is_valid() and form.keep():
        messages.success(request, _("Saved as a draft. Stop here, or go on: nothing is lost."))
        return redirect(f"{Card(form.instance).first_open().address}#saved")
    return render(request, "projects/project_create.html", {"form": form})


def project_edit(request, slug):
    """Go on with the card where something is missing."""
    project = get_object_or_404(Project.objects.editable_by(request.user), slug=slug)
    missing = "?missing=yes" if "missing" in request.GET else ""
    return redirect(Card(project).first_open().address + missing)


def project_step(request, slug, section):
    """One step of the card. Whoever sends it too late gets it back with all they typed."""
    section = next((each for each in Project.CARD if each.key == section), None)
    projects = Project.objects.all()
    mine = (projects.worked_on_by if request.method == "POST" else projects.editable_by)(
        request.user
    )
    project = get_object_or_404(told(mine), slug=slug)
    if section is None:
        raise Http404
    form = step_form(section, *sent(request), instance=project, by=request.user)
    if "autosave" in request.POST:
        return kept_by_itself(request, form, section.key)
    if form.is_bound and form.is_valid() and form.keep():
        return go_on(request, form.instance, section)
    return show_step(request, form, section)


def sent(request):
    return (request.POST, request.FILES) if request.method == "POST" else ()


def show_step(request, form, section):
    now = Project.objects.filter(pk=form.instance.pk)
    card = Card(told(now).get() if form.is_bound else form.instance, section)
    project = card.project
    if "missing" in request.GET and not form.is_bound:
        form.point_out([each.column for each in card.missing])
    context = {
        "form": form,
        "parts": parts_with_remarks(form, card.remarks),
        "project": project,
        "panel": section.key == "partners" and partners_panel(project, request.user),
        "card": card,
        "section": section,
        "may_submit": project.status == ProjectStatus.DRAFT and may_submit(project, request.user),
        "present": Presence.objects.note(project, request.user),
    }
    return render(request, "projects/project_step.html", context)


def parts_with_remarks(form, remarks):
    for column in remarks.keys() & form.fields.keys():
        form[column].remark = remarks[column]
    parts = form.blocks()
    for part in parts:
        part["remark"] = remarks.get(part.get("name"))
    return parts


def go_on(request, project, section):
    """Where the button leads: stay, the next step, or the coordinators."""
    card, way = Card(project, section), request.POST.get("go")
    if way == "submit" and project.status == ProjectStatus.DRAFT:
        if card.missing:
            messages.warning(request, _("Not submitted yet: see below what is still missing."))
            return redirect(f"{card.first_open().address}?missing=yes#saved")
        if may_submit(project, request.user):
            project.submit(by=request.user)
            messages.success(request, _("Submitted: the coordinators have been told."))
            return redirect(f"{project.get_absolute_url()}#saved")
    is_draft = project.status == ProjectStatus.DRAFT
    messages.success(request, _("Saved as a draft.") if is_draft else _("Saved: it is public now."))
    step = {"next": card.after, "back": card.before}.get(way)
    return redirect(f"{step.address if step else card.address(section)}#saved")


def kept_by_itself(request, form, key):
    """Keep what was typed into a draft so far, and answer what the page needs to go on."""
    form.full_clean()
    saved = form.instance.status == ProjectStatus.DRAFT and form.keep(by_itself=True)
    answer = {"saved": saved, "errors": errors_in_words(form)}
    if saved:
        project = form.instance
        answer |= {
            "starts": form.starts(),
            "address": reverse("project_step", args=[project.slug, key]),
            "card": f"{request.user.pk}:project-{project.pk}-{key}",
        }
    return JsonResponse(answer)


def errors_in_words(form):
    return [
        f"{form[name].label}: {errors[0]}" if name in form.fields else errors[0]
        for name, errors in form.errors.items()
    ]


@require_POST
def project_presence(request, slug):
    """That this person still has the form open; answers who else has."""
    project = get_object_or_404(Project.objects.editable_by(request.user), slug=slug)
    return JsonResponse({"present": Presence.objects.note(project, request.user)})
