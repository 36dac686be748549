"""What the page of a city shows, asked at once, as far as the reader may know of it.

Of a large network only those cities are fetched that the page names; and its latest projects are
looked for once, so that what belongs to them is asked afterwards, by their keys.
"""

import json

from django.db.models import CharField, Func, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from modeltranslation.utils import build_localized_fieldname, get_language

from cities.at_once import asked_at_once, asked_each_second, remember
from cities.models import City, CreativeField, Designation

MOST_CARDS = 6
MOST_PROJECTS = 60
MOST_MEETINGS = 10
MOST_DECISIONS = 5
MOST_ACTIONS = 10
MOST_COMPANIONS = 20


def parts_of(slug, user):
    """The city at this address, its projects, companions, neighbours, and its life in the network;
    None if this person sees no such city. Takes two queries, three for who is logged in."""
    found = city_at_once(user, slug=slug)
    if not found["city"]:
        return None
    city, projects = whole(found.pop("city")[0], user), found.pop("projects")
    led = [project for project in projects if project.lead_id == city.pk][:MOST_CARDS]
    joined = [project for project in projects if project.lead_id != city.pk][:MOST_CARDS]
    found |= hosted_at_once(
        user,
        city=city.pk,
        cards=json.dumps([project.pk for project in led + joined]),
        projects=json.dumps([project.pk for project in projects]),
        leads=json.dumps([*{project.lead_id for project in projects}]),
    )
    fields = {field.pk: field for field in found.pop("fields")}
    know_their_fields([city], knowing(found.pop("designation"), "field", fields))
    companions = found.pop("companions")
    know_their_fields(companions, knowing(found.pop("designations"), "field", fields))
    with_fields(led + joined, knowing(found.pop("belonging"), "creativefield", fields))
    previous, following = neighbours(city, found.pop("network"))
    found["actions"].sort(key=lambda action: not action.is_undone)
    given, givers = found.pop("given"), found.pop("givers")
    return {
        **found,
        "city": city,
        "mandates": with_decisions(found.pop("mandates"), given, givers),
        "led": led,
        "joined": joined,
        "companions": companions_of(city, projects, found.pop("partnerships"), companions),
        "previous": previous,
        "following": following,
    }


@asked_at_once
def city_at_once(user, slug):
    cities = City.objects.visible_to(user)
    city = cities.filter(slug=slug)
    key = city.order_by().values("pk")
    mandates = of_city("mandates", key)
    return {
        "city": city,
        "network": cities.filter(Q(pk__in=key) | beside(city)).only("slug", "name"),
        "designation": Designation.objects.filter(city__in=key, ended_on=None),
        "projects": latest_projects(city),
        "fields": CreativeField.objects.all(),
        "figures": of_city("facts", key),
        "offices": of_city("offices", key),
        "mandates": mandates.order_by("-starts_on"),
        **decided_at_once(user, key, mandates.order_by().values("pk")),
    }


def decided_at_once(user, city, mandates):
    """What gave it its mandates, what was decided about it, and what it took on. All start from the
    few rows that name the city: read from the meetings, each would walk over all of them."""
    decisions, actions = model_of("decisions"), model_of("actions")
    given = decisions.mandates.through.objects.filter(mandate__in=mandates)
    about = decisions.cities.through.objects.filter(city__in=city)
    owed = actions.cities.through.objects.filter(city__in=city)
    decided = decisions.objects.filter(pk__in=about.values("decision")).visible_to(user)
    taken_on = actions.objects.filter(pk__in=owed.values("action")).visible_to(user)
    latest = decided.numbered_first().values("pk")[:MOST_DECISIONS]
    nearest = taken_on.undone_first().values("pk")[:MOST_ACTIONS]
    givers = decisions.objects.filter(pk__in=given.values("decision")).visible_to(user)
    return {
        "given": given,
        "givers": givers.select_related("meeting").order_by("pk"),
        "decisions": decisions.objects.filter(pk__in=latest)
        .select_related("meeting")
        .order_by("-pk"),
        "actions": actions.objects.filter(pk__in=nearest)
        .select_related("meeting")
        .order_by("due_on", "pk"),
    }


@asked_each_second
def hosted_at_once(user, city, cards="[]", projects="[]", leads="[]"):
    """What is asked when the city and the keys of its projects are known: the meetings it hosted,
    the fields of those shown as cards, and who takes part in all of them beside their leads."""
    meetings = model_of("hosted_meetings").objects
    hosted = meetings.filter(host=city).visible_to(user).past()
    model = model_of("led_projects")
    joined = model.partners.through.objects.accepted().filter(project__in=Keys(projects))
    partners = joined.order_by().values("city")
    return {
        "meetings": meetings.filter(pk__in=hosted.values("pk")[:MOST_MEETINGS]).only(
            "slug", "title", "status", "starts_at", "ends_at", "precision", "is_demo"
        ),
        "belonging": model.fields.through.objects.filter(project__in=Keys(cards)),
        "partnerships": joined.only("project", "city"),
        "companions": City.objects.visible_to(user)
        .filter(Q(pk__in=Keys(leads)) | Q(pk__in=partners))
        .only("slug", "name"),
        "designations": Designation.objects.filter(ended_on=None)
        .filter(Q(city__in=Keys(leads)) | Q(city__in=partners))
        .only("city", "field")
        .order_by("pk"),
    }


