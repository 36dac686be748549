"""Chromium for the tests of this folder: `page` is a desk's window, `phone` a telephone's.

Every window is watched: a script's error, a refusal by the content security policy, a missing file,
a request that fails or goes to anyone but the portal fails the test at its end.
"""

import os
import shutil

import pytest
from django.conf import settings as portal
from django.db import connection
from django.test import Client
from playwright.sync_api import sync_playwright

CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), ""
)
NO_CHROMIUM = "No browser test ran, for want of Chromium: apt-get install chromium libatomic1"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-smooth-scrolling",
]

# Playwright keeps an event loop in the thread of the tests, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_terminal_summary(terminalreporter):
    """Say it once, whatever else the report shows."""
    if not CHROMIUM:
        terminalreporter.write_line(NO_CHROMIUM, yellow=True)


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for the whole run. Without it the tests skip; where CI must prove, they fail."""
    if not CHROMIUM:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """Keep SQLite in a file, as in production: the server's threads each have a connection."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "browser.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(autouse=True)
def at_home(settings, tmp_path, live_server):
    """Let the live server know where the pictures are, and mails where the live server is."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SITE_URL = live_server.url


@pytest.fixture
def window(chromium, live_server):
    """Open windows of any kind: `window(viewport={"width": 800, "height": 600})`.

    In a `rough` one the connection or the session may be lost, and what is asked may fail.
    """
    contexts, faults = [], []

    def open_window(*, rough=False, **options):
        options = {"base_url": live_server.url, "locale": "it-IT"} | options
        context = chromium.new_context(**options)
        context.set_default_timeout(10_000)
        watch(context, live_server.url, [] if rough else faults)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(window):
    """A window on a desk."""
    return window(viewport={"width": 1280, "height": 900})


@pytest.fixture
def phone(window):
    """A window on a small telephone."""
    return window(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)


@pytest.fixture
def let_in(live_server):
    """Open the portal's door to someone in a window, without the page of the log-in."""

    def open_door(page, person):
        client = Client()  # one each: whoever logs in where somebody else was, ends that session
        client.force_login(person, portal.AUTHENTICATION_BACKENDS[0])
        session = client.cookies[portal.SESSION_COOKIE_NAME].value
        cookie = {"name": portal.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        page.context.add_cookies([cookie])

    return open_door


def watch(context, home, faults):
    """Note in `faults` whatever goes wrong on the pages of this window."""

    def console(message):
        # A refused page says so itself, and the tests read it: only its parts are faults.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(f"{message.location['url']}: {message.text}")

    def request(request):
        if not request.url.startswith((home, "data:", "blob:")):
            faults.append(f"{request.frame.url} asks {request.url}")

    def failed(request):
        # What a click or a download leaves behind is aborted; whatever else fails is missed.
        if request.failure != "net::ERR_ABORTED":
            faults.append(f"{request.url}: {request.failure}")

    def response(response):
        if response.status >= 400 and response.request.resource_type != "document":
            faults.append(f"{response.frame.url}: {response.status} for {response.url}")

    context.on("console", console)
    context.on("weberror", lambda fault: faults.append(f"{fault.page.url}: {fault.error}"))
    context.on("request", request)
    context.on("requestfailed", failed)
    context.on("response", response)
