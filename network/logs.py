"""The log: one line for each thing that happened, to standard output, for whoever keeps it.

LOG_FORMAT=json makes of each a JSON object, which machines read; LOG_FORMAT=line is for eyes. Each
line of a request carries its id, which is also in the answer's X-Request-ID and on the page that
says something broke. The standard library does it in few lines: no library is needed.
"""

import json
import logging
import re
import secrets
import time
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings

from network.discretion import WithoutSecrets

GIVEN = re.compile(r"[\w.-]{8,64}", re.ASCII)
THIS = ContextVar("request_id", default="")

access = logging.getLogger("portal.access")


def to_standard_output(*, form, level):
    """Python's logging as the settings have it. form: "json" or "line"."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": Line}, "json": {"()": Json}},
        "filters": {
            "discreet": {"()": WithoutSecrets},
            "of_request": {"()": OfRequest},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": form,
                "filters": ["discreet", "of_request"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        # Without Django's own handler, which would say it twice, and without what tells of each
        # single mail, picture, indexed thing and start, in lines that nobody reads.
        "loggers": {
            "django": {"level": "INFO"},
            "django.tasks": {"level": "WARNING"},
            "django.utils.autoreload": {"level": "ERROR"},
            "django_tasks": {"level": "WARNING"},
            "post_office": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        },
    }


class OfRequest(logging.Filter):
    """Adds to each line which request it belongs to."""

    def filter(self, record):
        record.request_id = THIS.get()
        return True


class Json(logging.Formatter):
    """One JSON object a line, in UTC."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.request_id:
            line["request_id"] = record.request_id
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["error"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class Line(logging.Formatter):
    """One line for eyes, with the traceback below it."""

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s")


class RequestLog:
    """Gives each request an id, and writes one line of what became of it.

    The line tells the address by its pattern, never with a query; the role, never the person;
    and not from where. A proxy that is trusted (BEHIND_PROXY) may bring an id along.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.perf_counter()
        request.id = id_of(request)
        before = THIS.set(request.id)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request.id
            # To note a page from the cache takes as long as to answer it: the proxy's log has it.
            level = logging.DEBUG if getattr(response, "is_kept", False) else logging.INFO
            if access.isEnabledFor(level):
                fields = told_of(request, response, time.perf_counter() - started)
                access.log(
                    level, "%(method)s %(route)s %(status)s", fields, extra={"fields": fields}
                )  # fmt: skip
            return response
        finally:
            THIS.reset(before)


def id_of(request):
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.BEHIND_PROXY else ""
    return given if GIVEN.fullmatch(given) else secrets.token_hex(8)


def told_of(request, response, seconds):
    """What the log tells of one request."""
    match = request.resolver_match
    size = response.headers.get("Content-Length") or (
        None if response.streaming else len(response.content)
    )
    return {
        "method": request.method,
        "route": f"/{match.route}" if match else request.path_info,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "bytes": int(size) if size is not None else None,
        "role": role_of(request),
    }


def role_of(request):
    """As far as the request itself had to know it: no question is asked for the log's sake."""
    user = getattr(request, "_cached_user", None)
    if user is None or not user.is_authenticated:
        return "visitor"
    if user.is_superuser:
        return "superuser"
    return ", ".join(sorted(vars(user).get("roles", ()))) or "person"
