"""The facts that a card should not be without, and how the database tells which are missing.

    IMPORTANT = [Important("italian", _("Text in Italian"), ["summary_it", "text_it"]), …]

A name is a field, rows (`facts`), or a column of rows (`offices__email`); all names of a fact must
be filled. Everything is asked of the database at once, however many things there are.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

A_YEAR = timedelta(days=365)


class Important(NamedTuple):
    """A fact: its key, what it is called, what tells it; how old it may be; of what it is asked."""

    key: str
    label: Any
    names: list
    lasts: timedelta | None = None
    asked: Callable | None = None  # answers the condition under which a thing should have it


def filled(model, name, oldest=None):
    """The condition that a thing tells something under a name, no older than a day."""
    name, _underscores, column = name.partition("__")
    field = model._meta.get_field(name)
    if field.one_to_many or field.many_to_many:
        rows = rows_of(model, field)
        return Exists(rows.filter(filled(rows.model, column, oldest)) if column else rows)
    if oldest:
        return Q(**{f"{name}__gte": oldest})
    empty = Q(**{name: None})
    if isinstance(field, models.CharField | models.TextField | models.FileField):
        empty |= Q(**{name: ""})
    return ~empty


def rows_of(model, field):
    """The rows that hang on a thing under a name, or that join it with others."""
    if field.many_to_many:
        through = field.remote_field.through._base_manager
        return through.filter(**{field.m2m_field_name(): OuterRef("pk")}).order_by()
    key = field.remote_field.attname
    return field.related_model._base_manager.filter(**{key: OuterRef("pk")}).order_by()


def told(model, fact):
    """The condition that a thing has an important fact."""
    oldest = fact.lasts and timezone.localdate() - fact.lasts
    condition = Q()
    for name in fact.names:
        condition &= Q(filled(model, name, oldest))
    return condition


def standing(model, fact, present, missing, not_asked):
    """One of three values: whether a thing has a fact, misses it, or need not have it."""
    asked = [When(fact.asked(), then=Value(missing))] if fact.asked else []
    return Case(
        When(told(model, fact), then=Value(present)),
        *asked,
        default=Value(not_asked if fact.asked else missing),
    )


def with_missing(things):
    """With the number of important facts that each misses."""
    model = things.model
    return things.annotate(
        missing=sum((standing(model, fact, 0, 1, 0) for fact in model.IMPORTANT), Value(0))
    )


def with_standings(things):
    """With "present", "missing" or nothing for each important fact, as `has_<key>`."""
    model = things.model
    return things.annotate(
        **{
            f"has_{fact.key}": standing(model, fact, "present", "missing", "")
            for fact in model.IMPORTANT
        }
    )
