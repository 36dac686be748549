"""Bad days: the database is locked or gone, the disk is full, the files' folder cannot be written.

A page says so, in the reader's language, without a look at the database, and hands back what was
typed. Nothing has to be started anew: the next request tries again.
"""

import sys

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpResponse, HttpResponseServerError
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from accounts.lost_forms import typed_into
from documents.storage import NotKept

SOON = "30"  # seconds after which it is worth trying again
# SQLite's result codes (sqlite.org/rescode.html) of a database that is there, but not now.
BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL = 5, 6, 8, 10, 13, 14, 15
# SQLSTATE (PostgreSQL, appendix A): no room on the disk; a server that only reads.
NO_ROOM, ONLY_READS = "53100", "25006"


class FileNotReceived:
    """Tells of a file that could not even be received, once the whole form has been read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Raises NotKept where a file of this form was left out (see documents.storage)."""
        if request.method == "POST" and request.content_type == "multipart/form-data":
            bool(request.POST)  # which reads the form
            if error := getattr(request, "file_not_received", None):
                raise error


def server_error(request):
    """Whatever broke: bad days have a page of their own, everything else is a fault of ours."""
    trouble = trouble_of(sys.exc_info()[1])
    if trouble is None:
        page = render_to_string("500.html", {"request_id": getattr(request, "id", "")})
        return HttpResponseServerError(page)
    is_form = request.method == "POST"
    typed = typed_into(request) if is_form else []
    context = {
        "trouble": trouble,
        "is_form": is_form,
        "typed": typed,
        "had_files": bool(is_form and request.FILES),
        "address": request.get_full_path(),
        "csrf_token": get_token(request) if typed else "",
    }
    status = 503 if trouble == "data" else 507  # RFC 9110, 15.6.4; RFC 4918, 11.5
    page = render_to_string("bad_day.html", context)
    headers = {"Retry-After": SOON, "Cache-Control": "no-store"}
    return HttpResponse(page, status=status, headers=headers)


def trouble_of(error):
    """What is wrong around us: "data" cannot be reached, there is no "room", or None of these."""
    while error:
        trouble = None
        if isinstance(error, NotKept):
            trouble = "room"
        elif isinstance(error, OperationalError | InterfaceError | InternalError):
            trouble = trouble_with_data(error.__cause__)
        if trouble:
            return trouble
        error = error.__cause__ or error.__context__
    return None


def trouble_with_data(cause):
    """The same of what the database's driver says."""
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        code &= 0xFF  # without its details
        if code == FULL:
            return "room"
        is_away = code in (BUSY, LOCKED, READONLY, IOERR, CANTOPEN, PROTOCOL)
        return "data" if is_away else None
    state = getattr(cause, "sqlstate", None)
    if state == NO_ROOM:
        return "room"
    is_away = state is None or state == ONLY_READS or state[:2] in ("08", "40", "53", "55", "57")
    return "data" if is_away else None
