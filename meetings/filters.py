from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from cities.choosing import Choose
from cities.models import City
from journal.revision import current_revision
from meetings.models import Kind, Meeting, Track


def choices_for(user):
    """What the meetings that this person may see can be narrowed to, by name."""
    if not user.is_authenticated:
        return choices_at(current_revision(), get_language())
    return choices_among(Meeting.objects.visible_to(user))


@lru_cache(maxsize=4)
def choices_at(revision, language):
    """Those of visitors, as long as nothing public changes."""
    return choices_among(Meeting.objects.visible_to(AnonymousUser()))


def choices_among(meetings):
    hosts = City.objects.filter(pk__in=meetings.order_by().values("host")).only("slug", "name")
    years = meetings.datetimes("starts_at", "year", order="DESC")
    return {
        "host": [(city.slug, city.name) for city in hosts],
        "year": [(moment.year, moment.year) for moment in years],
    }


class MeetingFilter(FilterSet):
    """The list of meetings, by kind, track, host and year."""

    kind = ChoiceFilter(label=_("Kind"), choices=Kind, empty_label=_("All kinds"), widget=Choose)
    track = ChoiceFilter(
        label=_("Who meets"), choices=Track, empty_label=_("All"), widget=Choose, method="on_track"
    )
    host = ChoiceFilter(
        label=_("Host city"),
        field_name="host__slug",
        empty_label=_("All cities"),
        widget=Choose,
    )
    year = ChoiceFilter(
        label=_("Year"),
        field_name="starts_at",
        lookup_expr="year",
        empty_label=_("All years"),
        widget=Choose,
    )

    class Meta:
        model = Meeting
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in choices_for(self.request.user).items():
            self.filters[name].extra["choices"] = choices

    def on_track(self, meetings, name, track):
        """Who looks for one track also finds the meetings of both."""
        return meetings.filter(track__in={track, Track.BOTH})
