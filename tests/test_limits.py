"""Whoever asks for too much is asked to wait, told how long, and loses nothing."""

import pytest
import time_machine
from django.conf import settings as portal
from django.core.cache import cache
from django.test import Client, RequestFactory

from accounts.addresses import UNKNOWN, address_of, household_of
from network.limits import count, parsed
from projects.models import Project
from tests import make
from tests.filling import beginning
from tests.markup import Page

pytestmark = pytest.mark.django_db

FIGURES = portal.LIMITS
NONE_KEPT = "django.core.cache.backends.dummy.DummyCache"
SEARCH = "/en/search/?q=paper"


@pytest.fixture(autouse=True)
def limited(settings):
    """Figures that a test can reach, and pages that are built each time; time stands still."""
    settings.CACHES = {**portal.CACHES, "pages": {"BACKEND": NONE_KEPT}}
    settings.LIMITS_TIMES = 1
    settings.LIMITS = dict.fromkeys(FIGURES, ("3/m", "3/m"))
    cache.clear()
    with time_machine.travel("2026-11-23 10:00:20+00:00", tick=False) as now:
        yield now
    cache.clear()


def statuses(client, address, times=4, **more):
    return [client.get(address, **more).status_code for _ in range(times)]


def test_one_too_many_gets_a_page_that_says_when_to_come_back(client, limited):
    assert statuses(client, SEARCH, 3) == [200] * 3
    answer = client.get(SEARCH)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "40"
    assert answer["Cache-Control"] == "no-store"
    page = Page(answer.text)
    assert page.faults == []
    assert [each.text for each in page.all("h1")] == ["A moment, please"]
    assert "Try again in a minute." in answer.text
    assert page.meta("robots") == "noindex"
    assert not answer.cookies
    limited.shift(40)
    assert client.get(SEARCH).status_code == 200


def test_it_is_said_in_italian_too(client):
    statuses(client, "/it/cerca/?q=carta")
    answer = client.get("/it/cerca/?q=carta")
    assert (answer.status_code, Page(answer.text).all("html")[0]["lang"]) == (429, "it")


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("search", "/en/projects/?q=paper"),
        ("file", "/en/projects/export.csv"),
        ("api", "/api/v1/projects"),
        ("link", "/en/minutes/forged/"),
        ("link", "/en/invitation/forged/"),
        ("page", "/en/network/"),
    ],
)
def test_each_kind_counts_by_itself(client, settings, kind, address):
    settings.LIMITS = {**FIGURES, kind: ("3/m", "3/m")}
    assert statuses(client, address)[2:] != [429, 429]
    assert client.get(address).status_code == 429
    other = "/en/clusters/" if kind != "page" else SEARCH
    assert client.get(other).status_code == 200


def test_a_program_is_told_as_a_program(client):
    statuses(client, "/api/v1/cities")
    answer = client.get("/api/v1/cities")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 429
    assert answer.json()["detail"] == "Riprova fra 40 secondi."
    assert answer["Retry-After"] == "40"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_everyone_in_an_office_counts_alone_once_logged_in(fabriano, parma):
    people = [make.delegate(city=fabriano), make.delegate(city=parma)]
    browsers = [Client(), Client()]
    for browser, person in zip(browsers, people, strict=True):
        browser.force_login(person)
        assert statuses(browser, SEARCH) == [200, 200, 200, 429]
    assert statuses(Client(), SEARCH) == [200, 200, 200, 429]


def test_one_person_counts_as_one_from_wherever_they_ask(as_user, fabriano_delegate):
    client = as_user(fabriano_delegate)
    for last in range(3):
        client.get(SEARCH, REMOTE_ADDR=f"192.0.2.{last}")
    assert client.get(SEARCH, REMOTE_ADDR="192.0.2.9").status_code == 429


def test_what_was_typed_is_handed_back_and_can_be_sent_again(as_user, fabriano, limited):
    client = as_user(make.delegate(city=fabriano))
    for _ in range(3):
        client.post("/it/profilo/", {"language": "it"})
    typed = beginning(fabriano, title_it="Carta & colla", summary_it="Tutto ciò che ho scritto.")

    refused = client.post("/it/progetti/nuovo/", typed, headers={"origin": "http://testserver"})

    assert refused.status_code == 429
    kept = {e["name"]: e["value"] for e in Page(refused.text).all("input") if e["name"]}
    assert (kept["title_it"], kept["summary_it"]) == (
        "Carta & colla",
        "Tutto ciò che ho scritto.",
    )
    assert [form["action"] for form in Page(refused.text).all("form") if form["method"] == "post"][
        -1
    ] == "/it/progetti/nuovo/"
    assert not Project.objects.exists()
    limited.shift(40)
    client.post("/it/progetti/nuovo/", typed)
    assert Project.objects.get().title_it == "Carta & colla"


