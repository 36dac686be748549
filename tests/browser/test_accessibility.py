"""axe finds nothing to mend, on a telephone and on a desk, in both languages (WCAG 2.2 AA)."""

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from accounts.invitations import invitation_token
from cities.checkups import PURPOSE
from cities.models import City
from journal.signed_links import sign
from meetings.models import Meeting
from projects.models import Project
from tests import make, showcase

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

every_language = pytest.mark.parametrize("language", showcase.LANGUAGES)


@pytest.fixture
def page(window):
    """A window in which nothing moves, so that colours are what they will be."""
    return window(reduced_motion="reduce")


@pytest.fixture
def network(transactional_db):
    showcase.build()


@pytest.fixture
def told(network):
    """A published project of Fabriano whose card tells of everything that has a look of its own."""
    project = Project.objects.get(slug="carta")
    for month, value in enumerate([40, 75, 112], start=1):
        day = date(2026, month, 1)
        project.results.create(name_it="Targhe", value=value, unit_it="targhe", measured_on=day)
    for position, words in enumerate(["Fogli in fila", "Una pressa"], start=1):
        picture = make.picture_upload()
        project.images.create(picture=picture, picture_alt_it=words, position=position)
    project.external_partners.create(name="Graz", kind="creative_city", country="AT")
    project.fundings.create(programme="Un fondo", amount=1200, is_public=True)
    project.links.create(url="https://example.org/carta", label_it="I disegni")
    make.partnership(project=project, city=City.objects.get(slug="torino"), status="asking")
    make.update(project=project, city=project.lead)
    make.document(owner=project)
    return project


# In the admin Django's tables of inlines have an empty heading over the name of each row, and its
# autocomplete (select2) puts more than items into its lists: neither is ours to write.
OF_DJANGO = ["empty-table-header", "list"]


# Until the editor's font has come, the words behind its icons are text that is too faint.
ICONS_ARE_THERE = "document.fonts.load('16px \"Material Icons\"').then(() => true)"


def assert_faultless(page, addresses, *, status=200, without=()):
    """No page has a fault of axe's or is wider than its window, narrow and wide."""
    found = []
    for address in addresses:
        page.set_viewport_size(PHONE)
        answer = page.goto(address)
        assert answer.status == status, f"{answer.status} at {address}"
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            where = f"{address} at {size['width']} px"
            found += [f"{where}: {fault}" for fault in faults_of(page, without)]
    assert not found, "\n".join(found)


def faults_of(page, without=()):
    """What axe finds on a page, as lines that say where, and whether it scrolls sideways."""
    options = {
        "runOnly": RULES,
        "resultTypes": ["violations"],
        "rules": {name: {"enabled": False} for name in without},
    }
    page.evaluate(ICONS_ARE_THERE)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for fault in page.evaluate("options => axe.run(options)", options)["violations"]:
        for node in fault["nodes"]:
            yield f"{fault['id']} at {node['target'][0]}: {node['failureSummary']}"
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > page.viewport_size["width"]:
        yield f"scrolls sideways to {width} px"


@every_language
def test_axe_finds_nothing_on_the_public_pages(network, page, language):
    with translation.override(language):
        search = reverse("search")
        pages = [reverse("page_detail", args=[slug]) for slug in ("accessibility", "credits")]
    found, nothing = f"{search}?q=carta", f"{search}?q=xyzzy"
    assert_faultless(page, [*showcase.addresses(language), *pages, found, nothing])
    assert_faultless(page, [f"/{language}/nowhere/"], status=404)


@every_language
def test_axe_finds_nothing_on_what_a_project_shows_and_passes_on(told, page, language):
    with translation.override(language):
        names = ["project_detail", "project_embed", "update_list"]
        picture = reverse("project_picture", args=[told.slug, told.images.first().pk])
        data = [reverse(name) for name in ("project_columns", "city_columns", "api_docs")]
        shown = [reverse(name, args=[told.slug]) for name in names]
        assert_faultless(page, [*shown, picture, *data])


@every_language
def test_axe_finds_nothing_on_the_pages_behind_links_in_letters(network, page, language):
    fabriano = City.objects.get(slug="fabriano")
    person = make.delegate(city=fabriano, language=language)
    partnership = make.partnership(
        project=make.project(lead=City.objects.get(slug="parma")), city=fabriano
    )
    answer = sign("partnership", person, partnership, partnership.asked_at.isoformat())
    checkup = sign(PURPOSE, person, fabriano.checkups.create(asked_on=date(2026, 9, 1)))
    with translation.override(language):
        links = {"partnership_answer": answer, "city_checkup": checkup}
        assert_faultless(page, [reverse(name, args=[token]) for name, token in links.items()])
        assert_faultless(page, [reverse(name, args=["old"]) for name in links], status=410)


