"""The portal's addresses, and pages that do what pages which are kept must not do, or tell all."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.middleware.csp import get_nonce
from django.shortcuts import redirect
from django.urls import path

from journal.public_pages import public_page
from network.urls import handler429, handler500  # noqa: F401  the portal's own
from network.urls import urlpatterns as portal


@public_page("q", "city")
def telling(request):
    """All that a view can learn of a request."""
    sent = {name: str(value) for name, value in request.META.items() if name.isupper()}
    sent["GET"], sent["COOKIES"] = request.GET.urlencode(), request.COOKIES
    return JsonResponse(sent | {"host": request.get_host(), "address": request.get_full_path()})


@public_page()
def with_cookie(request):
    response = HttpResponse("a cookie")
    response.set_cookie("mine", "only")
    return response


@public_page()
def with_nonce(request):
    return HttpResponse(f"once: {get_nonce(request)}")


@public_page()
def private(request):
    return HttpResponse("for you", headers={"Cache-Control": "private"})


@public_page()
def not_to_be_stored(request):
    return HttpResponse("for now", headers={"Cache-Control": "no-store"})


@public_page()
def streamed(request):
    return StreamingHttpResponse(iter([b"bit by ", b"bit"]))


@public_page()
def elsewhere(request):
    return redirect("home")


@public_page()
def huge(request):
    return HttpResponse(b"x" * (1024**2 + 1))


@public_page()
def failing(request):
    raise RuntimeError("the secret of the database")


# Whose answer each page must build anew.
NEVER = [with_cookie, with_nonce, private, not_to_be_stored, streamed, elsewhere, huge, failing]

urlpatterns = [
    *portal,
    *i18n_patterns(
        path("telling/", telling, name="telling"),
        *[path(f"never/{view.__name__}/", view, name=view.__name__) for view in NEVER],
    ),
]
