from allauth.account.models import Login
from allauth.mfa.webauthn.internal import auth, flows
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import InvitationForm, PasskeyInvitationForm
from accounts.invitations import invited_user
from accounts.models import User


@login_not_required
@never_cache
@sensitive_post_parameters()
def invitation_accept(request, token):
    """Set the first password and come in; a used or old link says whom to ask for a new one."""
    try:
        user = invited_user(token)
    except User.DoesNotExist:
        return render(request, "accounts/invitation_gone.html", status=410)
    form = InvitationForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        with translation.override(user.language):
            return redirect("desk")
    context = {"form": form, "invited": user, "token": token}
    return render(request, "accounts/invitation_accept.html", context)


@login_not_required
@never_cache
def invitation_passkey(request, token):
    """Come in with a passkey of the own device, and without any password."""
    try:
        user = invited_user(token)
    except User.DoesNotExist:
        return render(request, "accounts/invitation_gone.html", status=410)
    form = PasskeyInvitationForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data
        key = flows.signup_authenticator(request, user, answer["name"], answer["credential"])
        form.settle()
        with translation.override(user.language):
            desk = Login(user=user, redirect_url=resolve_url("desk"))
            return flows.perform_passwordless_login(request, key, desk)
    options = {"creation_options": auth.begin_registration(user, passwordless=True)}
    context = {"form": form, "invited": user, "token": token, "js_data": options}
    return render(request, "accounts/invitation_passkey.html", context)
