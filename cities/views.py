from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from cities.facts import facts_of, links_of, schema_of
from cities.filters import CityFilter
from cities.map import draw_map
from cities.models import City, CreativeField
from cities.page_parts import MOST_CARDS, parts_of
from journal.public_pages import public_page


@public_page(CityFilter)
def city_list(request):
    """All cities, as a map and as a list."""
    cities = City.objects.visible_to(request.user).on_cards().with_since()
    filter = CityFilter(request.GET, cities)
    found = list(filter.qs)
    context = {"filter": filter, "cities": found, "map": draw_map(found)}
    return render(request, "cities/city_list.html", context)


@public_page()
def city_detail(request, slug):
    """A city, its projects, its partners and what it did for the network."""
    parts = parts_of(slug, request.user)
    if parts is None:
        raise Http404
    city = parts["city"]
    context = {
        **parts,
        "facts": facts_of(city),
        "links": links_of(city),
        "map": draw_map([city], here=city),
        "schema": schema_of(city),
    }
    return render(request, "cities/city_detail.html", context)


@public_page()
def cluster_list(request):
    """The eight fields, each with its cities; those without one are open."""
    cities = list(City.objects.members().on_cards())
    fields = CreativeField.objects.visible_to(request.user)
    clusters = [(field, [city for city in cities if city.field == field]) for field in fields]
    context = {
        "clusters": clusters,
        "covered": sum(1 for field, members in clusters if members),
    }
    return render(request, "cities/cluster_list.html", context)


@public_page()
def cluster_detail(request, slug):
    """A field: its cities, its projects, and those it shares with other fields."""
    field = get_object_or_404(CreativeField.objects.visible_to(request.user), slug=slug)
    every = field.projects.model.objects.published().recent().for_cards()
    projects = every.belonging_to("fields", pk=field.pk)
    others = field.projects.through.objects.exclude(creativefield=field)
    crossing = Exists(others.filter(project=OuterRef("pk")))
    context = {
        "field": field,
        "cities": list(City.objects.members().of_field(field).on_cards()),
        "projects": projects.exclude(crossing)[:MOST_CARDS],
        "crossing": projects.filter(crossing)[:MOST_CARDS],
    }
    return render(request, "cities/cluster_detail.html", context)
