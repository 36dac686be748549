"""Projects as cards."""

from django.contrib.auth.models import AnonymousUser

from cities.at_once import asked_at_once
from cities.page_parts import with_fields
from projects.models import Project


def cards_of(keys):
    """These projects, in this order, each with its lead city and its fields. Takes one query."""
    keys = list(keys)
    if not keys:
        return []
    return in_their_order(keys, cards_at_once(AnonymousUser(), **named(keys)))


def named(keys):
    return {f"key_{place}": key for place, key in enumerate(keys)}


def in_their_order(keys, found):
    """The cards of these keys, of what `rows_of_cards` has found."""
    with_fields(found["projects"], found["fields"])
    projects = {each.pk: each for each in found["projects"]}
    return [projects[key] for key in keys if key in projects]


@asked_at_once
def cards_at_once(user, **keys):
    """Whoever looks: what they may see has been asked for the keys."""
    return rows_of_cards(keys.values())


def rows_of_cards(keys):
    projects = Project.objects.filter(pk__in=keys)
    belonging = Project.fields.through.objects.filter(project__in=projects.order_by().values("pk"))
    return {
        "projects": projects.on_cards(),
        "fields": belonging.select_related("creativefield"),
    }
