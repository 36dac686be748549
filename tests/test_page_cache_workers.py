"""The page cache between processes, as in production: one file of pages, one database."""

import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest

from network.fingerprint import fingerprint
from tests.serving import manage, production

# Tells for each address it is given the status and the title of the page there.
WORKER = """
import re, sys, django
django.setup()
from django.conf import settings
from django.test import Client
plain = "django.contrib.staticfiles.storage.StaticFilesStorage"  # none are collected
settings.STORAGES["staticfiles"]["BACKEND"] = plain
client = Client()
for address in sys.stdin:
    page = client.get(address.strip(), headers={"host": settings.ALLOWED_HOSTS[0]}, secure=True)
    print(page.status_code, *re.findall("<h1[^>]*>(.*?)</h1>", page.text), flush=True)
"""


@pytest.fixture
def environment(tmp_path):
    place = tmp_path / "portal.sqlite3"
    environment = production(database_url=f"sqlite:///{place}", data_dir=tmp_path)
    manage(environment, "migrate")
    return environment | {"DJANGO_SETTINGS_MODULE": "network.settings"}


@contextmanager
def worker(environment):
    """A process of its own that answers for addresses."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )

    def ask(address):
        process.stdin.write(address + "\n")
        process.stdin.flush()
        while (line := process.stdout.readline()).startswith("{"):
            pass  # the log
        return line.strip()

    try:
        yield ask
    finally:
        process.stdin.close()
        process.wait(20)


def test_what_one_process_changes_the_others_tell_at_their_next_request(environment, tmp_path):
    with (
        worker(environment) as first,
        worker(environment) as second,
        closing(sqlite3.connect(tmp_path / "portal.sqlite3", autocommit=True)) as by_hand,
    ):
        by_hand.execute(
            "INSERT INTO news_page (slug, title, title_it, text, text_it, updated_on)"
            " VALUES ('privacy', 'Uno', 'Uno', '', '', '2026-11-23')"
        )
        for title in ("Uno", "Due", "Tre"):
            by_hand.execute("UPDATE news_page SET title_it = ?", [title])
            for _time in range(2):
                told = {ask("/it/pagine/privacy/") for ask in (first, second)}
                assert told == {f"200 {title}"}
        by_hand.execute("DELETE FROM news_page")
        told = {ask("/it/pagine/privacy/").split()[0] for ask in (first, second)}
        assert told == {"404"}
    with closing(sqlite3.connect(tmp_path / "pages.sqlite3")) as pages:
        assert pages.execute("SELECT count(*) FROM entry").fetchone() == (0,)


def test_other_code_words_or_settings_make_other_pages(settings):
    known = fingerprint.__wrapped__()
    assert fingerprint.__wrapped__() == known
    settings.SITE_URL = "https://other.example"
    assert fingerprint.__wrapped__() != known
