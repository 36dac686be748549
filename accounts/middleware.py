from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers


class AnonymousWithoutSession:
    """Let visitors without a session cookie pass without a look at sessions.

    Their pages set no cookie and can be kept whole. Browsers must ask again each time: a page
    kept from before log-in would otherwise be shown to the person who has logged in since.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            request.user = AnonymousUser()
        response = self.get_response(request)
        if "Cache-Control" not in response:
            private = settings.SESSION_COOKIE_NAME in request.COOKIES
            patch_cache_control(response, no_cache=True, **({"private": True} if private else {}))
        patch_vary_headers(response, ["Cookie"])
        return response


class LanguageOfTheReader:
    """Addresses without a language (the admin) speak the language of who is logged in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not translation.get_language_from_path(request.path_info) and (
            request.user.is_authenticated
        ):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


class SecondFactorForCoordinators:
    """Coordinators go no further than the second-factor pages until they have one."""

    OPEN = {"account_logout", "account_reauthenticate", "javascript_catalog"}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if self.must_set_up(request):
            return redirect("mfa_index")
        return self.get_response(request)

    def must_set_up(self, request):
        if not settings.COORDINATORS_NEED_MFA or not request.user.is_authenticated:
            return False
        try:
            name = resolve(request.path_info).view_name  # in the admin it begins with its own
        except Resolver404:
            return False
        if name in self.OPEN or name.startswith("mfa_"):
            return False
        user = request.user
        return user.is_coordinator and not user.authenticator_set.exists()
