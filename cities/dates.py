"""Dates as they are known, to the day, the month or the year; and rows with beginning and end."""

from django.db import models
from django.db.models import F, Q
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _


class DatePrecision(models.TextChoices):
    """How much of a date is known (precisione)."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


DATE_FORMATS = {
    DatePrecision.DAY: "DATE_FORMAT",
    DatePrecision.MONTH: "YEAR_MONTH_FORMAT",
    DatePrecision.YEAR: "Y",
}


class DatedQuerySet(models.QuerySet):
    """Rows with `starts_on` and `ends_on` (empty: no end), both days included."""

    def current(self, on=None):
        on = on or timezone.localdate()
        return self.filter(Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on))


def ends_after_start(name):
    return models.CheckConstraint(
        condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
        name=name,
        violation_error_message=_("The end cannot come before the beginning."),
    )


def precision_field(verbose_name=_("known to the")):
    return models.CharField(
        verbose_name, max_length=5, choices=DatePrecision, default=DatePrecision.DAY
    )


def known_date(value, precision=DatePrecision.DAY):
    """Write a date as far as it is known: 29 October 2021, October 2020, 2006."""
    if value is None:
        return ""
    return formats.date_format(value, DATE_FORMATS.get(precision, "DATE_FORMAT"))
