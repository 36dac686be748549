"""Every answer, from every door and to everyone, says what a browser may do with it."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.views.static import serve

from network.headers import PERMISSIONS, UNUSED, USED
from tests import make
from tests.test_doors import OPEN, browser, doors

pytestmark = pytest.mark.django_db

# Everywhere the same, whatever is answered.
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}
NOTHING_FOREIGN = {
    "default-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
SCRIPT = re.compile(r"'self'|'self' 'nonce-[\w-]{20,}'")
FRAMED = {"project_embed": "*", "letter_preview": "'self'"}  # who may show these pages in a frame


def policy(answer):
    rules = answer.headers.get("Content-Security-Policy", "").split("; ")
    return {name: rest for name, _space, rest in (rule.partition(" ") for rule in rules)}


def missing(answer, name=""):
    """What this answer does not say, but should."""
    faults = [key for key, value in ALWAYS.items() if answer.headers.get(key) != value]
    if answer.headers.get("Cross-Origin-Resource-Policy") not in ("same-origin", "cross-origin"):
        faults.append("Cross-Origin-Resource-Policy")
    told = policy(answer)
    if "sandbox" in told:  # a file that somebody uploaded
        return faults if told["default-src"] == "'none'" else [*faults, "sandbox"]
    if name in FRAMED and answer.status_code == 200:
        return faults if told["frame-ancestors"] == FRAMED[name] else [*faults, "frame"]
    if answer.headers.get("X-Frame-Options") != "DENY":
        faults.append("X-Frame-Options")
    faults += [key for key, value in NOTHING_FOREIGN.items() if told.get(key) != value]
    return faults if SCRIPT.fullmatch(told.get("script-src", "")) else [*faults, "script-src"]


@pytest.mark.parametrize("role", ["visitor", "delegate", "coordinator"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_door_answers_without_its_headers(role, method, fabriano, settings):
    settings.COORDINATORS_NEED_MFA = False
    person = {
        "visitor": lambda: None,
        "delegate": lambda: make.delegate(city=fabriano),
        "coordinator": make.coordinator,
    }[role]()
    faults = {}
    for name, address, _view in doors():
        client = browser(person)
        answer = client.generic(method, address, content_type="multipart/form-data; boundary=x")
        if found := missing(answer, name):
            faults[name or address] = (answer.status_code, found)
    assert faults == {}


def test_no_page_that_anyone_may_read_carries_a_nonce(fabriano):
    make.project(lead=fabriano, slug="x", status="published")
    make.page(slug="x")
    make.news_item(slug="x")
    open_doors = [address for name, address, _view in doors() if name in OPEN]
    answers = {at: Client(raise_request_exception=False).get(at) for at in open_doors}
    assert len(answers) > 60
    assert [at for at, answer in answers.items() if "nonce" in str(answer.headers)] == []
    assert {policy(answer).get("script-src") for answer in answers.values()} <= {
        "'self'",
        "'none'",
        None,
    }


@pytest.mark.urls("tests.failing_urls")
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/it/broken/", 500),
        ("/it/garbled/", 400),
        ("/it/forbidden/", 403),
        ("/it/nowhere/", 404),
        ("/nowhere", 404),
        ("/it/citta", 301),  # without its slash
        ("/", 302),
        ("/api/v1/nowhere", 404),
        ("/static/nothing.css", 404),
        ("/it/\x00", 404),
    ],
)
def test_an_error_has_them_too(address, status):
    answer = Client(raise_request_exception=False).get(address)
    assert (answer.status_code, missing(answer)) == (status, [])


def test_a_host_that_is_none_of_ours_is_refused_with_them():
    answer = Client(raise_request_exception=False).get("/it/", headers={"host": "evil.example"})
    assert (answer.status_code, missing(answer)) == (400, [])
    assert "evil.example" not in answer.text


def test_a_form_without_its_token_is_refused_with_them():
    answer = Client(enforce_csrf_checks=True).post("/it/accounts/login/", {"login": "a"})
    assert (answer.status_code, missing(answer)) == (403, [])


def test_too_many_requests_are_refused_with_them(client, settings):
    settings.LIMITS_TIMES, settings.LIMITS = 1, {"page": ("0/m", "0/m")}
    cache.clear()
    answer = client.get("/it/")
    cache.clear()
    assert (answer.status_code, missing(answer)) == (429, [])


def test_static_files_have_them_and_may_be_shown_elsewhere(settings):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    answer = Client().get("/static/css/portal.css")
    assert (answer.status_code, missing(answer)) == (200, [])
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_picture_that_was_uploaded_can_be_shown_and_never_runs(settings, tmp_path, rf):
    from network.headers import Headers

    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    answer = Headers(lambda asked: serve(asked, "logo.svg", str(tmp_path)))(
        rf.get("/media/logo.svg")
    )
    assert policy(answer) == {"default-src": "'none'", "frame-ancestors": "'none'", "sandbox": ""}
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_document_leaves_as_a_download_that_never_runs(client):
    document = make.document(owner=make.meeting())
    answer = client.get(document.get_absolute_url())
    assert missing(answer) == []
    assert answer["Content-Disposition"].startswith("attachment")
    assert policy(answer) == {"default-src": "'none'", "sandbox": ""}
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_open_data_and_cards_may_be_shown_elsewhere_and_pages_may_not(client, fabriano):
    project = make.project(lead=fabriano, status="published")
    page = project.get_absolute_url().replace("/it/progetti", "/en/projects")
    for address in ["/api/v1/projects", f"{page}embed/", f"{page}share.jpg"]:
        answer = client.get(address)
        assert (address, answer.status_code) == (address, 200)
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin", address
    assert client.get(page)["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_page_that_comes_again_has_the_same_headers(fabriano):
    one, two = Client().get("/en/cities/"), Client().get("/en/cities/")
    named = [*ALWAYS, "Content-Security-Policy", "X-Frame-Options", "Cross-Origin-Resource-Policy"]
    assert [one[name] for name in named] == [two[name] for name in named]
    assert missing(two) == []


def test_nothing_is_both_used_and_switched_off():
    assert set(USED) & set(UNUSED) == set()
    assert "camera=()" in PERMISSIONS
    assert "publickey-credentials-get=(self)" in PERMISSIONS


# Over https


@pytest.fixture
def on_https(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


def test_http_is_sent_to_https_and_https_stays(on_https):
    redirect = Client().get("/it/cerca/?q=carta")
    assert redirect.status_code == 301
    assert redirect["Location"] == "https://testserver/it/cerca/?q=carta"
    assert missing(redirect) == []
    page = Client().get("/it/", secure=True)
    assert page["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert missing(page) == []
    static = Client().get("/static/nothing.css", secure=True)
    assert "Strict-Transport-Security" in static.headers
