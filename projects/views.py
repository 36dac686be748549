from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render

from projects.facts import facts_of, kin_of, schema_of
from projects.filters import ProjectFilter
from projects.models import Project
from projects.paging import ShortPaginator
from projects.rights import may_edit

A_PAGE = 12


@login_not_required
def project_list(request):
    """Public projects, the newest first, narrowed down by what the address asks."""
    projects = Project.objects.published().for_cards().recent()
    found = ProjectFilter(request.GET, projects)
    page = ShortPaginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
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
