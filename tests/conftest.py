"""A small cast that most tests share."""

import pytest
from django.utils import translation

from tests import make


@pytest.fixture(autouse=True)
def files_in_a_temporary_place(settings, tmp_path):
    for alias, folder in [("default", "media"), ("private", "private")]:
        settings.STORAGES = {
            **settings.STORAGES,
            alias: {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(tmp_path / folder)},
            },
        }


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
