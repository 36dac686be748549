"""Projects that share most with one: found, weighed, and explained to the reader."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Func, IntegerField, OuterRef, Q, Subquery
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from cities.at_once import asked_at_once
from cities.models import City
from projects.models import Project
from projects.partnerships import Partnership
from projects.shown import in_their_order, named, rows_of_cards

NEAR = 48  # of so many recent ones the nearest are shown
MOST = 3


def kin_of(project, cities):
    """Public projects that share fields, lines or cities with this one, and in words which.

    `cities` are those that take part in it. Takes two queries, however many projects there are.
    """
    near = nearest_at_once(AnonymousUser(), project=project.pk, lead=project.lead_id)
    keys = [each.pk for each in near["nearest"]]
    if not keys:
        return []
    found = kin_at_once(AnonymousUser(), **named(keys))
    nearest = in_their_order(keys, found)
    lines = {(each.project_id, each.strategicline_id) for each in found["lines"]}
    joined = {(each.project_id, each.city_id) for each in found["cities"]}
    weights = {}
    for other in nearest:
        its = other.fields.all()
        shared = [
            *(field for field in project.fields.all() if field in its),
            *(line for line in project.lines.all() if (other.pk, line.pk) in lines),
            *(city for city in cities if city.pk == other.lead_id or (other.pk, city.pk) in joined),
        ]
        other.in_common = get_text_list([shared_name(each) for each in shared], _("and"))
        weights[other.pk] = len(shared)
    return sorted(nearest, key=lambda other: -weights[other.pk])


@asked_at_once
def nearest_at_once(user, project, lead):
    """The keys of those of its latest kin that share most with it."""
    akin = Project.objects.published().akin_to(project, lead).recent()
    near = Project.objects.filter(pk__in=akin.values("pk")[:NEAR])
    nearest = near.order_by(shared_with(project, lead).desc(), "-published_at", "-pk")
    which = Project.objects.filter(pk__in=nearest.values("pk")[:MOST])
    return {"nearest": which.only("published_at").recent()}


@asked_at_once
def kin_at_once(user, **keys):
    """Their cards, and the keys of their lines and partner cities."""
    which = Project.objects.filter(pk__in=keys.values()).order_by().values("pk")
    joined = Partnership.objects.accepted().filter(project__in=which).order_by("pk")
    return {
        **rows_of_cards(keys.values()),
        "lines": Project.lines.through.objects.filter(project__in=which),
        "cities": joined.only("project", "city"),
    }


def shared_with(project, lead):
    """How many fields, lines and cities each project shares with this one and its lead city."""
    this, accepted = OuterRef("pk"), Partnership.objects.accepted().order_by()
    fields, lines = Project.fields.through.objects, Project.lines.through.objects
    our_fields = fields.filter(project=project).values("creativefield")
    our_lines = lines.filter(project=project).values("strategicline")
    our_cities = Q(pk=lead) | Q(pk__in=accepted.filter(project=project).values("city"))
    joined = accepted.filter(project=OuterRef(OuterRef("pk"))).values("city")
    their_cities = Q(pk=OuterRef("lead")) | Q(pk__in=joined)
    return (
        number_of(fields.filter(project=this, creativefield__in=our_fields))
        + number_of(lines.filter(project=this, strategicline__in=our_lines))
        + number_of(City.objects.filter(our_cities).filter(their_cities))
    )


def number_of(rows):
    count = Func("pk", function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(number=count).values("number"))


def shared_name(thing):
    """What two projects share, in a word: “Design”, “Torino”, “line 2”."""
    if hasattr(thing, "number"):
        return _("line %(number)s") % {"number": thing.number}
    return str(thing)
