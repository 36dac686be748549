"""How Italians write dates: 5 dicembre 2024."""

from django.utils.translation import gettext_noop as _

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = "j F Y H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"

# Django's Italian catalogue gives months a capital, which Italian does not: ours goes before it.
MONTHS = [
    # Translators: in small letters
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"),
    _("August"), _("September"), _("October"), _("November"), _("December"),
]  # fmt: skip
