"""Several lists in one question to the database.

    at_once(links=project.links.all(), decisions=project.decisions.select_related("meeting"))

gives {"links": [ProjectLink, …], "decisions": […]}, each list in its own order. A page that shows
a little of many things asks once instead of a dozen times.
"""

from datetime import UTC
from operator import attrgetter

from django.db.models import CharField, DateTimeField, F, Value
from django.db.models.functions import JSONObject
from django.utils.timezone import is_naive
from modeltranslation.translator import NotRegistered, translator


def at_once(**querysets):
    """The rows of these querysets as {name: [thing, …]}.

    `only()` and one step of `select_related()` count; orders are of own columns; none is sliced.
    """
    first, *others = [rows_of(name, queryset) for name, queryset in querysets.items()]
    found = {name: [] for name in querysets}
    for each in first.union(*others, all=True).order_by():
        name = each["list"]
        found[name].append(thing_of(querysets[name].model, each["row"]))
    return {name: in_order(things, querysets[name]) for name, things in found.items()}


def rows_of(name, queryset):
    """What to ask for: the name of the list and a row, as one object of JSON."""
    model, query = queryset.model, queryset.query
    asked, is_deferred = query.deferred_loading
    row = {
        field.attname: F(field.attname)
        for field in columns_of(model)
        if field.primary_key or (field.name in asked) != is_deferred
    }
    for related in query.select_related or ():
        columns = columns_of(model._meta.get_field(related).related_model)
        inner = {field.attname: F(f"{related}__{field.attname}") for field in columns}
        row[related] = JSONObject(**inner)
    rows = queryset.select_related(None).defer(None).order_by()
    named = {"list": Value(name, CharField()), "row": JSONObject(**row)}
    return rows.annotate(as_object=JSONObject(**named)).values_list("as_object", flat=True)


def columns_of(model):
    """The columns of a model; of what it keeps in two languages, those of the languages."""
    try:
        doubled = translator.get_options_for_model(model).fields
    except NotRegistered:
        doubled = ()
    return [field for field in model._meta.concrete_fields if field.name not in doubled]


def thing_of(model, row):
    """A row as a thing of its model, with what was selected along with it."""
    related = {name: row.pop(name) for name in list(row) if isinstance(row[name], dict)}
    fields = [field for field in columns_of(model) if field.attname in row]
    values = [value_of(field, row[field.attname]) for field in fields]
    thing = model.from_db(None, [field.attname for field in fields], values)
    for name, inner in related.items():
        other = model._meta.get_field(name).related_model
        setattr(thing, name, thing_of(other, inner))
    return thing


def value_of(field, value):
    value = field.to_python(value)
    if value and isinstance(field, DateTimeField) and is_naive(value):
        value = value.replace(tzinfo=UTC)  # as SQLite keeps it
    return value


def in_order(things, queryset):
    for name in reversed(queryset.query.order_by or queryset.model._meta.ordering):
        field = queryset.model._meta.get_field(name.lstrip("-").replace("pk", "id"))
        things.sort(key=attrgetter(field.attname), reverse=name.startswith("-"))
    return things


def remember(thing, **lists):
    """Let `thing.links.all()` and the like answer with what has been asked already."""
    for name, rows in lists.items():
        kept = getattr(thing, name).all()
        kept._result_cache, kept._prefetch_done = rows, True
        thing.__dict__.setdefault("_prefetched_objects_cache", {})[name] = kept
