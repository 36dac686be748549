"""The page of a city, written; and what became of it, version by version."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cities.card_values import restore, values_of
from cities.forms import city_form
from cities.models import City
from journal.models import Presence

A_PAGE = 20
TOLD = ["update", "restore", "confirm"]


def city_edit(request, slug):
    """Change what a city tells of itself; it is public at once."""
    city = get_object_or_404(City.objects.editable_by(request.user), slug=slug)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = city_form(*sent, instance=city, by=request.user)
    if sent and form.is_valid() and form.keep():
        messages.success(request, _("Saved: the page shows it now."))
        more = request.POST.get("go") == "more"
        page = reverse("city_edit", args=[slug]) if more else city.get_absolute_url()
        return redirect(f"{page}#saved")
    present = Presence.objects.note(city, request.user)
    context = {"city": city, "form": form, "sections": form.sections(), "present": present}
    return render(request, "cities/city_edit.html", context)


@require_POST
def city_presence(request, slug):
    """That this person still has the form open; answers who else has."""
    city = get_object_or_404(City.objects.editable_by(request.user), slug=slug)
    return JsonResponse({"present": Presence.objects.note(city, request.user)})


def city_history(request, slug):
    """Who changed what on a city's page and when, for its people and for coordinators."""
    city = get_object_or_404(City.objects.editable_by(request.user), slug=slug)
    versions = Paginator(city.events.filter(verb__in=TOLD).recent(), A_PAGE)
    page = versions.get_page(request.GET.get("page"))
    now = values_of(city)
    for event in page.object_list:
        event.target = city
        changed = event.details.get("changes", {})
        event.can_go_back = any(now.get(name) == after for name, (_b, after) in changed.items())
    return render(request, "cities/city_history.html", {"city": city, "page": page})


@require_POST
def city_restore(request, slug, pk):
    """Bring back what a change replaced; what was changed again since stays, and is named."""
    city = get_object_or_404(City.objects.editable_by(request.user), slug=slug)
    event = get_object_or_404(city.events.filter(details__has_key="changes"), pk=pk)
    changes = event.details["changes"]
    stay = restore(city, changes, by=request.user)
    back = len(changes) - len(stay)
    if back:
        done = ngettext("Taken back: one field is as it was.",
                        "Taken back: %(count)d fields are as they were.", back)  # fmt: skip
        messages.success(request, done % {"count": back})
    if stay:
        names = ", ".join(str(city.label_of(name)) for name in stay)
        messages.warning(request, _("Left as they are: %(names)s.") % {"names": names})
    return redirect("city_history", slug)
