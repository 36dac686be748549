"""What a monitor asks: whether everything the portal needs is there, and what waits too long.

Each part says whether it is well, with a figure where one helps; never a name, a text of an error
or an address. Docs: docs/operations.md.
"""

import shutil
import time
import uuid
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Max, Min, Q
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from post_office.models import STATUS, Email

from journal.delivery import WAITING

LAST_ROUND = "deliver-last-round"  # in the cache: when `deliver` last did its duties, and how
LONGEST_PAUSE = 30  # minutes between two rounds; usually ten
LONGEST_WAIT = 60  # minutes a mail may wait while none goes out at all
LEAST_ROOM = 1024  # MB of the disk


@login_not_required
@never_cache
@require_safe
def status(request):
    """200 where all is well, 503 where somebody should look."""
    return answer({**WEB, **BESIDE})


@login_not_required
@never_cache
@require_safe
def status_web(request):
    """The same of what pages need and nothing else, for whoever decides where requests go or which
    container is started anew: a mail server that is away is no reason for that."""
    return answer(WEB)


def answer(parts):
    told = tell(parts)
    return JsonResponse(told, status=200 if told["status"] == "ok" else 503)


def tell(parts):
    """The answer: each part with `ok`, and all of them together."""
    found = {name: examine(part) for name, part in parts.items()}
    well = all(part["ok"] for part in found.values())
    return {"status": "ok" if well else "trouble", "version": settings.VERSION, "parts": found}


def examine(part):
    started = time.perf_counter()
    try:
        found = part()
    except Exception as error:  # noqa: BLE001  whatever it is, the other parts are still told
        found = {"ok": False, "error": type(error).__name__}
    return {**found, "ms": round((time.perf_counter() - started) * 1000, 1)}


def database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def migrations():
    """Those of this code that the database has not seen."""
    missing = last_migrations() - set(MigrationRecorder(connection).applied_migrations())
    return {"ok": not missing, "missing": len(missing)}


@lru_cache(maxsize=1)
def last_migrations():
    return set(MigrationLoader(None).graph.leaf_nodes())


def writable(alias):
    storage = storages[alias]
    name = storage.save(f"status/{uuid.uuid4().hex}", ContentFile(b"."))
    storage.delete(name)
    return {"ok": True}


def remembers(alias):
    cache, key = caches[alias], f"status-{uuid.uuid4().hex}"
    if isinstance(cache, DummyCache):
        return {"ok": True, "off": True}
    cache.set(key, 1, 5)
    return {"ok": cache.get(key) == 1}


def mail():
    """How many mails wait, for how long the oldest (minutes), and how many were given up lately."""
    now = timezone.now()
    told = Email.objects.aggregate(
        waiting=Count("pk", filter=Q(status__in=WAITING)),
        oldest=Min("created", filter=Q(status__in=WAITING)),
        sent=Max("last_updated", filter=Q(status=STATUS.sent)),
        failed=Count(
            "pk", filter=Q(status=STATUS.failed, last_updated__gte=now - timedelta(days=7))
        ),
    )
    oldest, sent = minutes_since(told["oldest"], now), minutes_since(told["sent"], now)
    stuck = oldest > LONGEST_WAIT and (told["sent"] is None or sent > LONGEST_WAIT)
    return {
        "ok": not stuck,
        "waiting": told["waiting"],
        "oldest_minutes": oldest,
        "failed_this_week": told["failed"],
    }


def minutes_since(moment, now):
    return int((now - moment).total_seconds() // 60) if moment else 0


def duties():
    """How long ago `deliver` did its round (minutes; null where it never did), and how many of its
    duties failed then."""
    last = caches["default"].get(LAST_ROUND)
    if last is None:
        return {"ok": False, "minutes_ago": None}
    minutes = int((time.time() - last["at"]) // 60)
    well = minutes < LONGEST_PAUSE and not last["failed"]
    return {"ok": well, "minutes_ago": minutes, "failed": last["failed"]}


def disk():
    free = shutil.disk_usage(settings.DATA_DIR).free // 1024**2
    return {"ok": free >= LEAST_ROOM, "free_mb": free}


WEB = {
    "database": database,
    "migrations": migrations,
    "pictures": lambda: writable("default"),
    "documents": lambda: writable("private"),
}
BESIDE = {
    "cache": lambda: remembers("default"),
    "page_cache": lambda: remembers("pages"),
    "mail": mail,
    "duties": duties,
    "disk": disk,
}
