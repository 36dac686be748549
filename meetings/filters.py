from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from cities.choosing import Choose
from cities.models import City
from meetings.models import Kind, Meeting, Track


def hosts(request):
    """The cities that hosted meetings this person may see."""
    meetings = Meeting.objects.visible_to(request.user).order_by()
    return City.objects.filter(pk__in=meetings.values("host"))


class MeetingFilter(FilterSet):
    """The list of meetings, by kind, track, host and year."""

    kind = ChoiceFilter(label=_("Kind"), choices=Kind, empty_label=_("All kinds"), widget=Choose)
    track = ChoiceFilter(
        label=_("Who meets"), choices=Track, empty_label=_("All"), widget=Choose, method="on_track"
    )
    host = ModelChoiceFilter(
        label=_("Host city"),
        queryset=hosts,
        to_field_name="slug",
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
        years = self.queryset.datetimes("starts_at", "year", order="DESC")
        self.filters["year"].extra["choices"] = [(moment.year, moment.year) for moment in years]

    def on_track(self, meetings, name, track):
        """Who looks for one track also finds the meetings of both."""
        return meetings.filter(track__in={track, Track.BOTH})
