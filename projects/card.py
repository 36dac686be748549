"""The card as data: what a project tells, to keep, to compare, and to take back.

`values_of` gives every column of `Project.CARD` as JSON can hold it: a text, a number, a list of
keys for relations, a list of objects for rows. Files are named, not held: they cannot be restored.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from cities.cards import columns, fields_among, names_of, rows_among
from journal.models import Event
from projects.models import Project

FIELDS = columns(Project, [n for n in fields_among(Project, names_of(Project)) if n != "partners"])
ROWS = rows_among(Project, names_of(Project))
WITH_FILES = ("images", "documents")  # their rows bring a file, which no journal holds
ENCODER = DjangoJSONEncoder()


def values_of(project):
    """What every column of the card holds now."""
    values = {name: value_of(project, name) for name in FIELDS}
    return values | {name: rows_of(project, name) for name in ROWS}


def value_of(thing, name):
    field = thing._meta.get_field(name)
    if field.many_to_many:
        return sorted(getattr(thing, name).values_list("pk", flat=True))
    return plain(field, getattr(thing, field.attname))


def rows_of(project, name):
    model = Project._meta.get_field(name).related_model
    return [
        {column: plain(model._meta.get_field(column), getattr(row, column)) for column in of(model)}
        for row in getattr(project, name).all()
    ]


def of(model):
    """The columns of a kind of rows."""
    return columns(model, getattr(model, "COLUMNS", ["title", "file", "audience"]))


def plain(field, value):
    """A value as JSON holds it."""
    if isinstance(field, models.FileField):
        return value.name if value else ""
    if value is None and isinstance(field, models.CharField | models.TextField):
        return ""  # a text that is not there in a language and one that is empty tell the same
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(field, models.DateField | models.DecimalField):
        return ENCODER.default(value)
    return str(value)


def changes_between(before, after):
    """What differs between two cards, as {name: [before, after]}."""
    return {
        name: [before.get(name), after[name]] for name in after if before.get(name) != after[name]
    }


def label_of(name):
    """What a column of the card is called, with its language where it has two."""
    if name in ROWS:
        return Project._meta.get_field(name).related_model._meta.verbose_name_plural
    return Project._meta.get_field(name).verbose_name


def said(name, value):
    """A value of the card in words, as its readers know it."""
    if value in (None, "", []):
        return ""
    if name in ROWS:
        return "\n".join(
            said_row(Project._meta.get_field(name).related_model, row) for row in value
        )
    field = Project._meta.get_field(name)
    if field.is_relation:
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(map(str, field.related_model._base_manager.filter(pk__in=chosen)))
    return said_value(field, value)


def said_row(model, row):
    return ", ".join(
        words
        for column, value in row.items()
        if (words := said_value(model._meta.get_field(column), value))
    )


def said_value(field, value):
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return f"{field.verbose_name}: {_('yes') if value else _('no')}"
    if field.choices or hasattr(field, "countries"):
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField):
        return date_format(parse_date(value), "DATE_FORMAT")
    if isinstance(field, models.DecimalField):
        return number_format(value, use_l10n=True)
    return str(value)


def restore(project, changes, *, by):
    """Bring back what a card held before these changes; answers the names that stay as they are.

    What has been changed again since stays, and so do rows with files. Recorded with its own
    changes, so that a restore can be taken back too.
    """
    with transaction.atomic():
        project.lock_status()
        project.refresh_from_db()
        before = values_of(project)
        kept = [
            name
            for name, (_old, new) in changes.items()
            if name in WITH_FILES or before.get(name) != new
        ]
        back = {name: old for name, (old, _new) in changes.items() if name not in kept}
        for name, value in back.items():
            put_back(project, name, value)
        if back:
            project._history_user = by
            project.save()
            done = changes_between(before, values_of(project))
            Event.objects.record(
                project, "restore", by=by, tell=project.delegates(), details={"changes": done}
            )
    return kept


def put_back(project, name, value):
    """Set one column, or make its rows anew."""
    if name in ROWS:
        rows = getattr(project, name)
        rows.all().delete()
        model = Project._meta.get_field(name).related_model
        model.objects.bulk_create(model(project=project, **row) for row in value)
        return
    field = Project._meta.get_field(name)
    if field.many_to_many:
        getattr(project, name).set(field.related_model._base_manager.filter(pk__in=value))
    elif isinstance(field, models.FileField):
        setattr(project, name, value)
    else:
        setattr(project, field.attname, field.to_python(value))
