"""The log: one line a thing, with the request it belongs to, and nothing of anybody."""

import io
import json
import logging
import re

import pytest
from django.conf import settings as of_the_portal
from django.urls import reverse

from network.discretion import WithoutSecrets
from network.logs import Json, OfRequest
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """What the log says from now on, each line read as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Json())
    handler.addFilter(WithoutSecrets())
    handler.addFilter(OfRequest())
    root, access = logging.getLogger(), logging.getLogger("portal.access")
    root.addHandler(handler)
    access.setLevel("INFO")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    access.setLevel(logging.NOTSET)


def test_a_request_is_one_line_that_names_neither_person_nor_place(lines, as_user, fabriano):
    delegate = make.delegate(city=fabriano, email="fabia@example.org", last_name="Rossi")
    answer = as_user(delegate).get(
        reverse("desk"), {"q": "una domanda"}, REMOTE_ADDR="192.0.2.77"
    )  # fmt: skip
    (line,) = lines()
    assert line["logger"] == "portal.access"
    assert (line["method"], line["status"], line["role"]) == ("GET", 200, "delegates")
    assert line["route"] == "/it/scrivania/"
    assert line["bytes"] == len(answer.content)
    assert line["ms"] > 0
    assert line["request_id"] == answer["X-Request-ID"]
    told = json.dumps(line)
    assert not re.search(r"fabia|Rossi|192\.0\.2|domanda", told)


def test_a_route_is_told_by_its_pattern(lines, client, fabriano):
    project = make.project(lead=fabriano, slug="carta-e-musica", status="published")
    client.force_login(make.observer())
    client.get(reverse("project_detail", args=[project.slug]))
    (line,) = lines()
    assert line["route"] == "/it/progetti/<slug:slug>/"
    assert line["role"] == "observers"


def test_a_page_from_the_page_cache_has_its_number_and_leaves_its_line_to_the_proxy(lines, client):
    logging.getLogger("portal.access").setLevel("DEBUG")
    for _each in range(2):
        answer = client.get(reverse("project_list"))
    told = [line for line in lines() if line["logger"] == "portal.access"]
    assert [(line["role"], line["level"]) for line in told] == [
        ("visitor", "info"),
        ("visitor", "debug"),
    ]
    assert told[1]["request_id"] == answer["X-Request-ID"] != told[0]["request_id"]


def test_the_id_of_the_proxy_is_taken_where_it_is_trusted_and_well_formed(client, settings):
    def id_for(given):
        return client.get("/robots.txt", headers={"X-Request-ID": given})["X-Request-ID"]

    assert id_for("from-a-stranger") != "from-a-stranger"
    settings.BEHIND_PROXY = True
    assert id_for("4bf92f3577b34da6") == "4bf92f3577b34da6"
    for ill_formed in ("short", "x" * 65, 'a"b{c}: d e', "righe\nnuove"):
        assert re.fullmatch(r"[0-9a-f]{16}", id_for(ill_formed))


def test_what_broke_can_be_found_by_the_number_on_its_page(lines, client, settings):
    settings.ROOT_URLCONF = "tests.failing_urls"
    client.raise_request_exception = False
    answer = client.get("/it/broken/")
    assert answer.status_code == 500
    number = answer["X-Request-ID"]
    assert f"<strong>{number}</strong>" in answer.content.decode()
    error = next(line for line in lines() if line["level"] == "error")
    assert error["request_id"] == number
    assert error["error"].startswith("Traceback")


def test_errors_tell_no_address_and_no_secret(lines):
    try:
        raise ValueError("Key (email)=(fabia.rossi@comune.example.org) already exists")
    except ValueError:
        logging.getLogger("journal").exception("To %s", "piero@example.org")
    (line,) = lines()
    assert line["message"] == "To …@example.org"
    assert "Key (email)=(…@comune.example.org) already exists" in line["error"]
    assert "rossi" not in json.dumps(line)


def test_the_log_goes_to_standard_output_and_its_form_is_a_variable():
    console = of_the_portal.LOGGING["handlers"]["console"]
    assert console["stream"] == "ext://sys.stdout"
    assert console["formatter"] == "json"
    assert set(of_the_portal.LOGGING["formatters"]) == {"json", "line"}
