from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import render

from cities.models import City, Mandate
from cities.timeline import draw_timeline
from journal.public_pages import public_page
from meetings.models import Action
from meetings.states import UNDONE, ActionStatus
from news.models import Page
from programme.models import Agreement, StrategicLine


@public_page()
def network_page(request):
    """What the cities agreed, who leads and led them, and how to join."""
    mandates = list(Mandate.objects.select_related("city").with_decisions(request.user))
    signatories = City.objects.visible_to(request.user).with_field()
    agreements = Agreement.objects.select_related("place").order_by("-is_founding", "-signed_on")
    lines = with_actions(StrategicLine.objects, request.user)
    context = {
        "agreements": agreements.prefetch_related(
            Prefetch("lines", lines), Prefetch("signatories", signatories)
        ),
        "current": [mandate for mandate in mandates if mandate.is_current],
        "timeline": draw_timeline(mandates),
        "join": Page.objects.filter(slug="join").first(),
    }
    return render(request, "network/network_page.html", context)


def with_actions(lines, user):
    """With how many actions under each line are to do and done, as far as this person sees them."""
    seen = Action.objects.visible_to(user).filter(line=OuterRef("pk")).order_by()

    def count(**condition):
        each = seen.filter(**condition).values("line").annotate(many=Count("pk"))
        return Coalesce(Subquery(each.values("many")), 0)

    undone = count(status__in=UNDONE)
    return lines.annotate(undone=undone, done=count(status=ActionStatus.DONE))
