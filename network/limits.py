"""How much one visitor, or one person, may ask for in a while; whoever asks for more gets 429.

The figures are in settings.LIMITS. Every request that reaches a view counts as one kind: by person
where somebody is logged in, otherwise by address, behind which a whole city hall may sit. Pages
from the page cache and static files count for nothing. allauth counts attempts to log in by itself
(settings.ACCOUNT_RATE_LIMITS), in the same cache, with the same addresses and the same answer.
"""

import re
import time
from http import HTTPStatus
from math import ceil

from django.conf import settings
from django.core.cache import cache
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import ngettext

from accounts.addresses import address_of, household_of
from accounts.lost_forms import typed_into
from network.api import PREFIX, problem

SAFE = {"GET", "HEAD", "OPTIONS"}
PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}
# What costs more than a page, by the names of its doors.
FILES = re.compile(r"_(export|papers|pdf)$|^(completeness|profile)_download$")
PASSWORDS = {"profile_close", "password_change"}
KEYS = {"token", "key", "uidb36"}


class Limits:
    """Counts each request, and answers itself where it is one too many."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.LIMITS_TIMES:
            return None
        wait = count(*who_asks_what(request))
        return too_many(request, wait=wait) if wait else None


def who_asks_what(request):
    """The kind of a request, the figures that hold for it, and whom it counts for."""
    kind = kind_of(request)
    by_address, by_person = settings.LIMITS[kind]
    if kind != "api" and request.user.is_authenticated:
        return kind, by_person, f"person-{request.user.pk}"
    return kind, by_address, household_of(address_of(request))


def kind_of(request):
    """One of the kinds in settings.LIMITS."""
    match, name = request.resolver_match, request.resolver_match.url_name or ""
    if request.path_info.startswith(PREFIX):
        return "api"
    if request.method not in SAFE:
        return "password" if name in PASSWORDS else "sending"
    if FILES.search(name):
        return "file"
    if KEYS & match.kwargs.keys():
        return "link"
    return "search" if name == "search" or request.GET.get("q") else "page"


def count(kind, rates, who):
    """Count one more; answers after how many seconds it would be let through, 0 where it is now.

    Whoever goes on asking meanwhile waits no longer for it: time is cut into fixed pieces.
    """
    wait = 0
    for rate in rates.split(","):
        most, period = parsed(rate)
        piece, passed = divmod(time.time(), period)
        key = f"limit:{kind}:{who}:{period}:{piece:.0f}"
        try:
            asked = cache.incr(key)
        except ValueError:
            asked = 1 if cache.add(key, 1, period) else cache.incr(key)
        if asked > most * settings.LIMITS_TIMES:
            wait = max(wait, ceil(period - passed))
    return wait


def parsed(rate):
    """A rate as in "30/m" or "3/15m": how many, in how many seconds."""
    most, _slash, period = rate.strip().partition("/")
    return int(most), int(period[:-1] or 1) * PERIODS[period[-1]]


def too_many(request, *, wait=None):
    """429 (RFC 6585, section 4) with Retry-After (RFC 9110, 10.2.3), and what was typed.

    wait: seconds. allauth does not say how many it wants; its longest wait is settings.LOGIN_WAIT.
    """
    wait = wait or settings.LOGIN_WAIT
    if request.path_info.startswith(PREFIX):
        again = ngettext("Try again in a second.", "Try again in %(wait)d seconds.", wait)
        response = problem(HTTPStatus.TOO_MANY_REQUESTS, again % {"wait": wait})
        response["Access-Control-Allow-Origin"] = "*"
    elif "application/json" in request.headers.get("Accept", ""):
        response = JsonResponse({"retry_after": wait}, status=HTTPStatus.TOO_MANY_REQUESTS)
    else:
        typed = typed_into(request) if request.method == "POST" else []
        context = {
            "minutes": ceil(wait / 60),
            "typed": typed,
            "had_files": bool(typed and request.FILES),
            "address": request.get_full_path(),
        }
        response = render(request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(wait)
    patch_cache_control(response, no_store=True)
    return response
