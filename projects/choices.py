"""What projects are sorted by, named for the reader in one query instead of one for each kind."""

from django.conf import settings
from django.db.models import CharField, F, IntegerField, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from cities.models import City, CreativeField
from programme.models import StrategicLine, SustainableGoal

# What stands in an address for one of them, what it is called, and the number before its name.
NAMING = {
    City: ("slug", "name", Value(None)),
    CreativeField: ("slug", "name", Value(None)),
    StrategicLine: ("pk", "title", F("number")),
    SustainableGoal: ("number", "title", F("number")),
}
ORDER = {CreativeField: F("order")}


def named(**querysets):
    """The rows of these querysets as {kind: [(key, name), …]}, each in its own order."""
    first, *others = [rows_of(kind, queryset) for kind, queryset in querysets.items()]
    found = {kind: [] for kind in querysets}
    for kind, number, _place, key, *names in sorted(
        first.union(*others, all=True).order_by(), key=place_of
    ):
        name = in_language(names)
        found[kind].append((key, name if number is None else f"{number}. {name}"))
    return found


def rows_of(kind, queryset):
    key, name, number = NAMING[queryset.model]
    columns = {
        "kind": Value(kind, CharField()),
        "numbered": Cast(number, IntegerField()),
        "place": Cast(ORDER.get(queryset.model, number), IntegerField()),
        "key": Cast(key, CharField()),
        **{f"in_{code}": F(f"{name}_{code}") for code, _name in settings.LANGUAGES},
    }
    return queryset.order_by().annotate(**columns).values_list(*columns)


def place_of(row):
    kind, _number, place, _key, *names = row
    return kind, place or 0, in_language(names)


def in_language(names):
    """The name in the reader's language, else the first there is."""
    by_language = dict(zip(dict(settings.LANGUAGES), names, strict=True))
    return by_language.get(get_language()) or next(filter(None, names), "")
