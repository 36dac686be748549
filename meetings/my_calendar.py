"""The page on which a person sees, renews and gives up the address of their own calendar."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from meetings.calendar_feeds import personal_name
from meetings.calendar_links import ways_to_subscribe
from meetings.models import CalendarKey
from meetings.parts import new_key


@never_cache
def calendar_settings(request):
    """My calendar: what stands in it, its address, and the ways to follow it."""
    if not request.user.takes_part:
        raise Http404
    key = CalendarKey.objects.filter(user=request.user).first()
    context = {"key": key}
    if key:
        path = reverse("personal_calendar", args=[key.key])
        context["address"] = f"{settings.SITE_URL}{path}"
        context["ways"] = ways_to_subscribe(path, personal_name())
    return render(request, "meetings/calendar_settings.html", context)


@require_POST
def calendar_renew(request):
    """Make the address of my calendar; one that was there before leads nowhere from now on."""
    if not request.user.takes_part:
        raise Http404
    CalendarKey.objects.update_or_create(user=request.user, defaults={"key": new_key()})
    messages.success(request, _("Your calendar has a new address."))
    return redirect("calendar_settings")


@require_POST
def calendar_stop(request):
    """Give up the address: whoever follows it gets nothing any more."""
    CalendarKey.objects.filter(user=request.user).delete()
    messages.success(request, _("Your calendar has no address any more."))
    return redirect("calendar_settings" if request.user.takes_part else "profile")
