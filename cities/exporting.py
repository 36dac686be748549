"""Cities as open data: any list of them as a file, and what its columns mean."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cities.cards import names_of, rows_among
from cities.filters import CityFilter
from cities.models import City
from cities.tables import FORMATS, Column, Table, columns_of, key_of, plain
from journal.public_pages import public_page

BEFORE = [
    *columns_of(City, ["slug"]),
    Column(
        "page",
        _("page"),
        [_("Where people read it.")],
        lambda city: settings.SITE_URL + city.get_absolute_url(),
    ),
    *columns_of(City, ["name", "region", "province_code", "istat_code", "latitude", "longitude"]),
    Column("field", _("creative field"), [_("Slug or name.")], lambda city: key_of(city.field)),
    Column(
        "designated_on",
        _("designated on"),
        ["2026-11-22"],
        lambda city: city.designation and plain(city.designation, "designated_on"),
    ),
]
COLUMNS = [*BEFORE, *columns_of(City, names_of(City)), *columns_of(City, ["updated_at"])]


def for_export(cities):
    """These cities with all that their columns read."""
    return cities.with_field().prefetch_related(*rows_among(City, names_of(City)))


def table_of(query=None):
    """Cities as a table: what stands in its columns, and from which list it comes."""
    return Table(
        name="cities",
        title=_("The Italian UNESCO Creative Cities"),
        columns=COLUMNS,
        source=settings.SITE_URL + reverse("city_list", query=query),
        explained_at=settings.SITE_URL + reverse("city_columns"),
    )


@public_page(CityFilter)
@require_safe
def city_export(request, format):
    """The list of cities that the address asks for, as a file."""
    if format not in FORMATS:
        raise Http404
    cities = City.objects.visible_to(request.user).with_since()
    found = CityFilter(request.GET, cities).qs
    return table_of(request.GET).response(format, for_export(found))


@public_page(CityFilter)
@require_safe
def city_columns(request):
    """What each column of these files means, and under which terms they may be used."""
    return render(request, "cities/city_columns.html", {"table": table_of(request.GET)})
