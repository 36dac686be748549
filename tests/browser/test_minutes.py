"""The minutes in a browser: they save themselves, outlive what fails, and several write at once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from meetings.models import Action, Decision, MinutesSection
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 15_000  # milliseconds: saving by itself waits for people to stop typing


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def anna(db):
    return make.coordinator(first_name="Anna", last_name="Neri", language="en")


@pytest.fixture
def bruno(db):
    return make.coordinator(first_name="Bruno", last_name="Rossi", language="en")


@pytest.fixture
def meeting(db, fabriano, parma):
    meeting = make.meeting(status="held")
    for city in (fabriano, parma):
        people = {"user": make.delegate(city=city), "city": city, "attendance": "present"}
        make.invitation(meeting=meeting, **people)
    return meeting


@pytest.fixture
def item(meeting):
    return make.agenda_item(meeting=meeting, title_it="Bilancio", title_en="Budget")


@pytest.fixture
def rough(window):
    """A window whose connection may be lost."""
    return window(viewport={"width": 1280, "height": 900}, rough=True)


def write(item):
    return reverse("admin:section_write", args=[item.meeting_id, item.pk])


def box(page):
    """Where the Italian text is typed, once the editor has taken its place."""
    found = page.locator("#writing").get_by_label("Text, in Italian")
    expect(found).to_have_attribute("contenteditable", "true")
    return found


def state(page):
    return page.locator("[data-state]")


def test_what_is_typed_saves_itself_and_is_there_again(anna, page, let_in, item):
    let_in(page, anna)
    page.goto(write(item))
    box(page).fill("Si approva.")
    expect(state(page)).to_contain_text("Saved at", timeout=SOON)
    page.reload()
    expect(box(page)).to_have_text("Si approva.")
    expect(page.locator("[data-restore]")).to_be_hidden()
    assert MinutesSection.objects.get().text_it == "<p>Si approva.</p>"


def test_going_to_another_item_saves_this_one(anna, page, phone, let_in, item):
    after = make.agenda_item(meeting=item.meeting, position=2, title_en="Calendar")
    let_in(page, anna)
    page.goto(write(item))
    box(page).fill("Uno.")
    page.get_by_role("navigation", name="Agenda").get_by_role("button", name="Calendar").click()
    expect(page.get_by_role("heading", name="2 Calendar")).to_be_visible()
    assert item.section.text_it == "<p>Uno.</p>"

    let_in(phone, anna)
    phone.goto(write(after))
    box(phone).fill("Due.")
    phone.get_by_label("Part of the minutes").select_option("1 Budget ✓")
    phone.get_by_role("button", name="Go there").click()
    expect(phone.get_by_role("heading", name="1 Budget")).to_be_visible()
    assert after.section.text_it == "<p>Due.</p>"


def test_without_a_connection_it_is_kept_on_the_device_and_recovered(anna, rough, let_in, item):
    let_in(rough, anna)
    rough.goto(write(item))
    box(rough)
    rough.context.set_offline(True)
    box(rough).fill("Scritto in treno.")
    expect(state(rough)).to_contain_text("No connection: kept on this device", timeout=SOON)
    context = rough.context
    rough.close()
    context.set_offline(False)
    assert not MinutesSection.objects.exists()

    rough = context.new_page()
    rough.goto(write(item))
    box(rough)
    rough.get_by_role("button", name="Restore what I typed").click()
    expect(box(rough)).to_have_text("Scritto in treno.")
    expect(state(rough)).to_contain_text("Saved at", timeout=SOON)
    assert MinutesSection.objects.get().text_it == "<p>Scritto in treno.</p>"


def test_after_the_session_was_lost_it_is_sent_as_soon_as_the_person_is_back(
    anna, rough, let_in, item
):
    let_in(rough, anna)
    rough.goto(write(item))
    box(rough)
    rough.context.clear_cookies()
    box(rough).fill("Scritto a lungo")
    expect(rough.get_by_text("You are no longer logged in.")).to_be_visible(timeout=SOON)
    assert not MinutesSection.objects.exists()

    let_in(rough, anna)
    box(rough).press_sequentially("!")
    expect(state(rough)).to_contain_text("Saved at", timeout=SOON)
    expect(rough.get_by_text("You are no longer logged in.")).to_be_hidden()
    assert MinutesSection.objects.get().text_it == "<p>Scritto a lungo!</p>"


def test_two_browsers_on_one_item_see_each_other_and_both_texts(anna, bruno, window, let_in, item):
    make.section(item=item, text_it="<p>Si parla del bilancio.</p>")
    hers, his = window(viewport={"width": 1280, "height": 900}), window()
    let_in(hers, anna)
    let_in(his, bruno)
    hers.goto(write(item))
    his.goto(write(item))
    expect(his.get_by_text("Anna Neri has this form open too.")).to_be_visible()
    expect(hers.get_by_text("Bruno Rossi has this form open too.")).to_be_visible(timeout=25_000)
    box(his).fill("Si approva il bilancio.")
    expect(state(his)).to_contain_text("Saved at", timeout=SOON)

    box(hers).fill("Si rinvia il bilancio.")
    both = hers.get_by_role("group", name="Two texts: decide which one stays")
    expect(both).to_contain_text("Si approva il bilancio.", timeout=SOON)
    expect(both.locator("ins")).to_contain_text("rinvia")
    expect(box(hers)).to_have_text("Si rinvia il bilancio.")
    box(hers).press_sequentially(" Forse.")
    hers.wait_for_timeout(4000)  # from now on it waits for the button
    assert MinutesSection.objects.get().text_it == "<p>Si approva il bilancio.</p>"
    hers.get_by_role("button", name="Save", exact=True).click()
    expect(hers.get_by_text("Saved.")).to_be_visible()
    assert "Si rinvia il bilancio." in MinutesSection.objects.get().text_it


def test_a_decision_and_an_action_are_entered_beside_the_text_which_stays(
    anna, page, let_in, item, fabriano, parma
):
    let_in(page, anna)
    page.goto(write(item))
    page.get_by_role("button", name="Add a decision").click()
    entry = page.locator("[data-entry-place]")
    expect(entry.get_by_label("Text, in Italian")).to_be_focused()
    box(page).fill("Si discute.")
    entry.get_by_role("button", name="Save").click()
    expect(entry.get_by_role("alert")).to_contain_text("This field is required.")
    entry.get_by_label("Text, in Italian").fill("Si approva.")
    expect(entry.get_by_text("How the cities that were present voted")).to_be_hidden()
    entry.get_by_label("by majority").check()
    entry.get_by_label("Fabriano: for").check()
    entry.get_by_label("Parma: abstained").check()
    expect(entry.locator("[data-counts]")).to_contain_text("1010")
    entry.get_by_role("button", name="Save").click()
    outcome = page.locator("[data-outcome]")
    expect(outcome).to_contain_text("1 for, 0 against, 1 abstained")
    expect(page.get_by_role("navigation", name="Agenda")).to_contain_text("1 decision")
    assert Decision.objects.get().votes.count() == 2

    outcome.get_by_role("button", name="Add an action").click()
    entry.get_by_label("What is to be done, in Italian").fill("Scrivere")
    entry.get_by_label("Parma").check()
    entry.get_by_label("Due on").fill("2027-01-20")
    entry.get_by_role("button", name="Save").click()
    expect(outcome).to_contain_text("Scrivere")
    assert list(Action.objects.get().cities.all()) == [parma]
    expect(box(page)).to_have_text("Si discute.")
    expect(state(page)).to_contain_text("Saved at", timeout=SOON)


def test_without_javascript_all_of_it_works(anna, window, let_in, item):
    page = window(java_script_enabled=False)
    let_in(page, anna)
    page.goto(write(item))
    page.get_by_label("Text, in Italian").fill("Si apre.")
    page.get_by_role("button", name="Add a decision").click()
    assert item.section.text_it == "<p>Si apre.</p>"
    page.get_by_label("Text, in Italian").fill("Si fa.")
    page.get_by_label("unanimous").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-outcome]")).to_contain_text("Si fa.")
    assert Decision.objects.get().item == item


def test_who_logs_out_leaves_nothing_on_the_device(anna, page, let_in, item):
    make.section(item=item)
    type(item.meeting).objects.update(status="circulated")
    let_in(page, anna)
    page.goto(write(item))
    box(page).fill("Non ancora per tutti.")
    expect(state(page)).to_have_text("Kept on this device until you save.")
    page.goto("/admin/")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert MinutesSection.objects.get().text_it == "<p>Se ne parla.</p>"
