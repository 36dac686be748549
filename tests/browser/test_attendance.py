"""The list of presence on a phone: one tap, two phones, and a connection that drops."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from meetings.invitations import Invitation
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(settings):
    settings.COORDINATORS_NEED_MFA = False
    return make.meeting()


@pytest.fixture
def people(meeting):
    """Two people, each of a member city."""
    return [
        make.invitation(meeting=meeting, city=make.city(name=name), name=f"{name} prima", email="")
        for name in ("Fabriano", "Parma")
    ]


@pytest.fixture
def open_sheet(let_in, meeting):
    """The sheet in a window, kept by a coordinator."""

    def go(page):
        let_in(page, make.coordinator())
        page.goto(reverse("admin:meeting_attendance", args=[meeting.pk]))
        return page

    return go


PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def button(page, person, value):
    return page.locator(f"#person-{person.pk} button[value={value}]")


def pressed(page, person, value):
    return page.locator(f"#person-{person.pk} button[value={value}][aria-pressed=true]")


def noted(person):
    person.refresh_from_db()
    return person.attendance


def is_saved(page):
    """Wait until nothing is kept on the phone any more."""
    for _each in range(100):
        if not page.evaluate("localStorage.length"):
            return
        page.wait_for_timeout(100)
    pytest.fail("something is still kept on the phone")


def test_one_tap_is_saved_at_once_and_moves_the_quorum(phone, open_sheet, people):
    page = open_sheet(phone)
    quorum = page.locator("[data-quorum]")
    assert "0" in quorum.inner_text()
    button(page, people[0], "present").tap()
    pressed(page, people[0], "present").wait_for()
    is_saved(page)
    assert (noted(people[0]), noted(people[1])) == ("present", "")
    button(page, people[1], "remote").tap()
    page.locator("[data-quorum].presence-quorum--reached").wait_for()
    assert noted(people[1]) == "remote"
    page.reload()
    pressed(page, people[1], "remote").wait_for()


def test_whoever_leaves_is_noted_by_one_tap(phone, open_sheet, people):
    page = open_sheet(phone)
    button(page, people[0], "present").tap()
    page.locator(f"#person-{people[0].pk} .sheet__left button").tap()
    expect(page.locator(f"#left-{people[0].pk}")).not_to_have_value("")
    is_saved(page)
    people[0].refresh_from_db()
    shown = page.locator(f"#left-{people[0].pk}").input_value()
    assert (people[0].attendance, f"{people[0].left_at:%H:%M}") == ("present", shown)


def test_every_target_is_as_big_as_a_thumb_and_nothing_is_wider_than_the_phone(
    phone, open_sheet, people
):
    page = open_sheet(phone)
    button(page, people[0], "present").tap()
    sizes = page.locator(".sheet button, .sheet summary").evaluate_all(
        "all => all.filter((each) => each.checkVisibility())"
        ".map((each) => each.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_is_tapped_without_a_connection_arrives_later(window, open_sheet, people):
    page = open_sheet(window(rough=True, **PHONE))
    page.context.set_offline(True)
    button(page, people[0], "present").tap()
    button(page, people[1], "absent").tap()
    page.locator(".sheet__state--wrong").wait_for()
    pressed(page, people[0], "present").wait_for()
    assert noted(people[0]) == ""
    page.context.set_offline(False)
    is_saved(page)
    assert (noted(people[0]), noted(people[1])) == ("present", "absent")


def test_a_window_that_was_closed_sends_what_it_had_kept(window, open_sheet, people):
    page = open_sheet(window(rough=True, **PHONE))
    page.context.set_offline(True)
    button(page, people[0], "present").tap()
    page.locator(".sheet__state--wrong").wait_for()
    address, context = page.url, page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    is_saved(again)
    assert noted(people[0]) == "present"


def test_two_phones_keep_the_sheet_together(window, open_sheet, people):
    one, other = open_sheet(window(**PHONE)), open_sheet(window(**PHONE))
    button(one, people[0], "present").tap()
    button(other, people[1], "remote").tap()
    is_saved(one)
    is_saved(other)
    assert (noted(people[0]), noted(people[1])) == ("present", "remote")
    pressed(one, people[1], "remote").wait_for(timeout=15_000)
    pressed(other, people[0], "present").wait_for(timeout=15_000)


def test_without_a_script_the_same_buttons_work(window, open_sheet, people):
    page = open_sheet(window(java_script_enabled=False, **PHONE))
    button(page, people[0], "absent").tap()
    pressed(page, people[0], "absent").wait_for()
    assert Invitation.objects.get(pk=people[0].pk).attendance == "absent"
