"""The card as data: what a thing tells, to keep, to compare, and to take back.

`values_of` gives every column of a model's CARD as JSON can hold it: a text, a number, a list of
keys for relations, a list of objects for rows. Files are named, not held: rows that bring one
cannot be restored.
"""

from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.cards import columns, fields_among, is_rows, names_of, rows_among
from journal.models import Event

ENCODER = DjangoJSONEncoder()
IN_LANGUAGE = {"it": _("%(label)s, in Italian"), "en": _("%(label)s, in English")}


def values_of(thing):
    """What every column of the card holds now."""
    model, names = type(thing), names_of(type(thing))
    values = {name: value_of(thing, name) for name in columns(model, kept_among(model, names))}
    return values | {name: rows_of(thing, name) for name in rows_among(model, names)}


def kept_among(model, names):
    """The fields that the thing itself keeps: not those that others must agree to."""
    fields = {name: model._meta.get_field(name) for name in fields_among(model, names)}
    return [
        name
        for name, field in fields.items()
        if not field.many_to_many or field.remote_field.through._meta.auto_created
    ]


def value_of(thing, name):
    field = thing._meta.get_field(name)
    if field.many_to_many:
        return sorted(each.pk for each in getattr(thing, name).all())
    return plain(field, getattr(thing, field.attname))


def rows_of(thing, name):
    return [row_of(row) for row in getattr(thing, name).all()]


def row_of(row):
    """The columns of one row."""
    field_of = row._meta.get_field
    return {
        column: plain(field_of(column), getattr(row, column))
        for column in columns(type(row), row.COLUMNS)
    }


def plain(field, value):
    """A value as JSON holds it."""
    if isinstance(field, models.FileField):
        return value.name if value else ""
    if value is None and isinstance(field, models.CharField | models.TextField):
        return ""  # a text that is not there in a language and one that is empty tell the same
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(field, models.DecimalField):
        return f"{value:.{field.decimal_places}f}"  # the same, however it came here
    if isinstance(field, models.DateField):
        return ENCODER.default(value)
    return str(value)


def changes_between(before, after):
    """What differs between two cards, as {name: [before, after]}."""
    return {
        name: [before.get(name), after[name]] for name in after if before.get(name) != after[name]
    }


def label_of(model, name):
    """What a column of a card is called, with its language where it has two."""
    field = model._meta.get_field(name)
    if is_rows(model, name):
        return capfirst(field.related_model._meta.verbose_name_plural)
    if not hasattr(field, "translated_field"):
        return capfirst(field.verbose_name)
    label = capfirst(field.translated_field.verbose_name)
    return IN_LANGUAGE[field.language] % {"label": label}


def said(model, name, value):
    """A value of a card in words, as its readers know it."""
    if value in (None, "", []):
        return ""
    field = model._meta.get_field(name)
    if is_rows(model, name):
        return "\n".join(said_row(field.related_model, row) for row in value)
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
        return f"{field.verbose_name}: {gettext('yes') if value else gettext('no')}"
    if field.choices or hasattr(field, "countries"):
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField):
        return date_format(parse_date(value), "DATE_FORMAT")
    if isinstance(field, models.DecimalField):
        return said_number(value, field.decimal_places)
    return str(value)


def said_number(value, places):
    """A number as people write it: with decimals only where they say something."""
    number = Decimal(value)
    places = 0 if number == int(number) else places
    return number_format(number, places, use_l10n=True, force_grouping=True)


def restore(thing, changes, *, by):
    """Bring back what a card held before these changes; answers the names that stay as they are.

    What has been changed again since stays, and so do rows with files. Recorded with its own
    changes, so that a restore can be taken back too.
    """
    with transaction.atomic():
        thing = type(thing)._base_manager.select_for_update().get(pk=thing.pk)
        before, stay = values_of(thing), []
        for name, (old, new) in changes.items():
            if before.get(name) != new or brings_files(type(thing), name):
                stay.append(name)
            else:
                put_back(thing, name, old)
        if len(stay) < len(changes):
            thing._history_user = by
            thing.save()
            details = {"changes": changes_between(before, values_of(thing))}
            Event.objects.record(thing, "restore", by=by, tell=thing.keepers(), details=details)
    return stay


def brings_files(model, name):
    """Whether the rows of this name bring a file, which no journal holds."""
    field = model._meta.get_field(name)
    return is_rows(model, name) and any(
        isinstance(each, models.FileField) for each in field.related_model._meta.fields
    )


def put_back(thing, name, value):
    field = thing._meta.get_field(name)
    if is_rows(type(thing), name):
        put_back_rows(thing, name, value)
    elif field.many_to_many:
        getattr(thing, name).set(field.related_model._base_manager.filter(pk__in=value))
    elif isinstance(field, models.FileField):
        setattr(thing, name, value)
    else:
        setattr(thing, field.attname, field.to_python(value))


def put_back_rows(thing, name, wanted):
    """Make the rows what they were; those that are right stay, for others may refer to them."""
    manager, spare = getattr(thing, name), []
    wanted = list(wanted)
    for row in manager.all():
        if row_of(row) in wanted:
            wanted.remove(row_of(row))
        else:
            spare.append(row)
    for values in wanted:
        row = spare.pop(0) if spare else manager.model(**{manager.field.name: thing})
        for column, value in values.items():
            setattr(row, column, row._meta.get_field(column).to_python(value))
        row.save()
    for row in spare:
        row.delete()
