from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cities.models import City
from journal.verbs import TransitionNotAllowed
from projects.facts import facts_of, kin_of, schema_of
from projects.filters import ProjectFilter
from projects.forms import CommentForm, ProjectForm
from projects.models import Partnership, Project
from projects.rights import may_edit

A_PAGE = 12


@login_not_required
def project_list(request):
    """Public projects, the newest first, narrowed down by what the address asks."""
    projects = Project.objects.visible_to(request.user).published().for_cards().recent()
    found = ProjectFilter(request.GET, projects)
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "projects/project_list.html", {"filter": found, "page": page})


@login_not_required
def project_detail(request, slug):
    """The one page of a project, for readers, its cities and coordinators."""
    project = (
        Project.objects.visible_to(request.user)
        .with_last_word()
        .select_related("lead")
        .filter(slug=slug)
        .first()
    )
    if project is None:
        return project_gone(request, slug)
    partnerships = partnerships_on_page(project, request.user)
    context = {
        "project": project,
        "partnerships": partnerships,
        "facts": facts_of(project),
        "kin": kin_of(project),
        "links": project.links.all(),
        "decisions": public_decisions(project),
        "news": project.news.visible_to(request.user).recent()[:4],
        "verbs": project.verbs_for(request.user),
        "may_edit": may_edit(project, request.user),
        "schema": schema_of(project, partnerships) if project.is_public else {},
    }
    return render(request, "projects/project_detail.html", context)


def project_gone(request, slug):
    """410 for what the public once could read, 404 for what it never could."""
    if not Project.objects.gone().filter(slug=slug).exists():
        raise Http404
    return render(request, "projects/project_gone.html", status=410)


def partnerships_on_page(project, user):
    """The partner cities this person may know of, with the answers still open to them."""
    partnerships = list(
        project.partnerships.visible_to(user).with_askers(user).select_related("city")
    )
    asked = project.is_public or project.status == "submitted"
    for each in partnerships:
        each.verbs = each.verbs_for(user) if each.is_mine and asked else []
    return partnerships


def public_decisions(project):
    """What meetings that everyone can read of decided about the project."""
    return (
        project.decisions.filter(is_public=True, meeting__is_public=True)
        .exclude(meeting__status="draft")
        .select_related("meeting")
    )


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


@require_POST
def project_submit(request, slug):
    project = get_object_or_404(Project.objects.led_by(request.user), slug=slug)
    if project.status == "draft" and project.missing():
        messages.warning(request, _("Not submitted yet: see below what is still missing."))
        return redirect(reverse("project_edit", args=[slug], query={"missing": "yes"}))
    return do(request, project, "submit", _("Submitted: the coordinators have been told."))


@require_POST
def project_approve(request, slug):
    project = get_object_or_404(Project.objects.overseen_by(request.user), slug=slug)
    return do(request, project, "approve", _("Published: the cities concerned have been told."))


@require_POST
def project_send_back(request, slug):
    project = get_object_or_404(Project.objects.overseen_by(request.user), slug=slug)
    return do_with_comment(
        request, project, "send_back", _("Sent back: its city has been told, with your comment.")
    )


@require_POST
def project_withdraw(request, slug):
    project = get_object_or_404(Project.objects.withdrawable_by(request.user), slug=slug)
    return do(request, project, "withdraw", _("Withdrawn: the public no longer sees it."))


@require_POST
def project_archive(request, slug):
    project = get_object_or_404(Project.objects.overseen_by(request.user), slug=slug)
    return do(request, project, "archive", _("Archived: it stays at its address with a notice."))


@require_POST
def project_reopen(request, slug):
    project = get_object_or_404(Project.objects.withdrawable_by(request.user), slug=slug)
    return do(request, project, "reopen", _("Reopened: it is a draft again."))


@require_POST
def partnership_accept(request, pk):
    partnership = get_object_or_404(Partnership.objects.asked_of(request.user), pk=pk)
    return do(request, partnership, "accept", _("Your city takes part. The lead city is told."))


@require_POST
def partnership_decline(request, pk):
    partnership = get_object_or_404(Partnership.objects.asked_of(request.user), pk=pk)
    return do_with_comment(
        request, partnership, "decline", _("Declined. The lead city reads your reason.")
    )


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


def do(request, thing, verb, done, **details):
    """Use a verb, say what came of it, and lead back to the thing."""
    try:
        getattr(thing, verb)(by=request.user, **details)
    except TransitionNotAllowed:
        return too_late(request, thing)
    messages.success(request, done)
    return back_to(request, thing)


def too_late(request, thing):
    messages.warning(request, _("This has changed in the meantime: look again before you decide."))
    return back_to(request, thing)


def back_to(request, thing):
    """The project's page, or the desk where the person can no longer see it."""
    project = thing.project if isinstance(thing, Partnership) else thing
    visible = Project.objects.visible_to(request.user).filter(pk=project.pk)
    return redirect(project if visible.exists() else "desk")
