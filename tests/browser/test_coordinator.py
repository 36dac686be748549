"""A coordinator reviews projects and convenes a meeting, wholly in the admin."""

import re
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.core import mail
from django.core.management import call_command
from icalendar import Calendar
from playwright.sync_api import expect

from meetings.agenda import put_in_order
from meetings.models import Meeting
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

PERIOD = 30  # seconds for which a code of the second step is good


@pytest.fixture
def carla():
    """A coordinator with a second step, and its secret."""
    person = make.coordinator(email="carla@example.org", first_name="Carla", language="en")
    person.secret = generate_totp_secret()
    TOTP.activate(person, person.secret)
    return person


def log_in(page, person):
    """Come to the admin through the door of the log-in, password first, then the code."""
    page.goto("/admin/")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    code = format_hotp_value(hotp_value(person.secret, int(time.time()) // PERIOD))
    page.locator("input[name=code]").fill(code)
    page.locator("input[name=code]").press("Enter")
    expect(page).to_have_url(re.compile("/admin/$"))


def test_a_coordinator_sends_one_project_back_and_publishes_another(
    fabriano, fabriano_delegate, carla, window
):
    thin = make.project(lead=fabriano, status="submitted", title_en="Too thin")
    good = make.project(lead=fabriano, status="submitted", title_en="Paper that sounds")
    visitor = window()
    page = window(locale="en-GB", viewport={"width": 1280, "height": 900})
    log_in(page, carla)
    waiting = page.get_by_role("region", name="Projects to review")

    waiting.get_by_role("link", name="Too thin").click()
    page.get_by_role("link", name="Send back").click()
    page.get_by_label("Comment").fill("Say for whom it is.")
    page.get_by_role("button", name="Send back").click()
    expect(page.locator(".messagelist")).to_contain_text("Done.")
    call_command("deliver")
    (letter,) = mail.outbox
    assert letter.to == [fabriano_delegate.email]
    assert "Say for whom it is." in letter.body
    assert thin.get_absolute_url() in letter.body

    page.goto("/admin/")
    waiting.get_by_role("link", name="Paper that sounds").click()
    assert visitor.goto(good.get_absolute_url()).status == 404
    page.get_by_role("link", name="Approve and publish").click()
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.locator(".messagelist")).to_contain_text("Done.")
    assert visitor.goto(f"/en/projects/{good.slug}/").status == 200
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Paper that sounds")
    page.goto("/admin/")
    expect(waiting.get_by_role("link")).to_have_count(0)


def test_a_meeting_prepared_in_the_admin_is_public_once_it_is_convened(
    fabriano, fabriano_delegate, carla, window
):
    page = window(locale="en-GB", viewport={"width": 1280, "height": 900})
    log_in(page, carla)

    page.get_by_role("link", name="Prepare a meeting").click()
    prepare(page)
    page.get_by_role("button", name="Save and continue editing").click()
    meeting = Meeting.objects.get()
    assert [
        f"{item.place.starts_at:%H:%M}" for item in put_in_order(meeting, meeting.agenda.all())
    ] == ["08:00", "08:30"]
    visitor = window(viewport={"width": 360, "height": 740})
    assert visitor.goto(meeting.get_absolute_url()).status == 404

    page.locator(".next-thing").get_by_role("link", name="Look at who is invited").click()
    page.get_by_role("button", name="Build the list").click()
    page.get_by_role("link", name=re.compile("Look at 1 letter")).click()
    page.get_by_role("button", name=re.compile("Send 1 invitation")).click()
    expect(page.locator(".messagelist")).to_be_visible()

    for language, title, item in [
        ("it", "Plenaria di giugno", "Il programma comune"),
        ("en", "June plenary", "The common programme"),
    ]:
        visitor.goto(f"/{language}/{'incontri' if language == 'it' else 'meetings'}/")
        visitor.get_by_role("main").get_by_role("link", name=title).click()
        expect(visitor.get_by_role("heading", level=1)).to_have_text(title)
        expect(visitor.get_by_role("main").get_by_text(item)).to_be_visible()
        document = visitor.locator("main a[href*=document]")
        with visitor.expect_download() as papers:
            document.click()
        assert papers.value.path().read_bytes().startswith(b"%PDF-1.7")
        with visitor.expect_download() as download:
            visitor.locator("a[href$='.ics']").first.click()
        (event,) = Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")
        assert event["summary"] == title
        assert event["dtstart"].dt == datetime(2027, 6, 18, 10, tzinfo=ZoneInfo("Europe/Rome"))
        assert str(event["dtstart"].dt.tzinfo) == "Europe/Rome"
        assert event["dtend"].dt == datetime(2027, 6, 18, 13, tzinfo=ZoneInfo("Europe/Rome"))
        assert "Fabriano" in event["location"]
    assert visitor.context.cookies() == []


def prepare(page):
    """Fill in the whole page of a meeting: words, hours, host, agenda, a paper."""
    page.locator("#id_title_it").fill("Plenaria di giugno")
    page.locator("#id_title_en").fill("June plenary")
    for name, hour in [("starts_at", "10:00"), ("ends_at", "13:00")]:
        page.locator(f"#id_{name}_0").fill("2027-06-18")
        page.locator(f"#id_{name}_1").fill(hour)
    page.locator(".field-host .select2-selection").click()
    page.locator(".select2-search__field").last.fill("Fabri")
    page.locator(".select2-results").get_by_role("option", name="Fabriano").click()
    page.locator("#id_venue").fill("Museo della carta")
    for row, italian, english, minutes in [
        (0, "Saluti", "Welcome", 30),
        (1, "Il programma comune", "The common programme", 60),
    ]:
        page.locator(f"#id_agenda-{row}-title_it").fill(italian)
        page.locator(f"#id_agenda-{row}-title_en").fill(english)
        page.locator(f"#id_agenda-{row}-minutes").fill(str(minutes))
    documents = page.locator(".inline-group", has=page.locator("input[type=file]")).first
    documents.locator(".add-row a").click()
    documents.locator("input[name$='-0-title_it']").fill("Ordine del giorno")
    documents.locator("select[name$='-0-audience']").select_option("public")
    paper = make.pdf_upload()
    documents.locator("input[name$='-0-file']").set_input_files(
        {"name": paper.name, "mimeType": "application/pdf", "buffer": paper.read()}
    )
