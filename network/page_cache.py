"""Keeps public pages whole for people who have not logged in.

A page is kept under all that may tell one answer from another: host, path with its language, and
the parameters that its view declares (`journal.public_pages`). The view sees no more of a request
than that, so nothing else can get into a page. It is good as long as the content revision
(`journal.revision`) stands where it stood before the page was built, and until the next moment at
which pages change by themselves (`network.public_content`).
"""

import io
import re
import time
import zlib
from collections import OrderedDict
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import NamedTuple
from urllib.parse import urlencode

import brotli
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.exceptions import DisallowedHost, TooManyFieldsSent
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error
from django.http import HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control

from journal.public_pages import for_a_visitor
from journal.revision import current_revision
from network.fingerprint import fingerprint
from network.public_content import next_change

KEPT_FOR = 7 * 24 * 3600  # seconds; then nobody reads the page any more
LARGEST = 1024**2  # bytes; what is larger is built each time
NEARBY = 8 * 1024**2  # bytes of pages that each worker holds in its memory
LONGEST = 500  # characters of an address
MEANWHILE = 10  # seconds for which a page that is being built anew is still shown
WORTH_PACKING = re.compile(r"^(text/|application/(json|xml|[\w.-]+\+(json|xml)))|svg")
# What of a request reaches a public page; the address of who asks is for limits alone.
SEEN = ("SCRIPT_NAME", "PATH_INFO", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "HTTP_HOST")
ASKER = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR")


class Kept(NamedTuple):
    """A page as it is kept: what it says in its headers, and its bytes by how they are packed."""

    revision: int
    good_until: float
    headers: dict
    bodies: dict

    def is_good(self, revision, now):
        return self.revision == revision and now < self.good_until


class PageCache:
    """Answers visitors from what is kept, and keeps what is built for them."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.keeps = not isinstance(caches["pages"], DummyCache)
        self.nearby = Nearby(NEARBY)
        self.clock = Clock()

    def __call__(self, request):
        asked = asked_of(request)
        if asked is None:
            return self.get_response(request)
        with for_a_visitor():
            if not self.keeps:
                return self.get_response(reduced(request, asked[1]))
            found = self.find(request, *asked)
        if not isinstance(found, Kept):
            return found
        response = answer(request, found)
        response.is_kept = True  # for the log: nothing was asked of the portal
        return response

    def find(self, request, address, query):
        """The page as it is kept, or the response that was built."""
        key = sha256(f"{fingerprint()} {address}".encode()).hexdigest()
        now = time.time()
        try:
            revision = self.clock.read(now)
        except Error:  # what is kept tells what was; whether it still is, nobody knows
            return self.get_response(reduced(request, query))
        kept = self.nearby.get(key)
        if kept is not None and kept.is_good(revision, now):
            return kept
        return self.fetch(key, revision, now) or self.build(key, request, query, revision, now)

    def fetch(self, key, revision, now):
        """What another worker has kept; the last one, where somebody is just building a new one."""
        pages = caches["pages"]
        kept = pages.get(key)
        if not isinstance(kept, Kept):
            return None
        if kept.is_good(revision, now):
            self.nearby.put(key, kept)
            return kept
        if not self.clock.was_good(kept, now):
            return None
        if not pages.add(f"{key}-building", 1, MEANWHILE):
            return kept
        again = pages.get(key)  # it may have been finished just before
        if isinstance(again, Kept) and again.is_good(revision, now):
            pages.delete(f"{key}-building")
            return again
        return None

    def build(self, key, request, query, revision, now):
        """The page, which is kept from now on if it may be."""
        pages = caches["pages"]
        good_until = self.clock.good_until(revision, now)  # before it is built, as the revision
        try:
            response = self.get_response(reduced(request, query))
            if is_same_for_all(response):
                kept = packed(response, revision, good_until)
                pages.set(key, kept, KEPT_FOR)
                self.nearby.put(key, kept)
                return answer(request, kept)
            if response.status_code < 500 and response.status_code != 429:
                pages.delete(key)  # it is gone, or elsewhere; others must not get the last one
            return response
        finally:
            pages.delete(f"{key}-building")


class Clock:
    """Where the content stands, and until when; one for each worker."""

    def __init__(self):
        self.last_seen = {}  # by revision, when it was the current one
        self.next = (None, 0.0)  # of which revision, until when

    def read(self, now):
        revision = current_revision()
        self.last_seen[revision] = now
        if len(self.last_seen) > 100:
            seen = list(self.last_seen.items())
            self.last_seen = {each: at for each, at in seen if now - at < MEANWHILE}
        return revision

    def good_until(self, revision, now):
        """Until when pages of this revision are good."""
        known, until = self.next
        if known != revision or now >= until:
            until = next_change().timestamp()
            self.next = (revision, until)
        return until

    def was_good(self, kept, now):
        """Whether a page was still good a moment ago, as far as this worker knows."""
        seen = self.last_seen.get(kept.revision, 0)
        return now - min(seen, kept.good_until) < MEANWHILE


class Nearby:
    """The pages asked for last, in this worker's memory, up to so many bytes."""

    def __init__(self, most):
        self.most, self.bytes = most, 0
        self.pages = OrderedDict()
        self.lock = Lock()

    def get(self, key):
        with self.lock:
            if (kept := self.pages.get(key)) is not None:
                self.pages.move_to_end(key)
            return kept

    def put(self, key, kept):
        with self.lock:
            self._drop(key)
            self.pages[key] = kept
            self.bytes += weight(kept)
            while self.bytes > self.most:
                self._drop(next(iter(self.pages)))

    def _drop(self, key):
        if (dropped := self.pages.pop(key, None)) is not None:
            self.bytes -= weight(dropped)


