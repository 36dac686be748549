"""The portal's addresses, and some where something goes wrong."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.urls import path

from documents.storage import NotKept
from network.urls import handler429, handler500  # noqa: F401  the portal's own
from network.urls import urlpatterns as portal

urlpatterns = [*portal]


def failing(error):
    @login_not_required
    def view(request):
        raise error

    return view


urlpatterns += i18n_patterns(
    path("broken/", failing(RuntimeError("the secret of the database"))),
    path("forbidden/", failing(PermissionDenied())),
    path("garbled/", failing(BadRequest())),
    path("locked/", failing(OperationalError("database is locked"))),
    path("full/", failing(NotKept(28, "No space left on device"))),
)
