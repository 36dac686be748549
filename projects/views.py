from django.http import Http404
from django.shortcuts import get_object_or_404, render

from journal.public_pages import public_page
from projects.embedding import embed_code, oembed_links
from projects.facts import aims_of, citation_of, facts_of, licences_of, partners_by_country
from projects.filters import ProjectFilter
from projects.kin import kin_of
from projects.linked_data import schema_of
from projects.models import Project
from projects.paging import ShortPaginator
from projects.partnering import partners_panel
from projects.parts_on_page import load_parts, map_of, project_of_page, results_of
from projects.rights import knows_all, may_edit
from projects.shown import cards_of
from projects.updating import updates_panel

A_PAGE = 12


@public_page(ProjectFilter, "page")
def project_list(request):
    """Public projects, the newest first, narrowed down by what the address asks."""
    found = ProjectFilter(request.GET, Project.objects.published().recent())
    keys = found.qs.values_list("pk", flat=True)
    pages = ShortPaginator(keys, A_PAGE, asked=found.asked)
    page = pages.get_page(request.GET.get("page"))
    page.object_list = cards_of(page.object_list)
    return render(request, "projects/project_list.html", {"filter": found, "page": page})


@public_page()
def project_detail(request, slug):
    """The one page of a project, for readers, its cities and coordinators."""
    project = project_of_page(slug, request.user)
    if project is None:
        return project_gone(request, slug)
    partners = partners_panel(project, request.user)
    joined = [each.city for each in partners["partnerships"] if each.status == "accepted"]
    cities = [project.lead, *joined]
    parts = load_parts(project, cities, request.user)
    told_all = knows_all(project, request.user, partners["partnerships"])
    context = {
        **parts,
        **results_of(project),
        "project": project,
        "field": next(iter(project.fields.all()), None),
        "partners": partners,
        "updates": updates_panel(project, request.user),
        "facts": facts_of(project, told_all),
        "aims": aims_of(project),
        "abroad": partners_by_country(project.external_partners.all()),
        "map": map_of(cities),
        "kin": kin_of(project, cities) if project.is_public else [],
        "verbs": project.verbs_for(request.user),
        "may_edit": may_edit(project, request.user),
        "knows_all": told_all,
        "licences": licences_of([project, *project.images.all()]),
        "citation": citation_of(project),
        "embed_code": embed_code(project),
        "oembed": oembed_links(project),
        "schema": schema_of(project, cities) if project.is_public else {},
    }
    return render(request, "projects/project_detail.html", context)


@public_page()
def project_picture(request, slug, pk):
    """One picture of a gallery, large, between the one before and the one after."""
    projects = Project.objects.visible_to(request.user).for_cards().prefetch_related("images")
    project = get_object_or_404(projects, slug=slug)
    images = list(project.images.all())
    place = next((place for place, each in enumerate(images) if each.pk == pk), None)
    if place is None:
        raise Http404
    context = {
        "project": project,
        "image": images[place],
        "number": place + 1,
        "count": len(images),
        "previous": images[place - 1] if place else None,
        "following": images[place + 1] if place + 1 < len(images) else None,
    }
    return render(request, "projects/project_picture.html", context)


def project_gone(request, slug):
    """410 for what the public once could read, 404 for what it never could."""
    if not Project.objects.gone().filter(slug=slug).exists():
        raise Http404
    return render(request, "projects/project_gone.html", status=410)
