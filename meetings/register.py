"""The register of decisions: what meetings decided, how, and what came of it.

Internal decisions are for those inside. How the cities voted is public with a public decision:
what administrations do follows openness (Law 241/1990, art. 1).
"""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cities.at_once import at_once, remember
from cities.models import City, Mandate
from cities.tables import FORMATS, Column, Table, columns_of
from journal.public_pages import public_page
from meetings.models import Action, Decision, Meeting, Vote
from meetings.register_filters import DecisionFilter
from meetings.states import Choice
from projects.models import Project

ROWS = 20


@public_page(DecisionFilter, "page")
@require_safe
def decision_list(request):
    """What was decided, the latest first, narrowed down by what the address asks."""
    seen = Decision.objects.visible_to(request.user)
    filtered = DecisionFilter(request.GET, seen, request=request)
    decisions = filtered.qs.select_related("meeting", "item", "line").numbered_first()
    page = Paginator(decisions, ROWS).get_page(request.GET.get("page"))
    load_around(page.object_list, request.user)
    return render(request, "meetings/decision_list.html", {"filter": filtered, "page_obj": page})


@public_page()
@require_safe
def decision_detail(request, pk):
    """One decision at its address, which stays."""
    decisions = Decision.objects.visible_to(request.user)
    decision = get_object_or_404(decisions.select_related("meeting", "item", "line"), pk=pk)
    load_around([decision], request.user)
    return render(request, "meetings/decision_detail.html", {"decision": decision})


def load_around(decisions, user):
    """What hangs on these decisions, kept with them as far as this person may see it: votes,
    cities, terms of office, projects, actions, and where its minutes are. Takes one query."""
    keys = [each.pk for each in decisions]
    if not keys:
        return
    terms = Mandate.objects.filter(decisions__in=keys).order_by()
    seen = Project.objects.visible_to(user).order_by().filter(pk=OuterRef("project"))
    on_cities, on_mandates, on_projects = (
        field.through.objects.filter(decision__in=keys).order_by("pk")
        for field in (Decision.cities, Decision.mandates, Decision.projects)
    )
    minuted = Meeting.objects.minuted_to(user).exclude(minutes=None)
    found = at_once(
        votes=Vote.objects.filter(decision__in=keys).select_related("city").order_by("pk"),
        cities=on_cities.select_related("city"),
        mandates=on_mandates.select_related("mandate"),
        holders=City.objects.filter(pk__in=terms.values("city")).order_by("pk"),
        projects=on_projects.filter(Exists(seen)).select_related("project"),
        actions=Action.objects.visible_to(user).filter(decision__in=keys),
        minuted=minuted.filter(decisions__in=keys).only("slug").order_by("pk"),
    )
    minuted = {meeting.pk for meeting in found.pop("minuted")}
    holders = {city.pk: city for city in found.pop("holders")}
    for row in found["mandates"]:
        row.mandate.city = holders[row.mandate.city_id]
    found["votes"].sort(key=lambda vote: (Choice.values.index(vote.choice), vote.city.name))
    for decision in decisions:
        mine = {
            name: [row for row in rows if row.decision_id == decision.pk]
            for name, rows in found.items()
        }
        for name, one in [("cities", "city"), ("mandates", "mandate"), ("projects", "project")]:
            mine[name] = [getattr(row, one) for row in mine[name]]
        remember(decision, **mine)
        if decision.meeting_id in minuted:
            decision.minutes_url = reverse("meeting_minutes", args=[decision.meeting.slug])


# As a file


def told_votes(decision):
    return [
        {"city": vote.city.slug, "vote": vote.choice}
        for vote in sorted(decision.votes.all(), key=lambda vote: vote.city.slug)
    ]


COLUMNS = [
    Column("reference", _("number"), [_("Year and number.")], lambda each: each.reference),
    Column(
        "page",
        _("page"),
        [_("Where people read it.")],
        lambda each: settings.SITE_URL + each.get_absolute_url(),
    ),
    Column(
        "decided_on",
        _("day"),
        ["2026-11-22"],
        lambda each: each.meeting.starts_on.isoformat() if each.meeting.has_day else "",
    ),
    Column("meeting", _("meeting"), [_("Slug.")], lambda each: each.meeting.slug),
    *columns_of(Decision, ["text", "how", "line", "cities", "projects"]),
    Column(
        "votes", _("votes"), [_("One a line: %(parts)s.") % {"parts": "city | vote"}], told_votes
    ),
    *columns_of(Decision, ["is_public"]),
]


def table_of(query=None):
    """Decisions as a table: what stands in its columns, and from which list it comes."""
    return Table(
        name="decisions",
        title=_("Decisions of the Italian UNESCO Creative Cities"),
        columns=COLUMNS,
        source=settings.SITE_URL + reverse("decision_list", query=query),
        explained_at=settings.SITE_URL + reverse("decision_columns"),
    )


@public_page(DecisionFilter)
@require_safe
def decision_export(request, format):
    """The decisions that the address asks for, as a file; for visitors the public ones."""
    if format not in FORMATS:
        raise Http404
    seen = Decision.objects.visible_to(request.user)
    found = DecisionFilter(request.GET, seen, request=request).qs.numbered_first()
    projects = Prefetch("projects", Project.objects.visible_to(request.user))
    decisions = found.select_related("meeting", "line__agreement").prefetch_related(
        "cities", "votes__city", projects
    )
    return table_of(request.GET).response(format, decisions)


@public_page(DecisionFilter)
@require_safe
def decision_columns(request):
    """What each column of these files means, and under which terms they may be used."""
    return render(request, "meetings/decision_columns.html", {"table": table_of(request.GET)})
