from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.shortcuts import render

from cities.at_once import asked_at_once, asked_each_second
from cities.map import draw_map
from cities.models import City, CreativeField, Designation, Mandate, MandateRole
from cities.page_parts import know_their_fields, with_fields
from journal.public_pages import public_page
from journal.revision import kept_until_change
from meetings.models import Meeting
from news.models import NewsItem
from projects.models import Project


@kept_until_change
def figures():
    """How many projects there are, and how many of several cities."""
    joint = Q(pk__in=Project.objects.joint().order_by().values("pk"))
    return Project.objects.published().aggregate(
        projects=Count("pk"), joint=Count("pk", filter=joint)
    )


@public_page()
def home(request):
    """The network at a glance, the same for all: its cities, its figures, what is new."""
    found = shown_at_once(AnonymousUser())
    cities, fields, mandates = found["cities"], found["fields"], found["mandates"]
    know_their_fields(cities, found["designations"])
    with_fields(found["projects"], found["belonging"])
    covered = [field for field in fields if any(city.field == field for city in cities)]
    members = {city.pk: city for city in cities}
    for mandate in mandates:
        mandate.city = members[mandate.city_id]
    context = {
        "cities": cities,
        "map": draw_map(cities),
        "open_fields": [field for field in fields if field not in covered],
        "figures": {
            "cities": len(cities),
            "fields": f"{len(covered)}/{len(fields)}",
            **figures(),
        },
        "lead": next((each for each in mandates if each.role == MandateRole.LEAD), None),
        "others": [each for each in mandates if each.role != MandateRole.LEAD],
        "projects": found["projects"],
        "meetings": coming_at_once(AnonymousUser())["meetings"],
        "news": found["news"],
        "schema": {
            "@type": "Organization",
            "name": settings.OWNER["name"],
            "url": settings.SITE_URL + request.path,
            "member": [{"@type": "City", "name": city.name} for city in cities],
        },
    }
    return render(request, "network/home.html", context)


@asked_at_once
def shown_at_once(user):
    """What is shown of cities, projects and news."""
    members = City.objects.members()
    projects = Project.objects.published().recent()
    latest = Project.objects.filter(pk__in=projects.values("pk")[:3]).recent()
    news = NewsItem.objects.published().recent()
    return {
        "cities": members.only(
            "slug", "name", "picture", "picture_width", "picture_height", "picture_alt",
            "picture_focus", "region", "latitude", "longitude",
        ),
        "designations": Designation.objects.filter(ended_on=None).select_related("field"),
        "fields": CreativeField.objects.all(),
        "mandates": Mandate.objects.current().filter(city__in=members.order_by().values("pk")),
        "projects": latest.on_cards(),
        "belonging": Project.fields.through.objects.filter(
            project__in=latest.order_by().values("pk")
        ).select_related("creativefield"),
        "news": NewsItem.objects.filter(pk__in=news.values("pk")[:3]).recent(),
    }  # fmt: skip


@asked_each_second
def coming_at_once(user):
    """The next meetings to which the public is told."""
    coming = Meeting.objects.visible_to(user).convened().coming()
    next_ones = Meeting.objects.filter(pk__in=coming.values("pk")[:2])
    return {"meetings": next_ones.select_related("host").order_by("starts_at", "pk")}
