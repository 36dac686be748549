"""A delegate is invited, comes in, and posts a project from a telephone."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import expect

from accounts.invitations import send_invitation
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "una frase lunga e mia"


@pytest.mark.parametrize("with_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_delegate_comes_in_by_the_mails_link_and_posts_a_project_from_a_telephone(
    fabriano, coordinator, window, with_scripts
):
    guest = make.delegate(city=fabriano, password=None, language="en", email="nuova@example.org")
    send_invitation(guest, by=coordinator)
    call_command("deliver")
    phone = window(
        viewport={"width": 360, "height": 740}, is_mobile=True, java_script_enabled=with_scripts
    )
    heading = phone.get_by_role("heading", level=1)
    main = phone.get_by_role("main")

    come_in(phone)
    main.get_by_role("link", name="Begin a project").click()
    begin(phone)
    phone.get_by_role("button", name="Save the draft").click()
    expect(heading).to_have_text("The story")
    expect(main.get_by_text("3 of 5 needed things are there.")).to_be_visible()

    phone.get_by_label("Story, in Italian").fill("Quattro botteghe aprono le porte.")
    phone.get_by_role("button", name="Save and next").click()
    expect(heading).to_have_text("What it belongs to")
    phone.get_by_label("Crafts").check()
    phone.get_by_role("button", name="Save", exact=True).click()
    expect(main.get_by_text("5 of 5 needed things are there.")).to_be_visible()
    sideways = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not phone.evaluate(sideways)

    phone.get_by_role("button", name="Submit for review").click()
    expect(heading).to_have_text("New papers")
    expect(main.get_by_role("img", name="Sheets hung up to dry").first).to_be_visible()
    expect(main.get_by_role("status").first).to_contain_text("Submitted")

    project = Project.objects.get()
    assert project.status == "submitted"
    assert project.created_by == guest
    assert project.text_it == "<p>Quattro botteghe aprono le porte.</p>"
    assert project.slug == "carte-nuove"


def come_in(phone):
    """Follow the link in the letter, and choose a password."""
    phone.goto(re.search(r"http\S+/invitation/\S+", mail.outbox[0].body)[0])
    phone.get_by_label("New password", exact=True).fill(PASSWORD)
    phone.get_by_label("New password confirmation").fill(PASSWORD)
    phone.get_by_label("I have read the privacy notice").check()
    phone.get_by_role("button", name="Come in").click()
    expect(phone).to_have_url(re.compile("/en/desk/$"))


def begin(phone):
    """Write a title, a sentence, a picture and a date, as from an event."""
    phone.get_by_label("Title, in Italian").fill("Carte nuove")
    phone.get_by_label("In a few words, in Italian").fill("La carta a mano incontra la grafica.")
    picture = make.picture_upload(name="da telefono.jpg", size=(1200, 800))
    phone.locator("input[type=file]").set_input_files(
        {"name": picture.name, "mimeType": "image/jpeg", "buffer": picture.read()}
    )
    phone.get_by_label("What the picture shows, in Italian").fill("Fogli stesi ad asciugare")
    phone.get_by_label("From").fill("2027-02-01")
    phone.get_by_text("In English, if you have it").click()
    phone.get_by_label("Title, in English").fill("New papers")
    phone.get_by_label("What the picture shows, in English").fill("Sheets hung up to dry")


def test_what_was_typed_is_still_there_when_something_is_wrong(fabriano_delegate, phone, let_in):
    let_in(phone, fabriano_delegate)
    phone.goto("/en/projects/new/")
    phone.get_by_label("Title, in Italian").fill("Carte nuove")
    phone.get_by_label("From").fill("2027-02-01")
    phone.get_by_label("Until").fill("2026-02-01")

    phone.get_by_role("button", name="Save the draft").click()

    alert = phone.get_by_role("alert")
    expect(alert).to_contain_text("Something needs your attention")
    expect(phone.get_by_label("Title, in Italian")).to_have_value("Carte nuove")
    alert.get_by_role("link").first.click()
    assert phone.evaluate("document.activeElement.id") == "id_ends_on"
