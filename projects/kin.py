"""Projects that share most with one: found, weighed, and explained to the reader."""

from django.contrib.auth.models import AnonymousUser
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from cities.at_once import asked_at_once, remember
from projects.models import Project
from projects.partnerships import Partnership

NEAR = 48  # of so many recent ones the nearest are shown


def kin_of(project, cities, most=3):
    """Public projects that share fields, lines or cities with this one, and in words which.

    `cities` are those that take part in it. Takes one query, however many projects there are.
    """
    found = kin_at_once(AnonymousUser(), project=project.pk, lead=project.lead_id)
    belonging = {each.pk: {"fields": [], "lines": set(), "cities": set()} for each in found["near"]}
    for each in found["fields"]:
        belonging[each.project_id]["fields"].append(each.creativefield)
    for each in found["lines"]:
        belonging[each.project_id]["lines"].add(each.strategicline_id)
    for each in found["cities"]:
        belonging[each.project_id]["cities"].add(each.city_id)
    for other in found["near"]:
        its = belonging[other.pk]
        remember(other, fields=sorted(its["fields"], key=lambda field: field.order))
        taking_part = {other.lead_id, *its["cities"]}
        other.shared = [
            *(field for field in project.fields.all() if field in its["fields"]),
            *(line for line in project.lines.all() if line.pk in its["lines"]),
            *(city for city in cities if city.pk in taking_part),
        ]
    nearest = sorted(found["near"], key=lambda other: -len(other.shared))[:most]
    for other in nearest:
        other.in_common = get_text_list([shared_name(each) for each in other.shared], _("and"))
    return nearest


@asked_at_once
def kin_at_once(user, project, lead):
    """The latest of its kin, their fields, and the keys of their lines and partner cities."""
    akin = Project.objects.published().akin_to(project, lead).recent()
    near = Project.objects.filter(pk__in=akin.values("pk")[:NEAR]).recent()
    which = near.order_by().values("pk")
    return {
        "near": near.on_cards(),
        "fields": Project.fields.through.objects.filter(project__in=which).select_related(
            "creativefield"
        ),
        "lines": Project.lines.through.objects.filter(project__in=which),
        "cities": Partnership.objects.accepted()
        .filter(project__in=which)
        .order_by("pk")
        .only("project", "city"),
    }


def shared_name(thing):
    """What two projects share, in a word: “Design”, “Torino”, “line 2”."""
    if hasattr(thing, "number"):
        return _("line %(number)s") % {"number": thing.number}
    return str(thing)
