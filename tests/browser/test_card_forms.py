"""Forms of a card in a browser: they save themselves, outlive what fails, and show two texts."""

import re

import pytest
from playwright.sync_api import expect

from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 15_000  # milliseconds: saving by itself waits for people to stop typing


@pytest.fixture
def draft(fabriano):
    return make.project(lead=fabriano, title_it="Carta", summary_it="Fogli fatti a mano.")


@pytest.fixture
def rough(window):
    """A telephone whose connection may be lost."""
    return window(viewport={"width": 360, "height": 740}, is_mobile=True, rough=True)


def step(project, key="essentials"):
    return f"/en/projects/{project.slug}/edit/{key}/"


def state(page):
    return page.locator("[data-state]")


def title(page):
    return page.get_by_label("Title, in Italian")


def test_a_new_project_saves_itself_and_becomes_the_draft_it_shows(
    fabriano_delegate, phone, let_in
):
    let_in(phone, fabriano_delegate)
    phone.goto("/en/projects/new/")
    title(phone).fill("Carte nuove")
    expect(state(phone)).to_contain_text("Saved at", timeout=SOON)
    expect(phone).to_have_url(re.compile("/en/projects/carte-nuove/edit/essentials/$"))
    phone.get_by_label("In a few words, in Italian").fill("Fogli")
    phone.wait_for_timeout(500)
    expect(state(phone)).to_contain_text("Saved at", timeout=SOON)
    phone.reload()
    expect(title(phone)).to_have_value("Carte nuove")
    expect(phone.get_by_label("In a few words, in Italian")).to_have_value("Fogli")
    expect(phone.locator("[data-restore]")).to_be_hidden()
    assert Project.objects.get().summary_it == "Fogli"


def test_what_is_typed_without_a_connection_is_kept_said_and_sent_when_there_is_one(
    fabriano_delegate, rough, let_in, draft
):
    let_in(rough, fabriano_delegate)
    rough.goto(step(draft))
    rough.context.set_offline(True)
    title(rough).fill("Scritto in treno")
    expect(state(rough)).to_contain_text("No connection: kept on this device", timeout=SOON)
    rough.get_by_role("button", name="Save", exact=True).click()
    expect(title(rough)).to_have_value("Scritto in treno")
    assert Project.objects.get().title_it == "Carta"
    rough.context.set_offline(False)
    expect(state(rough)).to_contain_text("Saved at", timeout=SOON)
    assert Project.objects.get().title_it == "Scritto in treno"


def test_a_draft_written_without_a_connection_is_recovered_after_the_window_was_closed(
    fabriano_delegate, rough, let_in, draft
):
    let_in(rough, fabriano_delegate)
    rough.goto(step(draft, "story"))
    box = rough.get_by_label("Story, in Italian")
    expect(box).to_have_attribute("contenteditable", "true")
    rough.context.set_offline(True)
    box.fill("Scritto in treno.")
    rough.get_by_label("Objectives, in Italian").fill("Arrivare")
    expect(state(rough)).to_contain_text("No connection", timeout=SOON)
    context = rough.context
    rough.close()
    context.set_offline(False)

    rough = context.new_page()
    rough.goto(step(draft, "story"))
    expect(rough.get_by_label("Objectives, in Italian")).to_have_value("")
    rough.get_by_role("button", name="Restore what I typed").click()
    expect(rough.get_by_label("Objectives, in Italian")).to_have_value("Arrivare")
    expect(rough.get_by_label("Story, in Italian")).to_have_text("Scritto in treno.")
    rough.get_by_role("button", name="Save", exact=True).click()
    expect(rough.get_by_text("Saved as a draft.")).to_be_visible()
    expect(rough.locator("[data-restore]")).to_be_hidden()
    project = Project.objects.get()
    assert (project.text_it, project.objectives_it) == ("<p>Scritto in treno.</p>", "Arrivare")
    assert rough.evaluate("Object.keys(localStorage).length") == 0


def test_after_the_session_was_lost_the_text_is_sent_as_soon_as_the_person_is_back(
    fabriano_delegate, rough, let_in, draft
):
    let_in(rough, fabriano_delegate)
    rough.goto(step(draft))
    rough.context.clear_cookies()
    title(rough).fill("Scritto a lungo")
    expect(rough.get_by_text("You are no longer logged in.")).to_be_visible(timeout=SOON)
    assert Project.objects.get().title_it == "Carta"

    let_in(rough, fabriano_delegate)
    title(rough).press_sequentially("!")
    expect(state(rough)).to_contain_text("Saved at", timeout=SOON)
    expect(rough.get_by_text("You are no longer logged in.")).to_be_hidden()
    assert Project.objects.get().title_it == "Scritto a lungo!"


