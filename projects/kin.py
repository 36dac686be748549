"""Projects that share most with one: found, weighed, and explained to the reader."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from cities.at_once import at_once, remember
from projects.models import Project
from projects.partnerships import Partnership

NEAR = 48  # of so many recent ones the nearest are shown


def kin_of(project, cities, most=3):
    """Public projects that share fields, lines or cities with this one, and in words which.

    `cities` are those that take part in it. Takes two queries, however many projects there are.
    """
    akin = Project.objects.published().akin_to(project).select_related("lead").recent()
    near = list(akin.defer("text", "objectives", "target_groups", "partners_sought")[:NEAR])
    if not near:
        return []
    for other, belongs in zip(near, belongings_of(near), strict=True):
        remember(other, fields=sorted(belongs["fields"], key=lambda field: field.order))
        taking_part = {other.lead_id, *belongs["cities"]}
        other.shared = [
            *(field for field in other.fields.all() if field in project.fields.all()),
            *(line for line in project.lines.all() if line.pk in belongs["lines"]),
            *(city for city in cities if city.pk in taking_part),
        ]
        other.in_common = get_text_list([shared_name(each) for each in other.shared], _("and"))
    near.sort(key=lambda other: -len(other.shared))
    return near[:most]


def belongings_of(projects):
    """Of each project its fields, and the keys of its lines and partner cities."""
    found = at_once(
        fields=Project.fields.through.objects.filter(project__in=projects).select_related(
            "creativefield"
        ),
        lines=Project.lines.through.objects.filter(project__in=projects),
        cities=Partnership.objects.accepted().filter(project__in=projects).only("project", "city"),
    )
    for project in projects:
        yield {
            name: [value(each) for each in found[name] if each.project_id == project.pk]
            for name, value in {
                "fields": lambda each: each.creativefield,
                "lines": lambda each: each.strategicline_id,
                "cities": lambda each: each.city_id,
            }.items()
        }


def shared_name(thing):
    """What two projects share, in a word: “Design”, “Torino”, “line 2”."""
    if hasattr(thing, "number"):
        return _("line %(number)s") % {"number": thing.number}
    return str(thing)