def weight(kept):
    return sum(map(len, kept.bodies.values()))


# What is asked


def asked_of(request):
    """The address of the public page that a visitor asks for, and its query in order; None where
    it is something else, or somebody else."""
    if request.method not in ("GET", "HEAD") or len(request.path_info) > LONGEST:
        return None
    if "HTTP_COOKIE" in request.META and settings.SESSION_COOKIE_NAME in request.COOKIES:
        return None
    parameters = parameters_at(request.path_info, settings.ROOT_URLCONF)
    if parameters is None:
        return None
    try:
        query = in_order(request.META.get("QUERY_STRING", ""), parameters)
        host = request.get_host().lower()
    except (DisallowedHost, TooManyFieldsSent):
        return None
    address = f"{request.scheme}://{host}{request.path}?{query}"
    return (address, query) if len(query) <= LONGEST else None


@lru_cache(maxsize=4096)
def parameters_at(path, urlconf):
    """The parameters that the public page at this path reads; None where there is none."""
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            return getattr(resolve(path, urlconf).func, "parameters", None)
        except Resolver404:
            return None


def in_order(query, parameters):
    """A query without what the page does not read and without what says nothing, by name."""
    if not query or not parameters:
        return ""
    asked = QueryDict(query)
    named = {name: [value for value in asked.getlist(name) if value] for name in sorted(asked)}
    return urlencode({name: named[name] for name in named if name in parameters}, doseq=True)


def reduced(request, query):
    """The request as the page's view gets it: what it is kept under, and nothing else."""
    environ = {name: request.META[name] for name in (*SEEN, *ASKER) if name in request.META}
    environ |= {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": query,
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": request.scheme,
    }
    if header := settings.SECURE_PROXY_SSL_HEADER:
        environ |= {header[0]: request.META.get(header[0], "")}
    return WSGIRequest(environ)


# What is kept


def is_same_for_all(response):
    """Whether a page may be shown to others: it is there, tells nothing of one visitor, and holds
    nothing that is used once."""
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    said = response.get("Cache-Control", "")
    return (
        "private" not in said
        and "no-store" not in said
        and "nonce-" not in response.get("Content-Security-Policy", "")
        and not response.has_header("Content-Encoding")
        and len(response.content) <= LARGEST
    )


def packed(response, revision, good_until):
    """The page with its headers and its bytes, once plain and once in each packing."""
    content = response.content
    response.headers["ETag"] = f'W/"page-{sha256(content).hexdigest()[:32]}"'
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, no_cache=True)
    bodies = {"": content}
    if WORTH_PACKING.search(response.get("Content-Type", "")) and len(content) > 200:
        gzip = zlib.compressobj(6, zlib.DEFLATED, 31)
        bodies["gzip"] = gzip.compress(content) + gzip.flush()
        bodies["br"] = brotli.compress(content, quality=5)
    return Kept(revision, good_until, dict(response.headers), bodies)


# What is answered


def answer(request, kept):
    """The kept page as this visitor's browser reads it, or word that it has it already."""
    coding = coding_for(request.META.get("HTTP_ACCEPT_ENCODING", ""), kept.bodies)
    content = kept.bodies[coding]
    response = HttpResponse(b"" if request.method == "HEAD" else content, headers=kept.headers)
    if coding:
        response.headers["Content-Encoding"] = coding
    response.headers["Content-Length"] = str(len(content))
    if "HTTP_IF_NONE_MATCH" in request.META:
        return get_conditional_response(request, kept.headers["ETag"], response=response)
    return response


@lru_cache(maxsize=256)
def qualities(accepted):
    """How much a browser likes each coding (RFC 9110, section 12.5.3)."""
    liked = {}
    for each in accepted.lower().split(","):
        coding, *parameters = (part.strip() for part in each.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        if coding:
            liked[coding] = quality
    return liked


def coding_for(accepted, bodies):
    """The coding that the browser likes best, the smaller one of equals; "" is plain."""
    liked = qualities(accepted[:LONGEST])
    best = max(
        (coding for coding in ("br", "gzip") if coding in bodies),
        key=lambda coding: liked.get(coding, liked.get("*", 0)),
        default="",
    )
    quality = liked.get(best, liked.get("*", 0))
    return best if quality > 0 and quality >= liked.get("identity", 0) else ""
