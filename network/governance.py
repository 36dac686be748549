from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.shortcuts import render

from cities.models import City, Mandate
from cities.timeline import draw_timeline
from news.models import Page
from programme.models import Agreement


@login_not_required
def network_page(request):
    """What the cities agreed, who leads and led them, and how to join."""
    mandates = list(Mandate.objects.select_related("city").with_decisions(request.user))
    signatories = City.objects.visible_to(request.user).with_field()
    agreements = Agreement.objects.select_related("place").order_by("-is_founding", "-signed_on")
    context = {
        "agreements": agreements.prefetch_related("lines", Prefetch("signatories", signatories)),
        "current": [mandate for mandate in mandates if mandate.is_current],
        "timeline": draw_timeline(mandates),
        "join": Page.objects.filter(slug="join").first(),
    }
    return render(request, "network/network_page.html", context)
