"""A small cast that most tests share."""

import os
import shutil
from io import StringIO
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation

from tests import make


def storages_in(settings, place):
    """The settings' storages, with media and private files below a folder."""
    disk = "django.core.files.storage.FileSystemStorage"
    return settings.STORAGES | {
        alias: {"BACKEND": disk, "OPTIONS": {"location": str(place / folder)}}
        for alias, folder in [("default", "media"), ("private", "private")]
    }


@pytest.fixture(autouse=True)
def files_in_a_temporary_place(settings, tmp_path):
    settings.STORAGES = storages_in(settings, tmp_path)


@pytest.fixture(autouse=True)
def mail_through_the_outbox(settings):
    """As in production; `deliver` hands what waits to `django.core.mail.outbox`."""
    settings.MAILERS = {
        "default": {"BACKEND": "journal.outbox.Outbox"},
        "delivery": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
    }


@pytest.fixture(autouse=True)
def pages_kept_in_a_place_of_their_own(settings, request, tmp_path):
    """Public pages are kept as in production; but built each time where queries are counted."""
    counts = {"django_assert_num_queries", "django_assert_max_num_queries"}
    kept = "dummy.DummyCache" if counts & set(request.fixturenames) else "locmem.LocMemCache"
    pages = {"BACKEND": f"django.core.cache.backends.{kept}", "LOCATION": str(tmp_path)}
    settings.CACHES = {**settings.CACHES, "pages": pages}


@pytest.fixture(autouse=True)
def italian():
    """A request leaves its language behind in the thread; each test begins in Italian."""
    translation.activate("it")


@pytest.fixture
def fabriano(db):
    return make.city(name="Fabriano", slug="fabriano", field="crafts-folk-art", region="11")


@pytest.fixture
def parma(db):
    return make.city(name="Parma", slug="parma", field="gastronomy", region="08")


@pytest.fixture
def fabriano_delegate(fabriano):
    return make.delegate(city=fabriano, email="fabriano@example.org", first_name="Fabia")


@pytest.fixture
def parma_delegate(parma):
    return make.delegate(city=parma, email="parma@example.org", first_name="Piero")


@pytest.fixture
def coordinator(db):
    return make.coordinator(email="coordinamento@example.org", first_name="Carla")


@pytest.fixture
def observer(db):
    return make.observer(email="osservatore@example.org", first_name="Olga")


@pytest.fixture
def as_user(client):
    """A client that is logged in as the given person."""

    def log_in(user):
        client.force_login(user)
        return client

    return log_in


@pytest.fixture(scope="module")
def standing_demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The real network and its demonstration, loaded once for a module; answers where files lie.

    Every test of the module has them, undoes what it changes, and closes its connection: which
    would forget what was never committed, so it stays open until the last one.
    """
    from django.conf import settings

    place = tmp_path_factory.mktemp("demo")
    loading = override_settings(DEBUG=True, STORAGES=storages_in(settings, place))
    open_still = mock.patch.object(connection, "close")
    with django_db_blocker.unblock(), open_still, transaction.atomic():
        with loading, translation.override("it"):
            call_command("load_network", verbosity=0)
            call_command("load_demo", stdout=StringIO())
        yield place
        transaction.set_rollback(True)


@pytest.fixture
def demo(standing_demo, db, settings, tmp_path):
    """The network and its demonstration, for modules in which all tests stand on them."""
    settings.DEBUG = True
    shutil.copytree(standing_demo, tmp_path, copy_function=os.link, dirs_exist_ok=True)
