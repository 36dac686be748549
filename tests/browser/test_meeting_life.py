"""The whole life of a meeting: from its agenda to approved minutes, to an action that gets done and
one that the next meeting carries on."""

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import expect
from pypdf import PdfReader

from meetings.models import Action, Decision, Meeting
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

ROME = ZoneInfo("Europe/Rome")
DESK = {"width": 1280, "height": 900}


def letters_to(address):
    """What has arrived there since the last look."""
    call_command("deliver")
    arrived = [letter for letter in mail.outbox if letter.to == [address]]
    mail.outbox[:] = [letter for letter in mail.outbox if letter.to != [address]]
    return arrived


def link_in(letter, word):
    """The first address in a letter that holds a word."""
    return next(url for url in re.findall(r"https?://\S+", letter.body) if word in url)


def press(page, name, **more):
    page.get_by_role("button", name=name, **more).click()


def text_of(page):
    """The editor of an item's text, in Italian."""
    return page.locator(".ProseMirror:visible").first


def prepare(page):
    """A coordinator writes a meeting with two items, and lands on its page."""
    page.goto("/admin/meetings/meeting/add/")
    page.locator("#id_title_it").fill("Plenaria d’autunno")
    page.locator("#id_title_en").fill("Autumn plenary")
    page.locator("#id_starts_at_0").fill("2026-11-10")
    page.locator("#id_starts_at_1").fill("10:00")
    page.locator("#id_ends_at_0").fill("2026-11-10")
    page.locator("#id_ends_at_1").fill("13:00")
    page.locator("#id_venue").fill("Museo della Carta")
    page.locator("#id_agenda-0-title_it").fill("Segnaletica comune")
    page.locator("#id_agenda-0-title_en").fill("Common signs")
    page.locator("#id_agenda-1-title_it").fill("Calendario")
    page.locator("#id_agenda-1-title_en").fill("Calendar")
    page.locator("[name=_continue]").click()
    return Meeting.objects.get()


def convene(page, meeting):
    """The list builds itself from today's delegates; one look at the letters, one click."""
    page.goto(f"/admin/meetings/meeting/{meeting.pk}/invite/")
    press(page, "Build the list")
    expect(page.get_by_role("region", name="Fabriano")).to_contain_text("Fabia")
    page.get_by_role("link", name="Look at 2 letters before they go out").click()
    expect(page.get_by_role("region", name="Who gets it").first).to_contain_text(
        "parma@example.org"
    )
    press(page, "Send 2 invitations")


def answer_from_the_letters(page):
    """One delegate comes; the other names somebody who goes instead, and who then says yes."""
    (letter,) = letters_to("fabriano@example.org")
    page.goto(link_in(letter, "/answer/"))
    press(page, "I come in person")
    expect(page.get_by_role("main")).to_contain_text("You come in person.")

    (letter,) = letters_to("parma@example.org")
    page.goto(link_in(letter, "/answer/"))
    page.get_by_text("Somebody goes instead of me").click()
    page.get_by_label("Name").fill("Rita Verdi")
    page.get_by_label(re.compile("^E-?mail")).fill("rita@example.org")
    press(page, "Invite them instead of me")
    expect(page.get_by_role("main")).to_contain_text("Rita Verdi goes instead of you.")

    (letter,) = letters_to("rita@example.org")
    page.goto(link_in(letter, "/answer/"))
    press(page, "I come in person")
    expect(page.get_by_role("main")).to_contain_text("You come in person.")


def note_who_is_there(page, meeting):
    page.goto(f"/admin/meetings/meeting/{meeting.pk}/attendance/")
    for name in ("Fabia", "Rita Verdi"):
        person = page.get_by_role("group", name=re.compile(name))
        person.get_by_role("button", name="Present", exact=True).click()
    expect(page.get_by_text("2 of 2 cities are here; 2 are needed.")).to_be_visible()
    expect(page.get_by_text("All is saved.")).to_be_visible()
    page.goto(f"/admin/meetings/meeting/{meeting.pk}/verb/hold/")
    press(page, "Mark as held")


