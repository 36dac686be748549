from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter, OrderingFilter

from cities.choosing import Choose
from cities.models import City, CreativeField, MandateRole
from cities.regions import MacroArea, Region


def regions_with_cities():
    codes = set(City.objects.members().order_by().values_list("region", flat=True))
    return [(code, name) for code, name in Region.choices if code in codes]


class CityFilter(FilterSet):
    """What the list and the map of cities can be narrowed to."""

    field = ModelChoiceFilter(
        label=_("Creative field"),
        queryset=CreativeField.objects.all(),
        to_field_name="slug",
        empty_label=_("All"),
        widget=Choose,
        method="with_field",
    )
    region = ChoiceFilter(
        label=_("Region"), choices=regions_with_cities, empty_label=_("All"), widget=Choose
    )
    area = ChoiceFilter(
        label=_("Part of Italy"),
        choices=MacroArea,
        empty_label=_("All"),
        widget=Choose,
        method="in_area",
    )
    role = ChoiceFilter(
        label=_("Role today"),
        choices=MandateRole,
        empty_label=_("All"),
        widget=Choose,
        method="with_role",
    )
    sort = OrderingFilter(
        label=_("Order"),
        empty_label=_("By name"),
        widget=Choose,
        fields=[("since", "since")],
        choices=[("since", _("First to join")), ("-since", _("Last to join"))],
    )

    class Meta:
        model = City
        fields = []

    def with_field(self, cities, name, field):
        return cities.of_field(field)

    def in_area(self, cities, name, area):
        return cities.in_macro_area(area)

    def with_role(self, cities, name, role):
        return cities.with_role(role)
