"""Whoever is not logged in leaves no trace: no cookie, no session, nothing fetched from others."""

import posixpath
import re
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.test import Client

from tests import make, showcase
from tests.markup import Page

pytestmark = pytest.mark.django_db

MOST_BYTES = 80 * 1024
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "frame-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HARMLESS = {"application/ld+json", "application/json"}


@pytest.fixture(scope="module")
def visit(django_db_setup, django_db_blocker):
    """Every public page of the small network by its address, and what of it is missing."""
    with django_db_blocker.unblock(), showcase.standing():
        pages = {address: Client().get(address) for address in showcase.addresses()}
        gone = {address: gone_from(address, page) for address, page in pages.items()}
    return pages, gone


@pytest.fixture
def pages(visit):
    return visit[0]


def test_a_page_sets_no_cookie_and_reads_no_session(pages):
    assert {page.status_code for page in pages.values()} == {200}
    assert [address for address, page in pages.items() if page.cookies] == []
    assert [at for at, page in pages.items() if hasattr(page.wsgi_request, "session")] == []


def test_a_page_may_be_kept_but_must_be_asked_for_again(pages):
    assert {page["Cache-Control"] for page in pages.values()} == {"no-cache"}
    assert [at for at, page in pages.items() if "Cookie" not in page["Vary"]] == []


def test_the_page_of_a_person_logged_in_is_theirs_alone(as_user):
    page = as_user(make.user()).get("/it/")

    assert set(page["Cache-Control"].split(", ")) == {"no-cache", "private"}
    assert "Cookie" in page["Vary"]


def test_a_page_allows_nothing_from_elsewhere(pages):
    for page in pages.values():
        rules = page["Content-Security-Policy"].split(";")
        assert dict(rule.strip().split(" ", 1) for rule in rules) == POLICY
        assert page["X-Frame-Options"] == "DENY"
        assert page["X-Content-Type-Options"] == "nosniff"
        assert page["Referrer-Policy"] == "same-origin"


def test_a_page_has_no_style_and_no_script_within(pages):
    for address, page in pages.items():
        for element in Page(page.text).elements:
            assert element.tag not in ("style", "iframe", "object", "embed"), address
            assert not [name for name in element.attributes if name.startswith("on")], address
            assert "style" not in element, address
            if element.tag == "script" and "src" not in element:
                assert element["type"] in HARMLESS, address


def test_a_page_has_no_form_that_needs_a_cookie(pages):
    forms = [form for page in pages.values() for form in Page(page.text).all("form")]
    assert {form["method"] or "get" for form in forms} == {"get"}


def test_a_page_fetches_only_what_is_ours_and_there(visit):
    assert {address: gone for address, gone in visit[1].items() if gone} == {}


def test_a_style_sheet_fetches_only_what_is_ours_and_there():
    missing = {
        sheet.name: [name for name in names_in(sheet) if not finders.find(name)]
        for sheet in Path(settings.BASE_DIR, "static/css").glob("*.css")
    }
    assert {sheet: gone for sheet, gone in missing.items() if gone} == {}


def test_a_first_view_without_photographs_weighs_at_most_80_kilobytes(pages):
    weights = {address: weight_of(page) for address, page in pages.items()}
    heavy = {address: bytes for address, bytes in weights.items() if bytes > MOST_BYTES}
    assert heavy == {}


def test_a_stranger_with_a_dead_session_cookie_still_reads(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    assert client.get("/it/").status_code == 200


def test_files_for_the_public_leave_without_a_cookie(client, fabriano):
    document = make.document(owner=make.meeting(host=fabriano))
    answer = client.get(document.get_absolute_url())
    assert answer.status_code == 200
    assert not answer.cookies


def gone_from(address, page):
    """What a page fetches that is not ours, or not there."""
    return [each for each in Page(page.text).resources() if not is_there(address, each)]


def is_there(page, address):
    path = urljoin(page, address).partition("#")[0].partition("?")[0]
    if path.startswith(settings.STATIC_URL):
        return finders.find(path.removeprefix(settings.STATIC_URL)) is not None
    is_picture = path.startswith(settings.MEDIA_URL)
    return is_picture and default_storage.exists(path.removeprefix(settings.MEDIA_URL))


def names_in(sheet):
    """The static names of the files that a style sheet fetches."""
    found = re.findall(r"url\(\s*[\"']?([^\"')]+)", Path(sheet).read_text(encoding="utf-8"))
    files = [address for address in found if not address.startswith(("data:", "#"))]
    return {posixpath.normpath(f"css/{address.partition('#')[0]}") for address in files}


def weight_of(page):
    """The bytes of a page with its styles, scripts, fonts and drawings, as they are sent."""
    fetched = {
        address.partition("#")[0].removeprefix(settings.STATIC_URL)
        for address in Page(page.text).resources()
        if address.startswith(settings.STATIC_URL) and "touch-icon" not in address
    }
    sheets = [finders.find(name) for name in fetched if name.endswith(".css")]
    fetched |= {name for sheet in sheets for name in names_in(sheet)}
    return len(brotli.compress(page.content)) + sum(map(weight, fetched))


@cache
def weight(name):
    content = Path(finders.find(name)).read_bytes()
    return len(content) if name.endswith(".woff2") else len(brotli.compress(content))
