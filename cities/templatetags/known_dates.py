from django import template

from cities import dates

register = template.Library()


@register.filter
def known_date(value, precision):
    """{{ city.designation.designated_on|known_date:city.designation.precision }}"""
    return dates.known_date(value, precision)