def test_what_saves_itself_is_told_in_json(as_user, fabriano_delegate):
    client = as_user(fabriano_delegate)
    for _ in range(4):
        answer = client.post("/it/profilo/", {}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (429, {"retry_after": 40})


def test_a_page_that_is_kept_counts_for_nothing(client, settings):
    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept here"}
    settings.CACHES = {**portal.CACHES, "pages": kept}
    assert statuses(client, "/en/clusters/", 9) == [200] * 9
    assert statuses(client, "/en/network/", 9) == [200] * 9
    assert statuses(client, "/en/cities/", 2) == [200] * 2
    assert client.get("/en/news/").status_code == 429


def test_a_refusal_is_never_kept(client, settings, limited):
    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept there"}
    settings.CACHES = {**portal.CACHES, "pages": kept}
    settings.LIMITS = {**FIGURES, "page": ("0/m", "0/m")}
    assert client.get("/en/clusters/").status_code == 429
    settings.LIMITS = FIGURES
    assert client.get("/en/clusters/").status_code == 200


def test_two_rates_hold_at_once(settings, limited):
    for _ in range(5):
        waits = [count("file", "3/m,5/h", "somebody")]
    assert waits == [40]
    limited.shift(60)
    assert count("file", "3/m,5/h", "somebody") == 59 * 60 - 20


@pytest.mark.parametrize(
    ("rate", "read"), [("30/m", (30, 60)), ("3/15m", (3, 900)), ("300/h", (300, 3600))]
)
def test_rates_are_written_as_people_say_them(rate, read):
    assert parsed(rate) == read


def test_all_figures_can_be_raised_at_once_and_switched_off(client, settings):
    settings.LIMITS_TIMES = 2
    assert statuses(client, SEARCH, 7) == [200] * 6 + [429]
    settings.LIMITS_TIMES = 0
    assert statuses(client, SEARCH, 7) == [200] * 7


def test_a_cache_that_is_gone_lets_everyone_through(client, settings, tmp_path):
    gone = {"BACKEND": "network.caches.MachineCache", "LOCATION": str(tmp_path / "no" / "cache")}
    settings.CACHES = {**portal.CACHES, "default": gone}
    assert statuses(client, SEARCH, 6) == [200] * 6
    answer = client.post("/en/accounts/login/", {"login": "a@example.org", "password": "no"})
    assert answer.status_code == 200


def test_real_people_never_meet_the_limits():
    """A draft saves itself 2.5 seconds after the last letter, from three windows at once; eighty
    delegates in one room answer a convocation within a minute, each by three requests."""
    assert parsed(FIGURES["sending"][1])[0] >= 3 * 60 / 2.5
    assert parsed(FIGURES["sending"][0])[0] >= 80
    assert parsed(FIGURES["link"][0])[0] >= 3 * 80


# From where somebody asks


def asked(remote="10.0.0.1", forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return address_of(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers))


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, "198.51.100.7", "203.0.113.9", "198.51.100.7"),  # anyone can write that header
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),  # the first was made up
        (2, "10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "10.0.0.1", "203.0.113.9", "10.0.0.1"),  # came round the outer proxy
        (1, "10.0.0.1", None, "10.0.0.1"),
        (1, "", "203.0.113.9", "203.0.113.9"),  # the proxy comes through a socket
        (1, "10.0.0.1", "nonsense", "10.0.0.1"),
        (1, "10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        (1, "10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        (0, "::ffff:203.0.113.9", None, "203.0.113.9"),
        (0, "fe80::1%eth0", None, "fe80::1"),
        (0, "", None, UNKNOWN),
    ],
)
def test_the_address_is_what_our_own_proxies_saw(settings, proxies, remote, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    assert asked(remote, forwarded) == address


def test_an_ipv6_line_counts_as_one_visitor():
    assert household_of("2001:db8:1:2::1") == household_of("2001:db8:1:2:ffff::9")
    assert household_of("2001:db8:1:2::1") != household_of("2001:db8:1:3::1")
    assert household_of("203.0.113.9") != household_of("203.0.113.10")


def test_nobody_escapes_the_limit_by_writing_the_header(client):
    for last in range(3):
        client.get(SEARCH, headers={"x-forwarded-for": f"203.0.113.{last}"})
    assert client.get(SEARCH, headers={"x-forwarded-for": "203.0.113.9"}).status_code == 429


def test_behind_a_proxy_visitors_count_each_for_themselves(client, settings):
    settings.TRUSTED_PROXIES = 1
    for last in range(2):
        address = f"1.1.1.1, 203.0.113.{last}"
        found = statuses(client, SEARCH, headers={"x-forwarded-for": address})
        assert found == [200, 200, 200, 429]


def test_the_guide_to_safety_tells_the_figures_as_they_are():
    guide = (portal.BASE_DIR / "docs/security.md").read_text(encoding="utf-8")
    periods = {"m": "a minute", "h": "an hour"}
    for kind, figures in FIGURES.items():
        by_address, by_person = [
            ", ".join(f"{each[:-2]} {periods[each[-1]]}" for each in rates.split(","))
            for rates in figures
        ]
        told = "" if kind == "api" else f"{by_person} "  # programs have no person
        assert f"| {by_address} | {told}|" in guide, kind
