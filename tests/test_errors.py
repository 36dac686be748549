"""When something goes wrong a page says what, in the reader's language, and leads on."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests import make
from tests.markup import Page

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.failing_urls")]


@pytest.fixture
def visitor():
    """A visitor whose browser shows what the server answers when it breaks."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("nowhere/", 404),
        ("broken/", 500),
        ("forbidden/", 403),
        ("garbled/", 400),
    ],
)
@pytest.mark.parametrize("language", ["it", "en"])
def test_the_page_says_it_in_the_readers_language_and_leads_home(
    visitor, address, status, language
):
    answer = visitor.get(f"/{language}/{address}")

    assert answer.status_code == status
    page = Page(answer.text)
    assert page.faults == []
    assert page.all("html")[0]["lang"] == language
    assert len(page.all("h1")) == 1
    assert f"/{language}/" in page.links()
    assert page.meta("robots") == "noindex"
    assert "secret" not in answer.text
    assert not answer.cookies


@pytest.mark.parametrize(
    "address",
    [
        "/it/citta/atlantide/",
        "/it/progetti/nessuno/",
        "/it/incontri/mai/",
        "/it/notizie/niente/",
        "/it/pagine/nessuna/",
        "/it/cluster/danza/",
    ],
)
def test_a_thing_that_is_not_there_is_not_found(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert {"/it/citta/", "/it/progetti/", "/it/cerca/"} <= set(Page(answer.text).links())


def test_an_address_without_language_is_not_found_in_the_readers_language(client):
    answer = client.get("/nowhere/", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert Page(answer.text).all("html")[0]["lang"] == "en"


def test_a_person_logged_in_is_not_sent_to_log_in(as_user):
    answer = as_user(make.user()).get("/it/nowhere/")
    assert answer.status_code == 404
    assert "/it/accounts/login/" not in Page(answer.text).links()


def test_a_form_without_its_token_says_that_it_has_expired():
    answer = Client(enforce_csrf_checks=True).post("/it/accounts/login/", {"login": "a"})
    assert answer.status_code == 403
    assert len(Page(answer.text).all("h1")) == 1
    assert "/it/" in Page(answer.text).links()


def test_after_many_attempts_one_is_asked_to_wait(client):
    cache.clear()
    for _ in range(61):
        answer = client.post("/en/accounts/login/", {"login": "a@example.org", "password": "no"})
        if answer.status_code == 429:
            break
    cache.clear()
    assert answer.status_code == 429
    page = Page(answer.text)
    assert len(page.all("h1")) == 1
    assert "/en/" in page.links()


def test_the_page_of_a_breakdown_needs_no_database(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = visitor.get("/it/broken/")
    assert answer.status_code == 500
