"""Every door of the admin: who is let in, what they find there, what is answered to nonsense."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.roles import COORDINATED_ROOMS, READABLE
from tests import make
from tests.test_doors import doors

pytestmark = pytest.mark.django_db

ADDRESSES = sorted(
    {address for _name, address, _view in doors() if address.startswith("/admin/")}
    - {"/admin/login/", "/admin/logout/"}
)


def browser(person=None):
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    return client


@pytest.fixture
def root(settings):
    settings.COORDINATORS_NEED_MFA = False
    return browser(make.user(is_superuser=True))


@pytest.fixture
def coordinates(settings, coordinator):
    settings.COORDINATORS_NEED_MFA = False
    return browser(coordinator)


@pytest.fixture
def others(fabriano, observer):
    """A browser of everyone who does not coordinate."""
    closed = make.delegate(city=fabriano)
    browsers = {
        "visitor": browser(),
        "focal point": browser(make.delegate(city=fabriano)),
        "politician": browser(make.delegate(city=fabriano, role="political")),
        "candidate": browser(make.delegate(city=make.city(member=False))),
        "former": browser(make.delegate(city=fabriano, ends_on=date(2025, 12, 31))),
        "observer": browser(observer),
        "nobody": browser(make.user()),
        "closed": browser(closed),
    }
    get_user_model().objects.filter(pk=closed.pk).update(is_active=False)
    return browsers


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_passes_any_door(others, method):
    assert len(ADDRESSES) > 100
    passed = []
    for address in ADDRESSES:
        for name, client in others.items():
            with transaction.atomic():
                answer = getattr(client, method)(address)
                transaction.set_rollback(True)
            where = answer.headers.get("Location", "")
            asked = where.startswith("/admin/login/?next=") or "/accounts/login/?next=" in where
            if answer.status_code != 404 and not (answer.status_code == 302 and asked):
                passed.append((method, address, name, answer.status_code))
    assert passed == []
    for name, client in others.items():
        answer = client.get("/admin/login/")
        expected = 302 if name in ("visitor", "closed") else 404
        assert answer.status_code == expected, name


def test_a_coordinator_without_a_second_factor_is_led_to_set_one_up_at_each(coordinator):
    client = browser(coordinator)
    places = {address: client.get(address).headers.get("Location") for address in ADDRESSES}
    elsewhere = {address: at for address, at in places.items() if at != reverse("mfa_index")}
    assert elsewhere == {}


def test_coordinators_work_in_their_rooms_and_only_read_the_journal(coordinates, root):
    for model in admin.site._registry:
        options = model._meta
        pages = {
            word: reverse(f"admin:{options.app_label}_{options.model_name}_{word}")
            for word in ("changelist", "add")
        }
        reads = READABLE.get(options.app_label) == f"view_{options.model_name}"
        theirs = options.app_label in COORDINATED_ROOMS or reads
        found = {word: coordinates.get(page).status_code for word, page in pages.items()}
        assert (found["changelist"] in (200, 302)) == theirs, model
        if options.app_label not in COORDINATED_ROOMS:
            assert found["add"] == 403, model
        assert root.get(pages["changelist"]).status_code in (200, 302), model


def test_drafts_of_others_are_not_in_the_admin_of_coordinators(coordinates, fabriano, coordinator):
    theirs = make.project(lead=fabriano, title_it="Ancora segreto")
    own = make.project(lead=fabriano, title_it="Scritto da noi", created_by=coordinator)
    make.document(owner=theirs, title_it="Carta segreta")
    make.document(owner=own, title_it="Carta nostra")
    listed = coordinates.get(reverse("admin:projects_project_changelist")).text
    papers = coordinates.get(reverse("admin:documents_document_changelist")).text
    asked = {"app_label": "news", "model_name": "newsitem", "field_name": "projects", "term": ""}
    offered = coordinates.get(reverse("admin:autocomplete"), asked)
    sheet = coordinates.get(reverse("admin:projects_project_export", args=["csv"]))
    for text in (listed, offered.text, b"".join(sheet).decode()):
        assert "Ancora segreto" not in text
    assert "Scritto da noi" in listed
    assert "Carta segreta" not in papers
    assert "Carta nostra" in papers
    for word in ("change", "history", "delete"):
        pages = [
            reverse(f"admin:projects_project_{word}", args=[each.pk]) for each in (theirs, own)
        ]
        gone, there = [coordinates.get(page) for page in pages]
        assert there.status_code == 200, word
        assert gone.status_code in (302, 404), word
        assert "Ancora segreto" not in gone.text, word
    for project, status in [(theirs, 404), (own, 200)]:
        args = [project.pk, project.history.first().pk]
        page = coordinates.get(reverse("admin:projects_project_simple_history", args=args))
        assert page.status_code == status


@pytest.mark.parametrize(
    "question",
    [
        "/admin/news/newsitem/add/?cities=x", "/admin/projects/project/add/?fields=x",
        "/admin/projects/project/add/?lead=x", "/admin/meetings/meeting/?starts_at__year=99999",
        "/admin/journal/event/?at__year=0", "/admin/accounts/user/?_to_field=",
        "/admin/meetings/meeting/?starts_at__year=2026&starts_at__month=13",
    ],
)  # fmt: skip
def test_a_question_that_nobody_understands_is_no_error_of_ours(coordinates, question):
    assert coordinates.get(question).status_code in (200, 302, 400, 404)
