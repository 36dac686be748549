"""Requests that no browser sends, at every door: an answer in words, never an error of ours."""

import logging
import time

import pytest
from django.db import transaction
from django.test import Client

from meetings.models import Meeting
from tests import make
from tests.test_doors import doors

pytestmark = pytest.mark.django_db

LONG = "x" * 10_000
GARBAGE = [
    "\x00", "a\x00b", "%00", LONG, "10" * 60, "-1", "0", "1e999", "NaN", "٣", "²", "９", "1_0",
    "9999-12-31", "0001-01-01", "10000-01-01", "2026-02-30", "9999999999999999999999", "'\"<>&;--",
    "\ud7ff", "\u202e", "\ufeff", "a" * 50 + "!", "(((((((((", "*", "AND OR NOT", "\\", "[]", "{}",
    "../../etc/passwd", "\r\nX: y", " ", "%", "_", "true", "[" * 3000,
]  # fmt: skip
# What any page of ours, of allauth or of the admin reads from an address or a form.
NAMES = [
    "q", "page", "p", "o", "e", "all", "field", "fields", "city", "lead", "year", "from", "until",
    "since", "before", "after", "order", "limit", "cursor", "columns", "line", "goal", "phase",
    "scope", "status", "region", "area", "host", "kind", "track", "meeting", "project", "picture",
    "next", "url", "format", "maxwidth", "maxheight", "term", "app_label", "model_name",
    "field_name", "_changelist_filters", "_popup", "date", "day", "month", "query",
    "comment", "message", "reason", "text", "text_it", "title_it", "login", "password", "email",
    "code", "action", "_selected_action", "index", "select_across", "pk", "id", "version", "key",
    "stamp", "cities", "people", "answer", "name", "due_on", "starts_on", "ends_on", "missing",
    "change", "state", "provider", "process", "post", "starts_at_0", "starts_at_1", "token", "go",
    "lead__slug",
]  # fmt: skip

# oEmbed 1.0 (2.3.4) answers so to formats it does not know; /status to a day on which no mail went.
MEANT = [("/it/oembed/", 501), ("/status", 503)]


def browser(person):
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    return client


@pytest.fixture
def people(settings, fabriano, fabriano_delegate):
    settings.COORDINATORS_NEED_MFA = False
    root = make.user(is_superuser=True, role="coordinators")
    return {"visitor": browser(None), "delegate": browser(fabriano_delegate), "root": browser(root)}


@pytest.fixture
def addresses(fabriano):
    """Every door of the portal, where it can be with a thing behind it."""
    project = make.project(lead=fabriano, status="published", slug="x", looking_for_partners=True)
    make.update(project=project)
    make.partnership(project=project, city=make.city())
    meeting = make.meeting(slug="y", status="held")
    make.minutes(meeting=meeting)
    make.section(item=make.agenda_item(meeting=meeting))
    make.news_item(slug="x")
    found = [address for _name, address, _view in doors() if "/en/" not in address]
    for model, pk in [("project", project.pk), ("meeting", meeting.pk)]:
        found = [each.replace(f"/{model}/1/", f"/{model}/{pk}/") for each in found]
    thing = Meeting.objects.get()
    return list(dict.fromkeys([*found, thing.get_absolute_url()]))


def turns(number):
    """Garbage for every name; which one, turns with the door."""
    return {name: GARBAGE[(number + place) % len(GARBAGE)] for place, name in enumerate(NAMES)}


@pytest.mark.parametrize("method", ["get", "post"])
def test_whatever_is_sent_to_any_door_there_is_no_error_of_ours(people, addresses, method):
    logging.disable(logging.CRITICAL)
    broken = []
    if (
        method == "get"
    ):  # Django's own admin fails where a new thing is begun with a key that is none
        addresses = [each for each in addresses if not each.endswith("/add/")]
    for number, address in enumerate(addresses):
        sent = turns(7 * number)
        if method == "get":
            sent = {name: value for name, value in sent.items() if len(value) < 10_000}
        for role, client in people.items():
            if role != "root" and address.startswith("/admin/"):
                continue  # they are not let in: tests/test_doors.py
            with transaction.atomic():
                answer = getattr(client, method)(address, sent)
                if answer.status_code >= 500 and (address, answer.status_code) not in MEANT:
                    broken.append(f"{role} {address}")
                transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    assert "\n".join(broken) == ""


def test_nul_is_left_out_of_whatever_is_sent(people, fabriano):
    project = make.project(lead=fabriano, status="submitted", slug="carta")
    people["root"].post(
        f"/admin/projects/project/{project.pk}/verb/send_back/", {"comment": "Per\x00ché\x00"}
    )
    assert project.events.get().comment == "Perché"
    login = {"login": "a\x00@example.org", "password": "\x00b", "\x00": "\x00"}
    assert people["visitor"].post("/it/accounts/login/", login).status_code == 200
    found = people["root"].get("/it/cerca/?q=car%0%000ta%00")
    assert found.context["request"].GET["q"] == "carta"


WEIRD_PATHS = [
    "/it/progetti/%00/", "/it/progetti/%ff%fe/", "/it/progetti/" + "x" * 10_000 + "/", "/%c0%ae/",
    "/it/citta/..%2f..%2fetc/", "/it/" + "a/" * 2000, "/admin/projects/project/%00/change/",
    "/admin/projects/project/9" + "9" * 400 + "/change/", "/admin/meetings/meeting/٣/change/",
    "/api/v1/projects/%00", "/api/v1/projects/%ff", "/it/documenti/%00/", "//e.example/", "/;/",
    "/it/partenariati/" + "9" * 400 + "/", "/admin/r/1/" + "9" * 40 + "/", "/media/%00",
]  # fmt: skip


def test_addresses_that_are_none_lead_nowhere(people):
    for path in WEIRD_PATHS:
        for client in people.values():
            answer = client.get(path)
            assert answer.status_code in (301, 302, 400, 404), path
            assert not answer.get("Location", "").startswith("//"), path


def test_too_many_fields_are_refused_and_too_large_a_form_too(people):
    address = "/it/accounts/login/"
    many = {f"x{n}": "" for n in range(1500)}
    assert people["visitor"].post(address, many).status_code == 400
    large = {"login": "x" * 13 * 1024 * 1024}
    assert people["visitor"].post(address, large).status_code in (400, 413)


def test_deep_json_is_only_text(people):
    deep = "[" * 100_000
    for address in ("/api/v1/projects", "/it/accounts/2fa/webauthn/login/"):
        answer = people["visitor"].post(address, deep, content_type="application/json")
        assert answer.status_code in (200, 302, 400, 403, 404, 405)
    answer = people["visitor"].post("/it/accounts/2fa/webauthn/login/", {"credential": deep})
    assert answer.status_code in (200, 302, 400)


def test_no_expression_of_ours_takes_longer_than_its_text():
    """Ten times the text may take ten times as long, not a hundred times."""
    from cities.tables import guarded, unguarded
    from documents.blocks import blocks
    from journal.diffs import plain

    for read in (plain, guarded, unguarded, blocks):
        for piece in ("<p>", "<", "'", "a ", "\n", "</p>\n", "=", "&lt;", "<a href='x'>"):
            read(piece * 100)
            began = time.process_time()
            read(piece * 20_000)
            assert time.process_time() - began < 2, (read, piece)
