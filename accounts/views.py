from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import InvitationForm
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
        user.confirm_email()
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        with translation.override(user.language):
            return redirect("desk")
    return render(request, "accounts/invitation_accept.html", {"form": form, "invited": user})
