"""Chromium for the tests of this folder: `page` is a desk's window, `phone` a telephone's.

Both watch the page: a script's error, a refusal by the content security policy, a missing file or
a request to anyone but the portal fails the test at its end.
"""

import os
import shutil

import pytest
from django.db import connection
from playwright.sync_api import sync_playwright

CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), ""
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Playwright keeps an event loop in the thread of the tests, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for the whole run. Without it the tests skip; where CI must prove, they fail."""
    if not CHROMIUM:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("There is no Chromium here. To run the browser tests: apt-get install chromium")
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
def pictures_served(settings, tmp_path):
    """Tell the live server where tests/conftest.py keeps the pictures."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def window(chromium, live_server):
    """Open windows of any kind: `window(viewport={"width": 800, "height": 600})`."""
    contexts, faults = [], []

    def open_window(**options):
        options = {"base_url": live_server.url, "locale": "it-IT"} | options
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        watch(page, live_server.url, faults)
        return page

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


def watch(page, home, faults):
    """Note in `faults` whatever goes wrong on this page."""

    def console(message):
        # A refused page says so itself, and the tests read it: only its parts are faults.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(f"{page.url}: {message.text}")

    def request(request):
        if not request.url.startswith((home, "data:", "blob:")):
            faults.append(f"{page.url} asks {request.url}")

    def response(response):
        if response.status >= 400 and response.request.resource_type != "document":
            faults.append(f"{page.url}: {response.status} for {response.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("request", request)
    page.on("response", response)
