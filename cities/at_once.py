"""Several lists in one question to the database.

    at_once(links=project.links.all(), decisions=project.decisions.select_related("meeting"))

gives {"links": [ProjectLink, …], "decisions": […]}, each list in its own order. A page that shows
a little of many things asks once instead of a dozen times.

Composing such a question takes longer than its answer. Where it is always the same, but for a key
or two, it is composed once for all visitors:

    @asked_at_once
    def parts_of(user, project):
        return {"links": ProjectLink.objects.filter(project=project), …}

    parts_of(request.user, project=project.pk)
"""

import json
from datetime import UTC
from functools import cache, wraps
from operator import attrgetter

from django.db import connections, models
from django.db.models import CharField, F, Value
from django.db.models.base import ModelState
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language
from modeltranslation.translator import NotRegistered, translator


def at_once(**querysets):
    """The rows of these querysets as {name: [thing, …]}.

    `only()` and one step of `select_related()` count; orders are of own columns; none is sliced.
    """
    rows = union_of(querysets)
    return sorted_out(list(rows), querysets, rows.db)


class Given(Value):
    """A value of which only the name is known while a question is composed."""

    def as_sql(self, compiler, connection):
        return "%s", [self]


def whole_second():
    return int(timezone.now().timestamp())


def asked_each_second(compose):
    """As `asked_at_once`, for a question that names the moment: its words are kept until the next
    second. What begins or ends, does so with a whole one."""
    return asked_at_once(compose, moment=whole_second)


def asked_at_once(compose, moment=timezone.localdate):
    """The function compose(user, **values) → {name: queryset} as one that answers `at_once`.

    For visitors the words of the question are kept, for each language, until midnight: they may
    name the day, but not the hour. `values` are values of columns; whatever they are, the question
    must be the same.
    """
    kept = {}

    @wraps(compose)
    def ask(user, **values):
        if user.is_authenticated:
            return at_once(**compose(user, **values))
        now, key = moment(), (get_language(), len(values))
        composed = kept.get(key)
        if composed is None or composed[0] != now:
            querysets = compose(user, **{name: Given(name) for name in values})
            composed = kept[key] = now, *words_of(union_of(querysets)), querysets
        _now, sql, params, alias, querysets = composed
        params = [values[each.value] if isinstance(each, Given) else each for each in params]
        with connections[alias].cursor() as cursor:
            cursor.execute(sql, params)
            rows = [json.loads(row[0]) for row in cursor.fetchall()]
        return sorted_out(rows, querysets, alias)

    return ask


def words_of(queryset):
    """Its SQL, what is given to it, and the database it asks."""
    return *queryset.query.get_compiler(queryset.db).as_sql(), queryset.db


def union_of(querysets):
    first, *others = [rows_of(name, queryset) for name, queryset in querysets.items()]
    return first.union(*others, all=True).order_by()


def rows_of(name, queryset):
    """What to ask for: the name of the list and a row, as one object of JSON."""
    model, query = queryset.model, queryset.query
    asked, is_deferred = query.deferred_loading
    row = {field.attname: F(field.attname) for field in columns_of(model, asked, is_deferred)}
    for related in query.select_related or ():
        other = model._meta.get_field(related).related_model
        theirs = {name.removeprefix(f"{related}__") for name in asked if f"{related}__" in name}
        columns = columns_of(other, theirs, is_deferred or not theirs)
        inner = {field.attname: F(f"{related}__{field.attname}") for field in columns}
        row[related] = JSONObject(**inner)
    rows = queryset.select_related(None).defer(None).order_by()
    named = {"list": Value(name, CharField()), "row": JSONObject(**row)}
    return rows.annotate(as_object=JSONObject(**named)).values_list("as_object", flat=True)


def columns_of(model, asked=(), is_deferred=True):
    """The columns of a model, only those asked for or all but those deferred; of what it keeps in
    two languages, those of the languages."""
    try:
        doubled = translator.get_options_for_model(model).fields
    except NotRegistered:
        doubled = ()
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in doubled and (field.primary_key or (field.name in asked) != is_deferred)
    ]


def sorted_out(rows, querysets, alias):
    found = {name: [] for name in querysets}
    for each in rows:
        name = each["list"]
        found[name].append(thing_of(querysets[name].model, each["row"], alias))
    return {name: in_order(things, querysets[name]) for name, things in found.items()}


def thing_of(model, row, alias):
    """A row as a thing of its model, with what was selected along with it. As from_db() makes it,
    but without the signals of Model.__init__, which nothing here listens to."""
    thing = model.__new__(model)
    thing._state = ModelState()
    thing._state.adding, thing._state.db = False, alias
    for name, read in readers_of(model):
        if row.get(name) is not None:
            row[name] = read(row[name])
    for name in [name for name in row if isinstance(row[name], dict)]:
        field = model._meta.get_field(name)
        if field.is_relation:
            inner = row.pop(name)
            other = field.related_model
            found = inner.get(other._meta.pk.attname) is not None
            thing._state.fields_cache[name] = thing_of(other, inner, alias) if found else None
    thing.__dict__.update(row)
    return thing


@cache
def readers_of(model):
    """How to read those columns that JSON writes otherwise than Python."""
    as_they_are = (
        models.CharField, models.TextField, models.IntegerField, models.FileField,
        models.ForeignKey,
    )  # fmt: skip
    return [
        (field.attname, moment if isinstance(field, models.DateTimeField) else field.to_python)
        for field in columns_of(model)
        if not isinstance(field, as_they_are)
    ]


def moment(text):
    value = models.DateTimeField().to_python(text)
    return value.replace(tzinfo=UTC) if timezone.is_naive(value) else value  # as SQLite keeps it


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
