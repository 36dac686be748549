"""What the page of a city shows, asked at once, as far as the reader may know of it."""

from cities.at_once import asked_at_once, asked_each_second, remember
from cities.models import City, Designation

MOST_CARDS = 6
MOST_PROJECTS = 60
MOST_MEETINGS = 10
MOST_DECISIONS = 5
MOST_ACTIONS = 10


def parts_of(slug, user):
    """The city at this address, its projects, companions, neighbours, and its life in the network;
    None if this person sees no such city. Takes two queries, three for who is logged in."""
    found = city_at_once(user, slug=slug)
    know_their_fields(found["network"], found.pop("designations"))
    network, projects = found.pop("network"), found.pop("projects")
    city = next((each for each in network if each.slug == slug), None)
    if city is None:
        return None
    city = whole(city, found.pop("city"), user)
    with_fields(projects, found.pop("belonging"))
    mandates = with_decisions(found.pop("mandates"), found.pop("given"), found.pop("givers"))
    previous, following = neighbours(city, [each for each in network if each.is_member])
    found["actions"].sort(key=lambda action: not action.is_undone)
    return {
        **found,
        **hosted_at_once(user, city=city.pk),
        "city": city,
        "mandates": mandates,
        "led": [project for project in projects if project.lead_id == city.pk][:MOST_CARDS],
        "joined": [project for project in projects if project.lead_id != city.pk][:MOST_CARDS],
        "companions": companions_of(city, projects, found.pop("partnerships"), network),
        "previous": previous,
        "following": following,
    }


@asked_at_once
def city_at_once(user, slug):
    cities = City.objects.visible_to(user)
    city = cities.filter(slug=slug)
    key = city.order_by().values("pk")
    projects = latest_projects(city)
    which = projects.order_by().values("pk")
    decisions, actions = of_city("decisions", key, "cities"), of_city("actions", key, "cities")
    mandates = of_city("mandates", key)
    decided = decisions.visible_to(user).numbered_first().values("pk")[:MOST_DECISIONS]
    taken_on = actions.visible_to(user).undone_first().values("pk")[:MOST_ACTIONS]
    given = decisions.model.mandates.through.objects.filter(
        mandate__in=mandates.order_by().values("pk"),
        decision__in=decisions.model.objects.visible_to(user).order_by().values("pk"),
    )
    givers = decisions.model.objects.filter(pk__in=given.values("decision"))
    return {
        "city": city,
        "network": cities.only("slug", "name"),
        "designations": Designation.objects.filter(ended_on=None).select_related("field"),
        "projects": projects,
        "belonging": projects.model.fields.through.objects.filter(project__in=which).select_related(
            "creativefield"
        ),
        "partnerships": projects.model.partners.through.objects.accepted()
        .filter(project__in=which)
        .only("project", "city"),
        "figures": of_city("facts", key),
        "offices": of_city("offices", key),
        "mandates": mandates.order_by("-starts_on"),
        "given": given,
        "givers": givers.select_related("meeting").order_by("pk"),
        "decisions": decisions.model.objects.filter(pk__in=decided)
        .select_related("meeting")
        .order_by("-pk"),
        "actions": actions.model.objects.filter(pk__in=taken_on)
        .select_related("meeting")
        .order_by("due_on", "pk"),
    }


@asked_each_second
def hosted_at_once(user, city):
    meetings = City._meta.get_field("hosted_meetings").related_model.objects
    hosted = meetings.filter(host=city).visible_to(user).past()
    return {"meetings": meetings.filter(pk__in=hosted.values("pk")[:MOST_MEETINGS])}


def of_city(name, key, column=None):
    """Its rows of this name, as the city of this key would answer."""
    relation = City._meta.get_field(name)
    column = column or relation.remote_field.name
    return relation.related_model.objects.filter(**{f"{column}__in": key})


def latest_projects(city):
    """What it leads or has joined, as the public sees it, as cards."""
    projects = City._meta.get_field("led_projects").related_model.objects
    latest = projects.published().of_city(city.order_by()[:1]).recent()
    return projects.filter(pk__in=latest.values("pk")[:MOST_PROJECTS]).recent().on_cards()


def know_their_fields(cities, designations):
    known = {each.city_id: each for each in designations}
    for city in cities:
        city.designation = known.get(city.pk)


def whole(city, rows, user):
    """The city with all its columns; for its people, with what they keep of it."""
    if user.is_authenticated:
        return City.objects.with_field().with_keeping(user).get(pk=city.pk)
    rows[0].designation = city.designation
    return rows[0]


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
        decisions = [givers[key] for key in sorted(keys)]
        mandate.visible_decisions = sorted(decisions, key=lambda each: each.meeting.starts_at)
    return mandates


def companions_of(city, projects, partnerships, network):
    """The cities with which it shares projects, and these: the closest companions first."""
    taking_part = {project.pk: {project.lead_id} for project in projects}
    for each in partnerships:
        taking_part[each.project_id].add(each.city_id)
    shared = {}
    for project in projects:
        for key in taking_part[project.pk] - {city.pk}:
            shared.setdefault(key, []).append(project)
    companions = [(each, shared[each.pk]) for each in network if each.pk in shared]
    return sorted(companions, key=lambda pair: -len(pair[1]))


def neighbours(city, members):
    """The members before and after it in the alphabet."""
    if city not in members:
        return None, None
    place = members.index(city)
    return (members[place - 1] if place else None), next(iter(members[place + 1 :]), None)
