"""axe finds nothing to mend, on a telephone and on a desk, in both languages (WCAG 2.2 AA)."""

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from accounts.invitations import invitation_token
from cities.models import City
from meetings.models import Meeting
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
            reverse("project_edit", args=[draft.slug]) + "?missing",
        ]
    assert_faultless(page, addresses)
    page.locator("main form button[name=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert not list(faults_of(page))


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
            f"/admin/projects/project/{project.pk}/change/",
            f"/admin/projects/project/{project.pk}/verb/send_back/",
            f"/admin/projects/project/{project.pk}/history/",
            "/admin/meetings/meeting/",
            f"/admin/meetings/meeting/{meeting.pk}/change/",
        ],
        without=OF_DJANGO,
    )