def test_rows_that_were_not_sent_are_recovered_too(fabriano_delegate, page, let_in, draft):
    let_in(page, fabriano_delegate)
    page.goto(step(draft, "documents"))
    page.locator("#id_links-0-url").fill("https://example.org/a")
    page.locator("#id_links [data-more]").click()
    page.locator("#id_links-1-url").fill("https://example.org/b")
    page.goto(step(draft, "documents"))
    page.get_by_role("button", name="Restore what I typed").click()
    expect(page.locator("#id_links-1-url")).to_have_value("https://example.org/b")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    urls = sorted(link.url for link in Project.objects.get().links.all())
    assert urls == ["https://example.org/a", "https://example.org/b"]


def test_who_logs_out_leaves_nothing_on_the_device(fabriano_delegate, page, let_in, fabriano):
    project = make.project(lead=fabriano, status="published")
    let_in(page, fabriano_delegate)
    page.goto(step(project, "money"))
    page.get_by_label("Total budget in euro").fill("5000")
    expect(state(page)).to_have_text("Kept on this device until you save.")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.get_by_role("button", name="Log out").click()
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert Project.objects.get().budget is None


def test_a_picture_is_sent_by_itself_too(fabriano_delegate, phone, let_in, draft):
    let_in(phone, fabriano_delegate)
    phone.goto(step(draft))
    picture = make.picture_upload(size=(800, 600))
    phone.locator("#id_picture").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture.read()}
    )
    expect(state(phone)).to_contain_text("Saved at", timeout=SOON)
    assert Project.objects.get().picture


def test_two_browsers_edit_one_project_and_the_second_sees_both_texts_and_decides(
    fabriano, window, let_in
):
    project = make.project(
        lead=fabriano, status="published", summary_it="Fogli fatti a mano.",
        text_it="<p>Storia</p>", starts_on="2027-01-01", fields=["design"],
    )  # fmt: skip
    anna, bruno = window(), window(viewport={"width": 360, "height": 740}, is_mobile=True)
    let_in(anna, make.delegate(city=fabriano, first_name="Anna", last_name="Neri"))
    let_in(bruno, make.delegate(city=fabriano, first_name="Bruno", last_name="Rossi"))
    anna.goto(step(project))
    bruno.goto(step(project))
    expect(bruno.get_by_text("Anna Neri has this form open too.")).to_be_visible()
    words = "In a few words, in Italian"
    anna.get_by_label(words).fill("Fogli fatti a mano dai ragazzi.")
    anna.get_by_role("button", name="Save", exact=True).click()
    expect(anna.get_by_text("Saved: it is public now.")).to_be_visible()

    bruno.get_by_label(words).fill("Fogli fatti a mano da tutti.")
    bruno.get_by_label("Title, in English").fill("Paper")
    bruno.get_by_role("button", name="Save", exact=True).click()
    both = bruno.get_by_role("group", name="Two texts: decide which one stays")
    expect(both).to_contain_text("Fogli fatti a mano dai ragazzi.")
    expect(both.locator("ins")).to_contain_text("da tutti")
    expect(bruno.get_by_label(words)).to_have_value("Fogli fatti a mano da tutti.")
    assert Project.objects.get().summary_it == "Fogli fatti a mano dai ragazzi."
    both.get_by_label("Take theirs").check()
    bruno.get_by_role("button", name="Save", exact=True).click()
    expect(bruno.get_by_text("Saved: it is public now.")).to_be_visible()
    project = Project.objects.get()
    assert project.summary_it == "Fogli fatti a mano dai ragazzi."
    assert project.title_en == "Paper"


def test_a_row_is_added_at_once_and_a_picture_is_shown_before_it_is_sent(
    fabriano_delegate, page, let_in, draft
):
    let_in(page, fabriano_delegate)
    page.goto(step(draft, "gallery"))
    page.get_by_role("button", name="Add another").click()
    expect(page.locator("#id_images-1-picture")).to_be_focused()
    picture = make.picture_upload(size=(800, 600))
    page.locator("#id_images-1-picture").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture.read()}
    )
    expect(page.locator(".picture-chosen").nth(1)).to_be_visible()
    page.locator("#id_images-1-picture_alt_it").fill("Fogli")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    page.locator("summary", has_text="Fogli").click()
    page.get_by_label("top left").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    assert Project.objects.get().images.get().picture_focus == "top-left"
