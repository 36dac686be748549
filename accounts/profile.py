"""My profile: what a person settles about themselves, takes along, and ends."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.closing import LastInCharge, close_account
from accounts.forms import CloseForm, ProfileForm
from accounts.models import User
from accounts.traces import all_about


def profile(request):
    """Name, language and how much mail; and the ways to my access and my data."""
    person = get_object_or_404(User, pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        person = form.save()
        with translation.override(person.language):
            messages.success(request, _("Your profile is saved."))
            return redirect("profile")
    context = {"form": form, "delegates": person.delegates.current().select_related("city")}
    return render(request, "accounts/profile.html", context)


@never_cache
def profile_download(request):
    """Everything that is kept about me, as a file."""
    response = JsonResponse(all_about(request.user), json_dumps_params={"indent": 2})
    name = f"{timezone.localdate():%Y-%m-%d}-portal.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@sensitive_post_parameters()
def profile_close(request):
    """End my account, once I have proven that it is me and that I mean it."""
    user = request.user
    form = CloseForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            close_account(user, by=user)
        except LastInCharge:
            return redirect("profile_close")
        logout(request)
        return render(request, "accounts/profile_closed.html")
    context = {
        "form": form,
        "is_last_in_charge": user.is_last_in_charge,
        "left_alone": user.delegates.irreplaceable().select_related("city"),
    }
    return render(request, "accounts/profile_close.html", context)
