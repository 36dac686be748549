"""Every door of the portal: which stand open, and who is let in at each of the others."""

import re
import time
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from cities.models import City, Delegate
from journal.models import Event
from journal.signed_links import sign
from network.status import LAST_ROUND
from tests import make

pytestmark = pytest.mark.django_db

# Where anyone may go without logging in. Whatever is not here, asks who you are.
OPEN = {
    # what the public reads
    "home", "network_page", "search", "city_list", "city_detail", "city_checkup", "cluster_list",
    "cluster_detail", "project_list", "project_detail", "project_export",
    "project_columns", "city_export", "city_columns", "api_projects", "api_project", "api_cities",
    "api_city", "api_openapi", "api_nothing", "api_docs", "meeting_list", "meeting_detail",
    "meetings_calendar", "personal_calendar",
    "meeting_calendar", "meeting_picture", "meeting_years", "meeting_years_export",
    "decision_list", "decision_detail", "decision_export", "decision_columns", "action_list",
    "action_detail",
    "news_list", "news_detail", "page_detail", "project_feed", "news_feed",
    "project_picture", "project_embed", "project_share_picture", "project_updates_feed", "oembed",
    "robots", "sitemap", "status", "status_web", "security", "security_txt",
    "update_list",
    # lets through what is public and sends to log in for the rest
    "document_download", "document_version", "meeting_papers",
    # opens to guests by the link of a letter
    "meeting_paper", "meeting_answer_papers",
    # how people come in
    "invitation_accept", "invitation_passkey", "partnership_answer", "action_answer",
    "minutes_answer", "minutes_answer_pdf", "meeting_answer", "meeting_answer_calendar",
    "account_login", "account_logout",
    "account_signup", "account_inactive",
    "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
    "account_confirm_email", "account_email_verification_sent", "account_confirm_login_code",
    "mfa_authenticate", "mfa_login_webauthn", "openid_connect_login", "openid_connect_callback",
    "socialaccount_login_cancelled", "socialaccount_signup",
}  # fmt: skip

SAMPLES = {
    "pk": "1", "object_id": "1", "content_type_id": "1", "content_id": "1", "version_id": "1",
    "slug": "x", "name": "x", "token": "x", "key": "x", "uidb36": "x", "provider_id": "x",
    "section": "x", "url": "x", "app_label": "news", "path": "x", "format": "csv", "rest": "x",
    "language": "it", "item": "1", "version": "1", "decision": "1", "action": "1",
    "person": "1",
}  # fmt: skip
UUID = "6f1c3a52-0d7a-4c1c-9a44-6d3f3f5f1f00"


def doors(patterns=None, before="/"):
    """Every address pattern of the portal, as (name, an address of it, its view)."""
    for pattern in patterns or get_resolver().url_patterns:
        address = before + sample(str(pattern.pattern))
        if hasattr(pattern, "url_patterns"):
            yield from doors(pattern.url_patterns, address)
        else:
            yield pattern.name, address, pattern.callback


def sample(route):
    """An address for a pattern, whether it is written as a path or as an expression."""
    route = route.replace("<uuid:pk>", UUID)
    route = re.sub(r"<(?:\w+:)?(\w+)>(?!\[|\.)", lambda found: SAMPLES[found[1]], route)
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: SAMPLES[found[1]], route)
    return route.replace("\\Z", "").strip("^$")


def is_open(view):
    return not getattr(view, "login_required", True)


def test_the_open_doors_are_these_and_no_others():
    opened = {name for name, address, view in doors() if is_open(view) and "/admin/" not in address}
    assert opened == OPEN


def test_every_other_door_asks_a_visitor_who_they_are(client):
    closed = [
        (name, address) for name, address, view in doors() if name not in OPEN and address != "/"
    ]
    assert len(closed) > 150
    answers = {(name, address): client.get(address) for name, address in closed}
    let_in = {
        door: (answer.status_code, answer.get("Location"))
        for door, answer in answers.items()
        if answer.status_code != 302 or "/login/" not in answer["Location"]
    }
    assert let_in == {}


