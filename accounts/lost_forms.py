"""Nobody loses text: a form that arrives after its session has ended is handed back.

The page holds all that was typed and sends it again, once the person has logged in elsewhere. It
needs no script and keeps nothing on the server. Logging in changes the form's token as well, so
that the second sending comes back once more, to be confirmed.
"""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render, resolve_url
from django.views import csrf


class LoginRequired(LoginRequiredMiddleware):
    """As Django's, for whom a form is just another address to come back to."""

    def handle_no_permission(self, request, view_func):
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        return hand_back(request) or redirect_to_login(page_of_the_form(request))


def csrf_failure(request, reason=""):
    return hand_back(request) or csrf.csrf_failure(request, reason)


def hand_back(request):
    """The page with what was typed; None for buttons alone, passwords, and forms of strangers."""
    typed = typed_into(request)
    if not typed:
        return None
    context = {"typed": typed, "had_files": bool(request.FILES), "address": request.get_full_path()}
    return render(request, "accounts/lost_form.html", context, status=403)


def typed_into(request):
    """What a form brought, as (name, value); nothing of passwords, and of forms of strangers."""
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    secret = any("password" in name for name, value in typed)
    return [] if secret or request.headers.get("Origin") != home(request) else typed


def page_of_the_form(request):
    """Where the button stood, as far as the browser tells; otherwise the desk."""
    referer = request.headers.get("Referer", "")
    if not referer.startswith(f"{home(request)}/"):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    return urlunsplit(("", "", *urlsplit(referer)[2:4], ""))


def home(request):
    return f"{request.scheme}://{request.get_host()}"
