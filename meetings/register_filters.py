"""What the registers of decisions and of actions can be narrowed to."""

from operator import itemgetter

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.at_once import at_once
from cities.choosing import Choose, choices_for
from cities.models import City
from meetings.models import Action, Decision, Meeting
from meetings.states import ActionStatus
from programme.models import StrategicLine
from projects.models import Project

MOST_TO_CHOOSE = 100  # the latest; others are reached from their own pages
LONGEST_SLUG = 120


def of_decisions(user):
    """The years, cities, lines and latest projects of what this person may see."""
    seen = Decision.objects.visible_to(user).order_by()
    meetings = Meeting.objects.filter(pk__in=seen.values("meeting"))
    latest = decided_about(user).order_by("-pk").values("pk")[:MOST_TO_CHOOSE]
    things = at_once(
        city=City.objects.visible_to(user).only("slug", "name"),
        line=StrategicLine.objects.only("number", "title").order_by("number"),
        project=Project.objects.filter(pk__in=latest).only("slug", "title").order_by("pk"),
    )
    years = [moment.year for moment in meetings.datetimes("starts_at", "year", order="DESC")]
    projects = [(each.slug, str(each)) for each in things["project"]]
    return {
        "year": [(year, year) for year in years],
        "city": [(city.slug, city.name) for city in things["city"]],
        "line": [(line.pk, str(line)) for line in things["line"]],
        "project": sorted(projects, key=itemgetter(1)),
    }


def decided_about(user):
    """The projects on which decisions were taken, as far as this person may see both."""
    seen = Decision.objects.visible_to(user).order_by().values("pk")
    on_projects = Decision.projects.through.objects.filter(decision__in=seen)
    return Project.objects.visible_to(user).filter(pk__in=on_projects.values("project"))


def of_actions(user):
    """The cities, lines and meetings of what this person may see."""
    meetings = Meeting.objects.filter(
        pk__in=Action.objects.visible_to(user).order_by().values("meeting")
    )
    things = at_once(
        city=City.objects.visible_to(user).only("slug", "name").order_by("name_it"),
        line=StrategicLine.objects.only("number", "title").order_by("number"),
        meeting=meetings.only("slug", "title", "starts_at").order_by("-starts_at"),
    )
    keys = {"city": "slug", "line": "pk", "meeting": "slug"}
    return {
        name: [(getattr(each, key), str(each)) for each in things[name]]
        for name, key in keys.items()
    }


class DecisionFilter(filters.FilterSet):
    """What was decided, by words, year, city, strategic line and project."""

    q = filters.CharFilter(
        label=_("Words"), method="with_words", widget=forms.TextInput(attrs={"type": "search"})
    )
    year = filters.ChoiceFilter(
        label=_("Year"), method="of_year", empty_label=_("All"), widget=Choose
    )
    city = filters.ChoiceFilter(
        label=_("City"), method="of_city", empty_label=_("All"), widget=Choose
    )
    line = filters.ChoiceFilter(label=_("Strategic line"), empty_label=_("All"), widget=Choose)
    project = filters.ChoiceFilter(
        label=_("Project"), method="of_project", empty_label=_("All"), widget=Choose
    )

    class Meta:
        model = Decision
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        for name, choices in choices_for(user, of_decisions).items():
            self.filters[name].extra["choices"] = choices
        asked = self.data.get("project", "")[:LONGEST_SLUG]
        offered = self.filters["project"].extra["choices"]
        if asked and asked not in dict(offered):
            older = decided_about(user).filter(slug=asked)
            self.filters["project"].extra["choices"] = [
                *((each.slug, str(each)) for each in older),
                *offered,
            ]

    def with_words(self, decisions, name, words):
        return decisions.search(words)

    def of_year(self, decisions, name, year):
        """Of a meeting of that year, whatever the number says."""
        return decisions.filter(meeting__starts_at__year=year)

    def of_city(self, decisions, name, slug):
        """That bears on the city, gave it a term of office, or is about a project it leads."""
        cities = Decision.cities.through.objects.filter(city__slug=slug)
        mandates = Decision.mandates.through.objects.filter(mandate__city__slug=slug)
        projects = Decision.projects.through.objects.filter(project__lead__slug=slug)
        return decisions.filter(
            Q(pk__in=cities.values("decision"))
            | Q(pk__in=mandates.values("decision"))
            | Q(pk__in=projects.values("decision"))
        )

    def of_project(self, decisions, name, slug):
        about = Decision.projects.through.objects.filter(project__slug=slug)
        return decisions.filter(pk__in=about.values("decision"))


class ActionFilter(filters.FilterSet):
    """What cities took on, by how far it is, city, strategic line and meeting."""

    STANDING = {
        "undone": _("to do"),
        "overdue": _("overdue"),
        ActionStatus.DONE.value: ActionStatus.DONE.label,
        ActionStatus.DROPPED.value: ActionStatus.DROPPED.label,
    }

    status = filters.ChoiceFilter(
        label=_("How far"),
        method="so_far",
        choices=list(STANDING.items()),
        empty_label=_("All"),
        widget=Choose,
    )
    city = filters.ChoiceFilter(
        label=_("City"), method="of_city", empty_label=_("All"), widget=Choose
    )
    line = filters.ChoiceFilter(label=_("Strategic line"), empty_label=_("All"), widget=Choose)
    meeting = filters.ChoiceFilter(
        label=_("Meeting"), field_name="meeting__slug", empty_label=_("All"), widget=Choose
    )

    class Meta:
        model = Action
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in choices_for(self.request.user, of_actions).items():
            self.filters[name].extra["choices"] = choices

    def so_far(self, actions, name, standing):
        if standing in ("undone", "overdue"):
            return getattr(actions, standing)()
        return actions.filter(status=standing)

    def of_city(self, actions, name, slug):
        return actions.of_cities(City.objects.filter(slug=slug).order_by().values("pk"))
