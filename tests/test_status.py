"""What a monitor is told: each part that fails is named, and nothing of anybody."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.core.mail import send_mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from post_office.models import STATUS, Email

from network.status import LAST_ROUND

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivered():
    cache.set(LAST_ROUND, {"at": time.time(), "failed": 0})


@pytest.fixture
def ask(client, delivered):
    def answer(address="/status"):
        response = client.get(address)
        told = response.json()
        failed = [name for name, part in told["parts"].items() if not part["ok"]]
        assert response.status_code == (503 if failed else 200)
        assert told["status"] == ("trouble" if failed else "ok")
        return failed, told

    return answer


def wait_since(minutes, status=STATUS.queued):
    """A mail that was written so many minutes ago."""
    send_mail("Verbale", "Testo", None, ["fabriano@example.org"])
    mail = Email.objects.latest("pk")
    then = timezone.now() - timedelta(minutes=minutes)
    Email.objects.filter(pk=mail.pk).update(created=then, last_updated=then, status=status)


def test_where_all_is_well_it_says_so_with_the_version_and_is_never_kept(client, ask, settings):
    settings.VERSION = "2.3.4"
    failed, told = ask()
    assert failed == []
    assert told["version"] == "2.3.4"
    assert set(told["parts"]) == {
        "database", "migrations", "pictures", "documents", "cache", "page_cache", "mail",
        "duties", "disk",
    }  # fmt: skip
    assert "no-store" in client.get("/status")["Cache-Control"]


def test_of_the_web_it_asks_only_what_pages_need(ask):
    cache.delete(LAST_ROUND)
    assert ask()[0] == ["duties"]
    failed, told = ask("/status/web")
    assert failed == []
    assert set(told["parts"]) == {"database", "migrations", "pictures", "documents"}


def test_a_database_that_does_not_answer_fails_all_that_it_knows(client, delivered, monkeypatch):
    def no_cursor(*args, **kwargs):
        raise connection.Database.OperationalError("no route to fabriano@example.org")

    monkeypatch.setattr(connection, "cursor", no_cursor)
    response = client.get("/status")
    assert response.status_code == 503
    parts = response.json()["parts"]
    assert parts["database"]["error"] == "OperationalError"
    assert [name for name, part in parts.items() if not part["ok"]] == [
        "database", "migrations", "mail",
    ]  # fmt: skip
    assert "fabriano" not in response.content.decode()


def test_a_migration_that_was_not_applied_is_told(ask):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'projects'")
    failed, told = ask()
    assert failed == ["migrations"]
    assert told["parts"]["migrations"]["missing"] == 1


@pytest.mark.parametrize(("alias", "part"), [("default", "pictures"), ("private", "documents")])
def test_a_folder_that_cannot_be_written_is_told(ask, settings, tmp_path, alias, part):
    in_the_way = tmp_path / "a file, no folder"
    in_the_way.write_text("")
    settings.STORAGES = {
        **settings.STORAGES,
        alias: {**settings.STORAGES[alias], "OPTIONS": {"location": str(in_the_way)}},
    }
    assert ask()[0] == [part]


def test_trying_the_folders_leaves_nothing_behind(ask, settings):
    ask()
    for alias in ("default", "private"):
        folder = Path(settings.STORAGES[alias]["OPTIONS"]["location"])
        assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(("alias", "part"), [("default", "cache"), ("pages", "page_cache")])
def test_a_cache_that_forgets_is_told(ask, monkeypatch, alias, part):
    forgets = type("Forgets", (type(caches[alias]),), {"set": lambda *args, **kwargs: None})
    monkeypatch.setattr(caches._connections, alias, forgets("anywhere", {}))
    if alias == "default":
        assert ask()[0] == ["cache", "duties"]
    else:
        assert ask()[0] == ["page_cache"]


def test_a_mail_that_waits_is_trouble_only_where_none_goes_out(ask):
    wait_since(minutes=59)
    assert ask()[0] == []
    wait_since(minutes=61)
    failed, told = ask()
    assert failed == ["mail"]
    assert told["parts"]["mail"] | {"ms": 0} == {
        "ok": False, "waiting": 2, "oldest_minutes": 61, "failed_this_week": 0, "ms": 0,
    }  # fmt: skip
    wait_since(minutes=10, status=STATUS.sent)
    assert ask()[0] == []


def test_mails_that_were_given_up_are_counted_for_a_week(ask):
    wait_since(minutes=5, status=STATUS.failed)
    wait_since(minutes=8 * 24 * 60, status=STATUS.failed)
    failed, told = ask()
    assert failed == []
    assert told["parts"]["mail"]["failed_this_week"] == 1


def test_duties_that_nobody_does_are_told(ask):
    cache.set(LAST_ROUND, {"at": time.time() - 31 * 60, "failed": 0})
    failed, told = ask()
    assert failed == ["duties"]
    assert told["parts"]["duties"]["minutes_ago"] == 31


def test_a_duty_that_fails_is_told_until_it_is_done(ask, monkeypatch):
    duties = "network.management.commands.deliver.DUTIES"
    monkeypatch.setattr(duties, {"letters": lambda: 1 / 0, "digests": lambda: 3})
    call_command("deliver")
    failed, told = ask()
    assert failed == ["duties"]
    assert told["parts"]["duties"]["failed"] == 1
    monkeypatch.setattr(duties, {"letters": lambda: 1})
    call_command("deliver")
    assert ask()[0] == []


def test_a_disk_that_fills_up_is_told(ask, monkeypatch):
    monkeypatch.setattr("network.status.LEAST_ROOM", 10**9)
    assert ask()[0] == ["disk"]


def test_it_costs_four_questions(client, delivered, django_assert_num_queries):
    client.get("/status")
    with django_assert_num_queries(4):
        client.get("/status")
