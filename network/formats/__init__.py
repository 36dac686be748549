"""Formats of the two languages, and the names that Django's Italian writes with a capital."""

from django.utils.translation import gettext_noop as _

# Italian writes days and months small: our catalogue, which comes before Django's, says so.
SMALL_IN_ITALIAN = [
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"),
    _("Sunday"), _("January"), _("February"), _("March"), _("April"), _("May"), _("June"),
    _("July"), _("August"), _("September"), _("October"), _("November"), _("December"),
]  # fmt: skip