def test_nobody_signs_up(client):
    answer = client.post("/it/accounts/signup/", {"email": "a@b.it", "password1": make.PASSWORD})
    assert answer.status_code == 200
    assert not get_user_model().objects.filter(email="a@b.it").exists()


@pytest.mark.parametrize("role", ["delegate", "observer"])
def test_the_admin_is_not_there_for_those_who_do_not_coordinate(role, people):
    admin = [address for name, address, view in doors() if address.startswith("/admin/")]
    found = {address: people[role].get(address, follow=True).status_code for address in admin}
    logout = reverse("admin:logout")
    assert {address for address, status in found.items() if status != 404} <= {logout}


# Who is let in, door by door, in a table for each room. "login" sends to log in; "302" goes on to a
# page of the portal. The neighbour is the delegate of a city that is asked to join; "former" was a
# delegate until 2025.
TABLES = sorted((Path(__file__).parent / "doors").glob("*.txt"))


def lines_of(table):
    return [line for line in table.read_text().splitlines() if line.strip()]


@pytest.fixture
def people(db, settings):
    """A browser for each kind of person."""
    settings.COORDINATORS_NEED_MFA = False
    cache.set(LAST_ROUND, {"at": time.time(), "failed": 0})
    fabriano, parma = make.city(name="Fabriano", slug="member"), make.city(name="Parma")
    candidate = make.city(name="Napoli", slug="candidate", member=False)
    persons = {
        "visitor": None,
        "candidate": make.delegate(city=candidate),
        "neighbour": make.delegate(city=parma),
        "delegate": make.delegate(city=fabriano),
        "former": make.delegate(city=fabriano, ends_on=date(2025, 12, 31)),
        "observer": make.observer(),
        "coordinator": make.coordinator(),
    }
    return {role: browser(person) for role, person in persons.items()}


def browser(person):
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    return client


@pytest.fixture
def things(people):
    """The things that the doors lead to, by the door's room and the word in the table."""
    fabriano = City.objects.get(slug="member")
    parma = City.objects.get(name_it="Parma")
    for status in ("draft", "submitted", "published", "archived", "withdrawn"):
        project = make.project(lead=fabriano, status=status, slug=status)
        asked = make.partnership(project=project, city=parma)
        if status == "published":
            open_question, told = asked, make.update(project=project)
            asking = make.partnership(project=project, city=make.city(), status="asking")
            changes = {"changes": {"scope": ["local", ""]}}
            changed = Event.objects.record(project, "update", by=None, details=changes)
    values = {"status": "published", "slug": "seeking", "looking_for_partners": True}
    make.project(lead=fabriano, **values)
    joint = make.project(lead=fabriano, status="published")
    joined = make.partnership(project=joint, city=parma, status="accepted")
    for status in ("held", "circulated", "closed"):
        make.minutes(meeting=make.meeting(slug=status, status=status))
    make.news_item(slug="public")
    make.news_item(slug="hidden", is_published=False)
    make.page(slug="privacy")
    helper = make.delegate(city=fabriano, role="collaborator")
    token = sign("checkup", helper, fabriano.checkups.create())
    changes = {"changes": {"summary_it": ["Carta", ""]}}
    edited = Event.objects.record(fabriano, "update", by=None, details=changes)
    return {
        "city": {"asked": token, "changed": edited.pk},
        "delegate": {"helper": helper.delegates.get().pk},
        "project": {"changed": changed.pk},
        "partnership": {"asked": open_question.pk, "asking": asking.pk, "joined": joined.pk},
        "update": {"told": told.pk},
        "decision": decided(),
        **attended(),
        **written(fabriano),
        **acted(fabriano),
        **proposed(fabriano),
        "document": documents(),
    }


def written(city):
    """Minutes that are being written, and approved ones; what the first hold so far."""
    meetings = {status: make.meeting(status=status) for status in ("held", "closed")}
    item = make.agenda_item(meeting=meetings["held"])
    under = {"meeting": meetings["held"], "item": item}
    keys = {
        **{status: meeting.pk for status, meeting in meetings.items()},
        "item": item.pk,
        "version": make.section(item=item).history.get().pk,
        "decision": make.decision(**under).pk,
        "action": make.action(cities=[city], **under).pk,
    }
    rooms = ("meeting_write", "section", "writing", "decision", "action")
    return {f"admin:{room}": keys for room in rooms}