@every_language
def test_axe_finds_nothing_on_the_pages_of_the_log_in(network, page, language):
    guest = make.user(password=None)
    with translation.override(language):
        names = ["account_login", "account_reset_password"]
        invitation = reverse("invitation_accept", args=[invitation_token(guest)])
        gone = reverse("invitation_accept", args=["old"])
        assert_faultless(page, [*(reverse(name) for name in names), invitation])
    assert_faultless(page, [gone], status=410)
    page.goto(invitation)
    page.locator("main form button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert not list(faults_of(page))


@every_language
def test_axe_finds_nothing_on_the_pages_of_delegates(network, page, let_in, language):
    fabriano = City.objects.get(slug="fabriano")
    let_in(page, make.delegate(city=fabriano, language=language))
    draft = make.project(lead=fabriano, slug="bozza")
    waiting = make.project(lead=City.objects.get(slug="parma"), status="submitted")
    make.partnership(project=waiting, city=fabriano)
    with translation.override(language):
        names = [
            "desk", "project_create", "mfa_index", "account_email", "account_change_password",
            "usersessions_list", "account_reauthenticate",
        ]  # fmt: skip
        addresses = [
            *(reverse(name) for name in names),
            draft.get_absolute_url(),
            waiting.get_absolute_url(),
            reverse("project_edit", args=[draft.slug]),
        ]
        new = reverse("project_create")
    assert_faultless(page, addresses)
    page.goto(new)
    page.locator(".save-bar .btn-primary").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert not list(faults_of(page))


@every_language
def test_axe_finds_nothing_on_the_steps_of_a_card(told, page, let_in, language):
    let_in(page, make.delegate(city=told.lead, language=language))
    keys = [section.key for section in Project.CARD]
    with translation.override(language):
        assert_faultless(page, [reverse("project_step", args=[told.slug, key]) for key in keys])


@every_language
def test_axe_finds_nothing_where_delegates_keep_city_project_and_profile(
    told, page, let_in, language
):
    person = make.delegate(city=told.lead, language=language)
    let_in(page, person)
    staff = make.delegate(city=told.lead, role="collaborator").delegates.get()
    wanted = make.project(
        lead=City.objects.get(slug="parma"), status="published", looking_for_partners=True
    )
    city, slug = told.lead.slug, told.slug
    with translation.override(language):
        addresses = [
            told.get_absolute_url(),
            *(reverse(name) for name in ["desk", "profile", "profile_close", "completeness"]),
            *(reverse(f"city_{name}", args=[city]) for name in ["edit", "history", "people"]),
            reverse("delegate_invite", args=[city]),
            reverse("delegate_end", args=[staff.pk]),
            reverse("partnership_invite", args=[slug]),
            reverse("partnership_ask", args=[wanted.slug]),
            reverse("project_history", args=[slug]),
            reverse("update_create", args=[slug]),
            reverse("update_delete", args=[told.updates.get().pk]),
        ]
        assert_faultless(page, addresses)


@every_language
def test_axe_finds_nothing_on_a_review(told, page, let_in, language):
    coordinator = make.coordinator(language=language)
    let_in(page, coordinator)
    author = make.delegate(city=told.lead)
    draft = make.project(lead=told.lead, fields=["music"])
    draft.submit(by=author)
    draft.send_back(by=coordinator, comment="Di più", details={"remarks": {"summary_it": "Come?"}})
    draft.summary_it = "In breve, e come"
    draft.save()
    draft.submit(by=author)
    with translation.override(language):
        review = reverse("project_review", args=[draft.slug])
        assert_faultless(page, [review, reverse("desk"), reverse("completeness")])


def test_axe_finds_nothing_on_the_pages_of_coordinators(network, page, let_in):
    coordinator = make.coordinator()
    Authenticator.objects.create(user=coordinator, type="totp", data={"secret": "x"})
    let_in(page, coordinator)
    city = City.objects.get(slug="fabriano")
    project = make.project(lead=city, status="submitted")
    meeting = Meeting.objects.get(slug="plenaria")
    assert_faultless(
        page,
        [
            "/admin/",
            "/admin/accounts/user/",
            "/admin/accounts/user/add/",
            "/admin/cities/city/",
            f"/admin/cities/city/{city.pk}/change/",
            "/admin/cities/delegate/add/",
            "/admin/journal/event/",
            "/admin/projects/project/",
            "/admin/projects/project/import/",
            f"/admin/projects/project/{project.pk}/change/",
            f"/admin/projects/project/{project.pk}/verb/send_back/",
            f"/admin/projects/project/{project.pk}/history/",
            "/admin/meetings/meeting/",
            f"/admin/meetings/meeting/{meeting.pk}/change/",
        ],
        without=OF_DJANGO,
    )
