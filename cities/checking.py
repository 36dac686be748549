"""A city says that its page is still right: from a letter, without logging in, or from the page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cities.checkups import asked_by
from cities.facts import links_of
from cities.models import City
from journal.signed_links import by_link


@login_not_required
@never_cache
@by_link(gone="cities/checkup_gone.html")
def city_checkup(request, token):
    """What the public sees of a city, for one of its people to look at; only the button answers."""
    checkup, person = asked_by(token)
    city = checkup.city
    if request.method == "POST":
        if checkup.answered_on is None:
            city.confirm(by=person)
        return redirect(request.path)
    context = {"city": city, "checkup": checkup, "person": person}
    if checkup.answered_on:
        return render(request, "cities/checkup_answered.html", context)
    context |= {"facts": city.facts.all(), "offices": city.offices.all(), "links": links_of(city)}
    return render(request, "cities/city_checkup.html", context)


@require_POST
def city_confirm(request, slug):
    """The same button for those who are logged in."""
    city = get_object_or_404(City.objects.served_by(request.user), slug=slug)
    city.confirm(by=request.user)
    messages.success(request, _("Thank you: the page now says that the city has checked it today."))
    return redirect(city)
