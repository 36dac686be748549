"""Choices out of long lists, as filters offer them."""

from functools import lru_cache

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join

from cities.models import City
from journal.revision import kept_until_change


class Choose(forms.Select):
    """A list to choose from, drawn in one step: with the hundreds of cities that there may be,
    Django's templates would be asked a thousand times."""

    def render(self, name, value, attrs=None, renderer=None):
        options = options_of(
            tuple((str(key), str(label)) for key, label in self.choices),
            tuple(map(str, self.format_value(value))),
        )
        attrs = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html("<select{}>{}</select>", flatatt(attrs), options)


@lru_cache(maxsize=64)
def options_of(choices, chosen):
    rows = ((key, " selected" if key in chosen else "", label) for key, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


def choices_for(user, compose):
    """What compose(user) offers this person to choose from; kept for visitors."""
    return compose(user) if user.is_authenticated else choices_for_visitors(compose)


@kept_until_change
def choices_for_visitors(compose):
    return compose(AnonymousUser())


@kept_until_change
def member_cities():
    """The member cities to choose from, by slug."""
    return tuple((city.slug, city.name) for city in City.objects.members().only("slug", "name"))