class Keys(Func):
    """Those of a list in JSON, to be looked for `__in` them: one value, however many they are, so
    that the words of the question stay the same."""

    template = "SELECT value FROM json_each(%(expressions)s)"

    def __init__(self, listed):
        super().__init__(Value(listed) if isinstance(listed, str) else listed)

    def as_postgresql(self, compiler, connection, **context):
        template = "SELECT value::bigint FROM json_array_elements_text((%(expressions)s)::json)"
        return self.as_sql(compiler, connection, template=template, **context)


class ByLetters(Func):
    """A text in the order that Python gives it, which is also SQLite's."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


def beside(city):
    """The members before and after this city in the alphabet, as the reader's language has it."""
    told = NullIf(build_localized_fieldname("name", get_language()), Value(""))
    told = ByLetters(Coalesce(told, "name_it", output_field=CharField()))
    here = {
        "name": Subquery(city.order_by().values_list(told)[:1]),
        "pk": Subquery(city.order_by().values("pk")[:1]),
    }
    members = City.objects.members().alias(told=told)
    before = Q(told__lt=here["name"]) | Q(told=here["name"], pk__lt=here["pk"])
    after = Q(told__gt=here["name"]) | Q(told=here["name"], pk__gt=here["pk"])
    previous = members.filter(before).order_by("-told", "-pk").values("pk")[:1]
    following = members.filter(after).order_by("told", "pk").values("pk")[:1]
    return Q(pk__in=previous) | Q(pk__in=following)


def model_of(name):
    return City._meta.get_field(name).related_model


def of_city(name, key):
    """Its rows of this name, as the city of this key would answer."""
    column = City._meta.get_field(name).remote_field.name
    return model_of(name).objects.filter(**{f"{column}__in": key})


def latest_projects(city):
    """What it leads or has joined, as the public sees it, as cards."""
    projects = model_of("led_projects").objects
    latest = projects.published().of_city(city.order_by()[:1]).recent()
    return projects.filter(pk__in=latest.values("pk")[:MOST_PROJECTS]).recent().on_cards()


def know_their_fields(cities, designations):
    known = {each.city_id: each for each in designations}
    for city in cities:
        city.designation = known.get(city.pk)


def knowing(rows, name, things):
    """Rows that know by this name the thing whose key they hold."""
    for each in rows:
        each._state.fields_cache[name] = things[getattr(each, f"{name}_id")]
    return rows


def whole(city, user):
    """The city; for its people, with what they keep of it."""
    if user.is_authenticated:
        return City.objects.with_field().with_keeping(user).get(pk=city.pk)
    return city


def with_fields(projects, belonging):
    """Let each project know its fields, in their order, from the rows that link them."""
    fields = {project.pk: [] for project in projects}
    for each in belonging:
        fields[each.project_id].append(each.creativefield)
    for project in projects:
        remember(project, fields=sorted(fields[project.pk], key=lambda field: field.order))


def with_decisions(mandates, given, givers):
    """As Mandate.objects.with_decisions() would give them."""
    givers = {each.pk: each for each in givers}
    for mandate in mandates:
        keys = [each.decision_id for each in given if each.mandate_id == mandate.pk]
        decisions = [givers[key] for key in sorted(keys) if key in givers]
        mandate.visible_decisions = sorted(decisions, key=lambda each: each.meeting.starts_at)
    return mandates


def companions_of(city, projects, partnerships, network):
    """The cities with which it shares most projects, and these: the closest companions first."""
    taking_part = {project.pk: {project.lead_id} for project in projects}
    for each in partnerships:
        taking_part[each.project_id].add(each.city_id)
    shared = {}
    for project in projects:
        for key in taking_part[project.pk] - {city.pk}:
            shared.setdefault(key, []).append(project)
    companions = [(each, shared[each.pk]) for each in network if each.pk in shared]
    return sorted(companions, key=lambda pair: -len(pair[1]))[:MOST_COMPANIONS]


def neighbours(city, network):
    """Of the few cities beside it in the alphabet, the member before it and the one after; a
    candidate has none."""
    if not city.is_member:
        return None, None
    around = sorted(network, key=lambda each: (each.name, each.pk))
    place = around.index(city)
    return (around[place - 1] if place else None), next(iter(around[place + 1 :]), None)
