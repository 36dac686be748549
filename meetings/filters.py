from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from cities.choosing import Choose, choices_for
from cities.models import City
from meetings.models import Kind, Meeting, Track


def of_meetings(user):
    """What the meetings that this person may see can be narrowed to, by name."""
    meetings = Meeting.objects.visible_to(user)
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
        for name, choices in choices_for(self.request.user, of_meetings).items():
            self.filters[name].extra["choices"] = choices

    def on_track(self, meetings, name, track):
        """Who looks for one track also finds the meetings of both."""
        return meetings.filter(track__in={track, Track.BOTH})
