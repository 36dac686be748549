"""A session is its person's alone, begins at the log-in, and ends everywhere when it should."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from accounts.ended_sessions import forget_ended_sessions
from tests import make

pytestmark = pytest.mark.django_db

LOGIN = "/it/accounts/login/"
DESK = "/it/scrivania/"
NEW = "una frase tutta nuova 2027"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def logged_in(person, *, next="", client=None, **more):
    client = client or Client()
    form = {"login": person.email, "password": make.PASSWORD, "next": next}
    client.answer = client.post(LOGIN, form, **more)
    return client


def is_in(client):
    return client.get(DESK).status_code == 200


def test_the_browser_forgets_what_it_has_seen_when_a_session_begins_and_when_it_ends(
    fabriano_delegate,
):
    """Or the back button would show a delegate's desk to whoever sits there next."""
    client = logged_in(fabriano_delegate)
    assert client.answer.headers["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in client.get(DESK).headers
    assert client.post("/it/accounts/logout/").headers["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in client.get("/it/").headers


def test_a_session_gets_a_new_key_at_the_log_in(fabriano_delegate):
    """Whoever planted a key in somebody's browser has nothing of it (session fixation)."""
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    logged_in(fabriano_delegate, client=client)
    assert is_in(client)
    assert client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_a_new_password_ends_all_other_sessions(fabriano_delegate):
    here, elsewhere = logged_in(fabriano_delegate), logged_in(fabriano_delegate)
    assert is_in(elsewhere)
    form = {"oldpassword": make.PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/it/accounts/password/change/", form).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)


def test_whoever_leaves_is_out_at_once(fabriano_delegate):
    client = logged_in(fabriano_delegate)
    fabriano_delegate.is_active = False
    fabriano_delegate.save()
    assert not is_in(client)


def test_logging_out_ends_the_session_on_the_server(fabriano_delegate):
    client = logged_in(fabriano_delegate)
    key = client.cookies["sessionid"].value
    client.get("/it/accounts/logout/")
    assert is_in(client)
    client.post("/it/accounts/logout/")
    thief = Client()
    thief.cookies["sessionid"] = key
    assert not is_in(thief)


def test_cookies_are_for_this_portal_over_https_and_for_no_script(fabriano_delegate, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    client.get(LOGIN, secure=True)
    from_here = {"referer": "https://testserver/"}
    logged_in(fabriano_delegate, client=client, secure=True, headers=from_here)
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["domain"], cookie["path"]) == ("", "/")


def test_a_session_ends_with_the_browser_unless_one_asks_to_stay(fabriano_delegate):
    brief = logged_in(fabriano_delegate)
    assert brief.cookies["sessionid"]["max-age"] == ""
    form = {"login": fabriano_delegate.email, "password": make.PASSWORD, "remember": "on"}
    long = Client()
    long.post(LOGIN, form)
    assert long.cookies["sessionid"]["max-age"] == 14 * 24 * 3600
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert not is_in(long)
        assert not is_in(brief)


def test_sessions_that_are_over_are_forgotten(fabriano_delegate):
    client = logged_in(fabriano_delegate)
    assert is_in(client)
    assert UserSession.objects.count() == 1
    assert forget_ended_sessions() == 0
    assert is_in(client)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert forget_ended_sessions() == 1
    assert (Session.objects.count(), UserSession.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "https:evil.example",
        "http://testserver.evil.example/",
        "http://testserver@evil.example/",
        "javascript:alert(1)",
        "\thttps://evil.example/",
    ],
)
def test_nobody_is_led_elsewhere_by_the_log_in(fabriano_delegate, elsewhere):
    client = logged_in(fabriano_delegate, next=elsewhere)
    assert client.answer["Location"] == DESK
    for door in (LOGIN, "/it/accounts/logout/", "/admin/login/", "/it/accounts/reauthenticate/"):
        for answer in (
            client.get(door, {"next": elsewhere}),
            Client().get(door, {"next": elsewhere}),
        ):
            assert not answer.get("Location", "/").startswith(("http", "//", "/\\", "\\", "java"))


def test_the_log_in_leads_back_to_where_one_was(fabriano_delegate):
    client = logged_in(fabriano_delegate, next="/it/profilo/")
    assert client.answer["Location"] == "/it/profilo/"


def test_links_in_mails_name_the_portal_whatever_host_was_asked(fabriano_delegate, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://portal.example.org"
    Client().post(
        "/en/accounts/password/reset/",
        {"email": fabriano_delegate.email},
        headers={"host": "evil.example"},
    )
    mail = Email.objects.get()
    assert "https://portal.example.org/it/accounts/password/reset/key/" in mail.message
    assert "evil.example" not in mail.message + mail.html_message


def test_a_form_of_another_site_is_refused(fabriano_delegate):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(fabriano_delegate)
    browser.get("/it/profilo/")
    token = browser.cookies["csrftoken"].value
    form = {"csrfmiddlewaretoken": token, "first_name": "Eva", "last_name": "Mala"}
    answer = browser.post("/it/profilo/", form, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    fabriano_delegate.refresh_from_db()
    assert fabriano_delegate.first_name == "Fabia"
