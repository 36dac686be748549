"""Dates as they are known: to the day, to the month or to the year."""

from django.db import models
from django.utils import formats
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


def precision_field(verbose_name=_("known to the")):
    return models.CharField(
        verbose_name, max_length=5, choices=DatePrecision, default=DatePrecision.DAY
    )


def known_date(value, precision=DatePrecision.DAY):
    """Write a date as far as it is known: 29 October 2021, October 2020, 2006."""
    if value is None:
        return ""
    return formats.date_format(value, DATE_FORMATS.get(precision, "DATE_FORMAT"))
