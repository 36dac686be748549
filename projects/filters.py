import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from cities.at_once import at_once
from cities.choosing import Choose
from cities.models import City, CreativeField
from journal.revision import kept_until_change
from programme.models import StrategicLine, SustainableGoal
from projects.models import Project
from projects.states import Phase

KEYS = {"city": "slug", "field": "slug", "line": "pk", "goal": "number"}


@kept_until_change
def choices():
    """What there is to choose from, by name."""
    things = at_once(
        city=City.objects.members().only("slug", "name"),
        field=CreativeField.objects.only("slug", "name", "order"),
        line=StrategicLine.objects.only("number", "title").order_by("number"),
        goal=SustainableGoal.objects.only("number", "title"),
    )
    return {
        name: tuple((getattr(each, key), str(each)) for each in things[name])
        for name, key in KEYS.items()
    }


class ProjectFilter(filters.FilterSet):
    """What the public looks for among projects; every answer has an address of its own."""

    q = filters.CharFilter(
        label=_("Words"), method="with_words", widget=forms.TextInput(attrs={"type": "search"})
    )
    city = filters.ChoiceFilter(
        label=_("City"), method="of_city", empty_label=_("All"), widget=Choose
    )
    field = filters.ChoiceFilter(
        label=_("Creative field"), method="of_field", empty_label=_("All"), widget=Choose
    )
    line = filters.ChoiceFilter(
        label=_("Strategic line"), method="of_line", empty_label=_("All"), widget=Choose
    )
    goal = filters.ChoiceFilter(
        label=_("Sustainable development goal"),
        method="of_goal",
        empty_label=_("All"),
        widget=Choose,
    )
    phase = filters.ChoiceFilter(
        label=_("State of the work"),
        choices=Phase.choices,
        empty_label=_("All"),
        widget=Choose,
    )
    year = filters.NumberFilter(
        label=_("Running in the year"),
        method="running_in",
        min_value=1900,
        max_value=2200,
        widget=forms.NumberInput(attrs={"step": 1, "inputmode": "numeric"}),
    )
    partners = filters.BooleanFilter(
        label=_("Looking for partners"),
        method="looking_for_partners",
        widget=forms.CheckboxInput,
    )

    class Meta:
        model = Project
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, offered in choices().items():
            self.filters[name].extra["choices"] = offered

    @property
    def asked(self):
        """What is looked for, as a name for the answer; of words people think up, nothing."""
        values = getattr(self.form, "cleaned_data", {})
        return None if values.get("q") else tuple(values.items())

    def with_words(self, queryset, name, words):
        found = queryset.search(words)
        if "in_title" not in found.query.annotations:  # signs alone: nothing was looked for
            return found
        return found.order_by("-in_title", "-published_at", "-pk")

    def of_field(self, queryset, name, slug):
        return queryset.belonging_to("fields", slug=slug)

    def of_line(self, queryset, name, pk):
        return queryset.belonging_to("lines", pk=pk)

    def of_goal(self, queryset, name, number):
        return queryset.belonging_to("goals", number=number)

    def of_city(self, queryset, name, slug):
        return queryset.of_city(City.objects.filter(slug=slug)[:1])

    def running_in(self, queryset, name, year):
        return queryset.running_in(int(year))

    def looking_for_partners(self, queryset, name, yes):
        return queryset.seeking() if yes else queryset
