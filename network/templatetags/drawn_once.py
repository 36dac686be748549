"""What looks the same each time is drawn once, not for each reader and each page."""

from contextlib import ExitStack
from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import get_language

register = template.Library()

MOST = 512  # drawings of one place in a template
PLAIN = {str, int, float, bool, type(None), Decimal, date, datetime}


@register.tag
def drawn_once(parser, token):
    """{% drawn_once section %} … {% enddrawn_once %}: kept as long as the process runs.

    What stands between may follow from the settings, the language, the day and the values that
    are named: nothing of the request or the reader. Of a thing, all that has been fetched counts,
    so that a change of it is seen at once; what asks the database while it is drawn is not kept.
    """
    values = [parser.compile_filter(each) for each in token.split_contents()[1:]]
    nodes = parser.parse(["enddrawn_once"])
    parser.delete_first_token()
    return DrawnOnce(values, nodes)


class DrawnOnce(template.Node):
    def __init__(self, values, nodelist):
        self.values, self.nodelist = values, nodelist
        self.drawn = {}

    def render(self, context):
        told = [value.resolve(context, ignore_failures=True) for value in self.values]
        key = get_language(), timezone.localdate(), *all_known(told, ())
        drawn = self.drawn.get(key)
        if drawn is None:
            with ExitStack() as stack:
                questions = []
                for connection in connections.all(initialized_only=True):
                    stack.enter_context(connection.execute_wrapper(noted(questions)))
                drawn = self.nodelist.render(context)
            if not questions:
                if len(self.drawn) >= MOST:
                    self.drawn.clear()
                self.drawn[key] = drawn
        return drawn


def noted(questions):
    """Let each question be counted in this list."""

    def ask(execute, sql, *given):
        questions.append(sql)
        return execute(sql, *given)

    return ask


def known(value, within=()):
    """All that is known of a value without asking, to compare it by."""
    if isinstance(value, Model):
        if value in within:
            return value.pk
        rows, within = value.__dict__, (*within, value)
        return type(value), *rows, *all_known(rows.values(), within)
    if isinstance(value, ModelState):
        value = value.fields_cache
    if isinstance(value, dict):
        return *value, *all_known(value.values(), within)
    if isinstance(value, QuerySet):
        value = value._result_cache or ()
    if isinstance(value, list | tuple | set):
        return tuple(all_known(value, within))
    if isinstance(value, FieldFile):
        return value.name
    if is_dataclass(value):
        return known(vars(value), within)
    return type(value), value


def all_known(values, within):
    return [each if type(each) in PLAIN else known(each, within) for each in values]
