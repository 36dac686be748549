from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.shortcuts import render

from cities.map import draw_map
from cities.models import City, CreativeField, Mandate, MandateRole
from journal.public_pages import public_page
from meetings.models import Meeting
from news.models import NewsItem
from projects.models import Project


@public_page()
def home(request):
    """The network at a glance, the same for all: its cities, its figures, what is new."""
    cities = list(City.objects.members().with_field())
    fields = list(CreativeField.objects.all())
    covered = [field for field in fields if any(city.field == field for city in cities)]
    mandates = list(Mandate.objects.current().filter(city__in=cities))
    for mandate in mandates:
        mandate.city = next(city for city in cities if city.pk == mandate.city_id)
    projects = Project.objects.published()
    joint = Q(pk__in=Project.objects.joint().order_by().values("pk"))
    context = {
        "cities": cities,
        "map": draw_map(cities),
        "open_fields": [field for field in fields if field not in covered],
        "figures": {
            "cities": len(cities),
            "fields": f"{len(covered)}/{len(fields)}",
            **projects.aggregate(projects=Count("pk"), joint=Count("pk", filter=joint)),
        },
        "lead": next((each for each in mandates if each.role == MandateRole.LEAD), None),
        "others": [each for each in mandates if each.role != MandateRole.LEAD],
        "projects": projects.recent().for_cards()[:3],
        "meetings": Meeting.objects.visible_to(AnonymousUser()).convened().coming().for_cards()[:2],
        "news": NewsItem.objects.published().recent()[:3],
        "schema": {
            "@type": "Organization",
            "name": settings.OWNER["name"],
            "url": settings.SITE_URL + request.path,
            "member": [{"@type": "City", "name": city.name} for city in cities],
        },
    }
    return render(request, "network/home.html", context)
