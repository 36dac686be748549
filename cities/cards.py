"""Cards: what a thing tells of itself. A model lists it once, and everything reads the list.

    CARD = [Section("words", _("In words"), ["title", "summary"], [PAGE, DATA]), …]

A name is a field, translated or not, or the rows of another model (`links`), whose `COLUMNS` say
what each row holds. Forms, admin, pages, exports and the interface for programs follow the list.
"""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import NotRegistered, translator
from modeltranslation.utils import get_translation_fields

# What for something is asked.
PAGE = _("the public page")
REPORT = _("the monitoring report to UNESCO")
DATA = _("the open data")


class Section(NamedTuple):
    """A step of a card: its key in the address, heading, names, and what for it is asked."""

    key: str
    heading: str
    names: list
    uses: list = []


def translated(model):
    """The names of a model's fields that are kept in both languages."""
    try:
        return set(translator.get_options_for_model(model).fields)
    except NotRegistered:
        return set()


def is_rows(model, name):
    """Whether a name of a card stands for rows of another model."""
    field = model._meta.get_field(name)
    return field.one_to_many or bool(getattr(field, "bulk_related_objects", None))


def fields_among(model, names):
    """The names that are fields of the model itself."""
    return [name for name in names if not is_rows(model, name)]


def rows_among(model, names):
    """The names that are rows of other models."""
    return [name for name in names if is_rows(model, name)]


def in_languages(model, names):
    """The columns of a list of fields: translated ones as a tuple, Italian first."""
    both = translated(model)
    return [tuple(get_translation_fields(name)) if name in both else name for name in names]


def columns(model, names):
    """The columns of a list of fields, one after the other."""
    return [
        column
        for each in in_languages(model, names)
        for column in (each if isinstance(each, tuple) else [each])
    ]


def names_of(model):
    """All names of a model's card, in its order."""
    return [name for section in model.CARD for name in section.names]


def is_filled(thing, name):
    """Whether a thing tells something under this name or column."""
    value = getattr(thing, name)
    if isinstance(value, models.Manager):
        return value.exists()
    return value not in (None, "", False)
