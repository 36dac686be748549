"""Projects as open data: any list of them as a file, and what its columns mean."""

from django.conf import settings
from django.db.models import Case, F, Prefetch, When
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cities.cards import names_of, rows_among
from cities.tables import FORMATS, MOST_IN_XLSX, Column, Table, columns_of, key_of, plain
from documents.models import Document
from journal.public_pages import public_page
from programme.models import StrategicLine
from projects.filters import ProjectFilter
from projects.models import Project
from projects.partnerships import Partnership
from projects.parts import Funding


def plainly(name):
    return lambda project: plain(project, name)


# What is not on the card, before and behind it.
BEFORE = [
    Column("slug", _("key"), [_("It stays the same for ever.")], plainly("slug")),
    Column(
        "page",
        _("page"),
        [_("Where people read it.")],
        lambda project: settings.SITE_URL + project.get_absolute_url(),
    ),
]
BEHIND = columns_of(Project, ["status", "published_at", "updated_at"])

# What is told in another way than it is kept: private money, cities that are only asked.
SPECIAL = {
    "budget": plainly("open_budget"),
    "partners": lambda project: [key_of(each.city) for each in project.partnerships.all()],
}
COLUMNS = [*BEFORE, *columns_of(Project, names_of(Project), SPECIAL), *BEHIND]


def for_export(projects, user):
    """These projects with all that their columns read, as far as this person may know it."""
    known = Project.objects.known_by(user).order_by().values("pk")
    money = Funding.objects.filter(is_public=True) | Funding.objects.filter(project__in=known)
    chosen = {
        "partners": Prefetch("partnerships", Partnership.objects.accepted().select_related("city")),
        "lines": Prefetch("lines", StrategicLine.objects.select_related("agreement")),
        "fundings": Prefetch("fundings", money),
        "documents": Prefetch("documents", Document.objects.visible_to(user)),
    }
    several = [name for name in names_of(Project) if is_several(name)]
    return (
        projects.select_related("lead", "contact")
        .prefetch_related(None)
        .prefetch_related(*(chosen.get(name, name) for name in several))
        .annotate(
            open_budget=Case(
                When(budget_is_public=True, then=F("budget")),
                When(pk__in=known, then=F("budget")),
            )
        )
    )


def is_several(name):
    return name in rows_among(Project, [name]) or Project._meta.get_field(name).many_to_many


def table_of(query=None):
    """Projects as a table: what stands in its columns, and from which list it comes."""
    return Table(
        name="projects",
        title=_("Projects of the Italian UNESCO Creative Cities"),
        columns=COLUMNS,
        source=settings.SITE_URL + reverse("project_list", query=query),
        explained_at=settings.SITE_URL + reverse("project_columns"),
    )


@public_page(ProjectFilter)
@require_safe
def project_export(request, format):
    """The list of projects that the address asks for, as a file."""
    if format not in FORMATS:
        raise Http404
    projects = Project.objects.published().recent()
    found = ProjectFilter(request.GET, projects).qs
    if format == "xlsx" and found[MOST_IN_XLSX:].exists():
        return project_columns(request, too_many=True)
    return table_of(request.GET).response(format, for_export(found, request.user))


@public_page(ProjectFilter)
@require_safe
def project_columns(request, *, too_many=False):
    """What each column of these files means, and under which terms they may be used."""
    context = {
        "table": table_of(request.GET),
        "most": MOST_IN_XLSX,
        "too_many": too_many,
    }
    return render(
        request, "projects/project_columns.html", context, status=413 if too_many else 200
    )
