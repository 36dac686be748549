from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from cities.at_once import at_once
from cities.facts import facts_of, links_of, schema_of
from cities.filters import CityFilter
from cities.map import draw_map
from cities.models import City, CreativeField
from journal.public_pages import public_page

MOST_CARDS = 6
MOST_PROJECTS = 60
MOST_MEETINGS = 10
MOST_DECISIONS = 5
MOST_ACTIONS = 10


@public_page(CityFilter)
def city_list(request):
    """All cities, as a map and as a list."""
    cities = City.objects.visible_to(request.user).with_field().with_since()
    filter = CityFilter(request.GET, cities)
    found = list(filter.qs)
    context = {"filter": filter, "cities": found, "map": draw_map(found)}
    return render(request, "cities/city_list.html", context)


@public_page()
def city_detail(request, slug):
    """A city, its projects, its partners and what it did for the network."""
    network = list(City.objects.visible_to(request.user).with_field().with_keeping(request.user))
    city = next((each for each in network if each.slug == slug), None)
    if city is None:
        raise Http404
    projects = (
        city.public_projects()
        .recent()
        .for_cards()
        .select_related("lead")
        .prefetch_related("partnerships")
    )
    projects = list(projects[:MOST_PROJECTS])
    members = [each for each in network if each.is_member]
    previous, following = neighbours(city, members)
    context = {
        "city": city,
        "facts": facts_of(city),
        "figures": city.facts.all(),
        "links": links_of(city),
        "offices": city.offices.all(),
        "map": draw_map([city], here=city),
        "led": [project for project in projects if project.lead_id == city.pk][:MOST_CARDS],
        "joined": [project for project in projects if project.lead_id != city.pk][:MOST_CARDS],
        "companions": companions_of(city, projects, network),
        **meetings_of(city, request.user),
        "mandates": city.mandates.with_decisions(request.user).order_by("-starts_on"),
        "previous": previous,
        "following": following,
        "schema": schema_of(city),
    }
    return render(request, "cities/city_detail.html", context)


@public_page()
def cluster_list(request):
    """The eight fields, each with its cities; those without one are open."""
    cities = list(City.objects.members().with_field())
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
        "cities": list(City.objects.members().of_field(field).with_field()),
        "projects": projects.exclude(crossing)[:MOST_CARDS],
        "crossing": projects.filter(crossing)[:MOST_CARDS],
    }
    return render(request, "cities/cluster_detail.html", context)


def meetings_of(city, user):
    """The latest meetings it hosted, what was decided about it and what it took on, as far as this
    person may know of it. Takes one query."""
    hosted = city.hosted_meetings.visible_to(user).past().values("pk")
    decided = city.decisions.visible_to(user).numbered_first().values("pk")
    taken_on = city.actions.visible_to(user).undone_first().values("pk")
    found = at_once(
        meetings=city.hosted_meetings.filter(pk__in=hosted[:MOST_MEETINGS]),
        decisions=city.decisions.filter(pk__in=decided[:MOST_DECISIONS])
        .select_related("meeting")
        .order_by("-pk"),
        actions=city.actions.filter(pk__in=taken_on[:MOST_ACTIONS])
        .select_related("meeting")
        .order_by("due_on", "pk"),
    )
    found["actions"].sort(key=lambda action: not action.is_undone)
    return found


def companions_of(city, projects, network):
    """The cities with which it shares projects, and these: the closest companions first."""
    shared = {}
    for project in projects:
        accepted = (each for each in project.partnerships.all() if each.status == "accepted")
        taking_part = {project.lead_id, *(each.city_id for each in accepted)} - {city.pk}
        for pk in taking_part:
            shared.setdefault(pk, []).append(project)
    companions = [(each, shared[each.pk]) for each in network if each.pk in shared]
    return sorted(companions, key=lambda pair: -len(pair[1]))


def neighbours(city, members):
    """The members before and after it in the alphabet."""
    if city not in members:
        return None, None
    place = members.index(city)
    return (members[place - 1] if place else None), next(iter(members[place + 1 :]), None)
