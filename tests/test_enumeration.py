"""Nobody learns from the log-in, from its mails or from its clock who has an account here."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from post_office.models import Email

from accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db

UNKNOWN = "nobody@example.org"
LOGIN, RESET = "/en/accounts/login/", "/en/accounts/password/reset/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


class Counting(MD5PasswordHasher):
    """A hasher that counts how often it had to work."""

    worked = 0

    def encode(self, password, salt):
        Counting.worked += 1
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def addresses(fabriano, settings):
    """Of every kind of account that a stranger could want to know of."""
    settings.PASSWORD_HASHERS = ["tests.test_enumeration.Counting"]
    make.delegate(city=fabriano, email="in@example.org")
    make.delegate(city=fabriano, email="left@example.org", is_active=False)
    invited = make.delegate(city=fabriano, email="invited@example.org")
    invited.set_unusable_password()
    invited.save()
    User.objects.exclude(pk=invited.pk).update(password=Counting().encode(make.PASSWORD, "salt"))
    return ["in@example.org", "left@example.org", "invited@example.org"]


def seen(path, **form):
    """What a stranger sees of an answer, but for the token and the address they typed."""
    answer = Client().post(path, form, follow=True)
    typed = form.get("login") or form.get("email")
    words = TOKEN.sub("", answer.text).replace(typed, "…")
    return answer.status_code, answer.redirect_chain, words


def test_log_in_says_the_same_of_every_address(addresses):
    unknown = seen(LOGIN, login=UNKNOWN, password="not this one")
    assert unknown[:2] == (200, [])
    for address in addresses:
        assert seen(LOGIN, login=address, password="not this one") == unknown, address


def test_log_in_works_as_hard_for_every_address(addresses):
    worked = {}
    for address in [UNKNOWN, *addresses]:
        Counting.worked = 0
        Client().post(LOGIN, {"login": address, "password": "not this one"})
        worked[address] = Counting.worked
    assert set(worked.values()) == {2}, worked


def test_too_many_attempts_are_refused_at_every_address(addresses):
    """A limit that held for accounts alone would tell of them."""

    def refused_at(address):
        for attempt in range(8):
            cache_says = seen(LOGIN, login=address, password="not this one")[2]
            if "Too many failed login attempts" in cache_says:
                return attempt
        return None

    assert {refused_at(address) for address in [UNKNOWN, addresses[0]]} == {5}


def test_asking_for_a_new_password_says_the_same_of_every_address(addresses):
    unknown = seen(RESET, email=UNKNOWN)
    assert unknown[0] == 200
    assert unknown[1] == [("/en/accounts/password/reset/done/", 302)]
    for address in addresses:
        assert seen(RESET, email=address) == unknown, address


def test_asking_for_a_new_password_does_the_same_for_every_address(addresses):
    """One mail goes to whoever was named; only who reads it learns more."""
    asked = {}
    for address in [UNKNOWN, *addresses]:
        with CaptureQueriesContext(connection) as queries:
            Client().post(RESET, {"email": address})
        asked[address] = len(queries)
    assert [Email.objects.filter(to=each).count() for each in asked] == [1, 1, 1, 1]
    assert max(asked.values()) - min(asked.values()) <= 2, asked
    words = {mail.to[0]: mail.message for mail in Email.objects.all()}
    assert words[UNKNOWN].startswith("Good day,")
    assert "/password/reset/key/" not in words[UNKNOWN] + words["left@example.org"]
    assert "/password/reset/key/" in words["in@example.org"]


def test_asking_for_a_new_password_again_and_again_is_refused_at_every_address(addresses):
    def refused_at(address):
        return [Client().post(RESET, {"email": address}).status_code for _ in range(4)]

    assert refused_at(UNKNOWN) == refused_at(addresses[0]) == [302, 302, 302, 429]


def test_sign_up_is_closed_to_every_address_alike(addresses):
    people = User.objects.count()
    form = {"password1": make.PASSWORD}
    unknown = seen("/en/accounts/signup/", email=UNKNOWN, **form)
    for address in addresses:
        assert seen("/en/accounts/signup/", email=address, **form) == unknown
    assert User.objects.count() == people
    assert not Email.objects.exists()


def words(address):
    """What the page at an address says between its header and its footer."""
    whole = TOKEN.sub("", Client().get(address).text)
    return whole.partition("<main")[2].partition("</main>")[0]


def test_invitations_and_reset_links_that_are_none_say_nothing_of_anybody(addresses):
    person = User.objects.get(email="in@example.org")
    made_up = words(f"/en/invitation/{person.pk}:x:y/")
    assert made_up == words("/en/invitation/nobody/") != ""
    of_somebody = words(f"/en/accounts/password/reset/key/{person.pk}-abc-def/")
    assert of_somebody == words("/en/accounts/password/reset/key/99999-abc-def/") != ""


def test_logging_in_with_a_passkey_names_nobody(addresses):
    """The browser finds the key; the portal lists none (W3C, WebAuthn, 14.6.2)."""
    answer = Client().get(
        "/en/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}
    )
    options = answer.json()["request_options"]["publicKey"]
    assert options.get("allowCredentials", []) == []