def write(page, meeting, items):
    """Two items, each saved by itself; a decision and two actions beside the first."""
    for item, words in zip(items, ["Torino mostra le prove.", "Si fissano le date."], strict=True):
        page.goto(f"/admin/meetings/meeting/{meeting.pk}/write/{item.pk}/")
        text_of(page).click()
        page.keyboard.type(words)
        expect(page.locator("[data-state]").first).to_contain_text("Saved", timeout=15_000)

    page.goto(f"/admin/meetings/meeting/{meeting.pk}/write/{items[0].pk}/")
    outcome = page.get_by_role("region", name="Decisions and actions")
    press(page, "Add a decision")
    outcome.get_by_label("Text, in Italian").fill("Si prova la segnaletica per sei mesi.")
    outcome.get_by_label("unanimous").check()
    outcome.get_by_label("Public").check()
    press(outcome, "Save", exact=True)
    expect(outcome.get_by_role("listitem")).to_contain_text("Si prova la segnaletica")
    for what, city in [("Disegnare i cartelli", "Fabriano"), ("Tradurre i testi", "Parma")]:
        press(page, "Add an action")
        outcome.get_by_label("What is to be done, in Italian").fill(what)
        outcome.get_by_label(city).check()
        outcome.locator("[name=due_on]").fill("2026-12-01")
        press(outcome, "Save", exact=True)
        expect(outcome.get_by_role("listitem").last).to_contain_text(what)


def remark(page, letter):
    """The substitute, who has no account, proposes other words from the letter."""
    page.goto(link_in(letter, "/minutes/"))
    said = page.get_by_text("Torino mostra le prove.", exact=True)
    passage = said.locator("xpath=following::details[1]")
    passage.locator("summary").click()
    passage.get_by_label("Words you propose instead").fill("Torino mostra quattro prove.")
    press(passage, "Send the remark")
    expect(page.get_by_role("region", name="Your remarks")).to_contain_text("quattro prove")


def amend(page, meeting):
    """The coordinator takes the remark, and changes the text as it asks."""
    page.goto(f"/admin/meetings/meeting/{meeting.pk}/amendments/")
    press(page, "Take it, and change the text")
    text_of(page).click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Torino mostra quattro prove.")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(text_of(page)).to_have_text("Torino mostra quattro prove.")


def finish(page, letter):
    """A delegate says from the letter that an action is done."""
    page.goto(link_in(letter, "/actions/"))
    page.locator("summary", has_text="It is done").click()
    press(page, "It is done")
    expect(page.get_by_role("main")).to_contain_text("Thank you: it is done.")


def prepare_the_next(page, meeting):
    """It begins with what is still open, and with that alone."""
    page.goto(f"/admin/meetings/meeting/{meeting.pk}/duplicate/")
    page.locator("#id_starts_at_0").fill("2026-12-20")
    page.locator("#id_starts_at_1").fill("10:00")
    press(page, "Prepare it")
    expect(page.locator("#content")).to_contain_text("Tradurre i testi")
    expect(page.locator("#content")).not_to_contain_text("Disegnare i cartelli")


@pytest.fixture
def carla(fabriano, parma, settings):
    """Who coordinates two cities, each with its delegate; they read English."""
    settings.COORDINATORS_NEED_MFA = False
    make.delegate(city=fabriano, email="fabriano@example.org", first_name="Fabia", language="en")
    make.delegate(city=parma, email="parma@example.org", first_name="Piero", language="en")
    return make.coordinator(email="carla@example.org", first_name="Carla", language="en")


def test_a_meeting_lives_from_its_agenda_to_an_action_that_is_done(carla, window, let_in):
    office, outside = window(locale="en-GB", viewport=DESK), window(locale="en-GB")
    with time_machine.travel(datetime(2026, 10, 20, 9, 0, tzinfo=ROME), tick=True) as clock:
        let_in(office, carla)
        meeting = prepare(office)
        convene(office, meeting)
        answer_from_the_letters(outside)

        clock.move_to(datetime(2026, 11, 10, 10, 5, tzinfo=ROME))
        let_in(office, carla)
        note_who_is_there(office, meeting)
        write(office, meeting, meeting.agenda.order_by("position"))
        office.goto(f"/admin/meetings/meeting/{meeting.pk}/amendments/")
        press(office, "Circulate the minutes")
        assert Decision.objects.get().reference == "2026/1"
        minutes = next(each for each in letters_to("rita@example.org") if "inutes" in each.subject)
        remark(outside, minutes)
        amend(office, meeting)

        clock.shift(timedelta(days=20))
        let_in(office, carla)
        office.goto(f"/admin/meetings/meeting/{meeting.pk}/amendments/")
        press(office, "The meeting has approved them")
        assert Meeting.objects.get().status == "closed"
        paper = outside.request.get(f"{link_in(minutes, '/minutes/')}pdf/")
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.body())).pages)
        assert "Torino mostra quattro prove." in text

        told = next(each for each in letters_to("fabriano@example.org") if "Disegnare" in each.body)
        finish(outside, told)
        assert Action.objects.get(title_it="Disegnare i cartelli").status == "done"
        prepare_the_next(office, meeting)
        assert Meeting.objects.drafts().get().agenda.first().lists_actions