def attended():
    """A meeting that is on, and somebody on its list of presence."""
    meeting = make.meeting()
    keys = {"on": meeting.pk, "person": make.invitation(meeting=meeting).pk}
    return {"admin:meeting": keys, "admin:attendance": keys}


def proposed(city):
    """An item that a city proposed for the agenda of a coming meeting."""
    meeting = make.meeting(slug="proposing", proposals_until=timezone.localdate())
    key = make.proposal(meeting=meeting, city=city).pk
    pages = {f"admin:meeting_{page}": {"asked": meeting.pk} for page in ("proposals", "duplicate")}
    verbs = {f"admin:proposal_{verb}": {"asked": key} for verb in ("accept", "decline")}
    return {"proposal": {"asked": key}, **pages, **verbs}


def decided():
    """A decision for all, and one for those inside."""
    meeting = make.meeting(status="closed")
    marks = {"public": True, "internal": False}
    return {word: make.decision(meeting=meeting, is_public=mark).pk for word, mark in marks.items()}


def acted(city):
    """What a city took on: for all to read, and among us, to do and done; and a letter's link."""
    meeting = make.meeting(status="circulated")
    values = {
        "public": {"is_public": True},
        "owed": {},
        "done": {"status": "done"},
    }
    made = {
        word: make.action(meeting=meeting, cities=[city], **each) for word, each in values.items()
    }
    person = city.people().first()
    return {
        "action": {word: action.pk for word, action in made.items()},
        "action_answer": {"owed": sign("action", person, made["owed"])},
    }


def documents():
    """One for each audience, and one of a draft; their keys by the word in the table."""
    meetings = {
        "public": make.meeting(slug="public"),
        "internal": make.meeting(slug="internal", is_public=False),
        "draft": make.meeting(slug="draft", status="draft"),
    }
    neighbour = Delegate.objects.get(city__name_it="Parma").user
    make.invitation(meeting=meetings["public"], user=neighbour)
    make.document(owner=meetings["internal"])
    found = {
        "public": make.document(owner=meetings["public"]),
        "invited": make.document(owner=meetings["public"], audience="participants"),
        "internal": make.document(owner=meetings["public"], audience="delegates"),
        "closed": make.document(owner=meetings["public"], audience="coordinators"),
        "draft": make.document(owner=meetings["draft"]),
    }
    keys = {word: document.pk for word, document in found.items()}
    for word in ("public", "closed"):
        before = {"file": found[word].file.name, "uploaded_at": timezone.now()}
        keys[f"{word}-before"] = found[word].versions.create(**before).pk
    return keys


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_each_door_lets_in_whom_it_should(table, people, things):
    head, *rows = lines_of(table)
    assert head.split() == list(people)
    expected = [" ".join(row.split()) for row in rows]
    found = [knock(row.split()[: -len(people)], people, things) for row in expected]
    assert [each for each in zip(found, expected, strict=True) if each[0] != each[1]] == []


def knock(door, people, things):
    """One row of the table as it really is; whatever is done at the door is undone after it."""
    method, name, *which = door
    known = things.get(name) or things.get(name.split("_")[0], {})
    address = reverse(name, args=[known.get(word, word) for word in which])
    answers = []
    for client in people.values():
        with transaction.atomic():
            answer = client.generic(method, address, content_type="multipart/form-data; boundary=x")
            answers.append(said(client, answer))
            transaction.set_rollback(True)
    return " ".join([*door, *answers])


def said(client, answer):
    if answer.status_code == 302 and "/admin/login/" in answer["Location"]:
        answer = client.get(answer["Location"])
    if answer.status_code == 302 and "/login/" in answer["Location"]:
        return "login"
    return str(answer.status_code)


def test_every_door_of_ours_is_in_the_table():
    ours = {
        name
        for name, address, view in doors()
        if address.startswith("/it/") and "/accounts/" not in address
    }
    told = {line.split()[1] for table in TABLES for line in lines_of(table)[1:]}
    assert ours - told == {"invitation_accept", "invitation_passkey"}  # have their own tests
