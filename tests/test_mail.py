"""Verb → event → notification → outbox → a real mail server: once, to those concerned, readable."""

import re
import socket
from email import message_from_bytes, policy

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.management import call_command
from post_office.models import Email

from journal.mail import send_digests
from journal.models import Event, Notification
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


class Mailbox:
    """A mail server's handler that keeps what arrives."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append((envelope.rcpt_tos, letter))
        return "250 OK"


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.MAILERS = {
        "default": {"BACKEND": "journal.outbox.Outbox"},
        "delivery": {
            "BACKEND": "journal.delivery.MailServer",
            "OPTIONS": {"host": "127.0.0.1", "port": port},
        },
    }
    yield box
    server.stop()


def test_a_review_reaches_the_authors_at_a_real_mail_server_in_their_languages(
    mailbox, fabriano, fabriano_delegate, coordinator
):
    english = make.delegate(city=fabriano, email="english@example.org", language="en")
    project = make.project(
        lead=fabriano, status="submitted", title_it="Carta & colla", title_en="Paper & glue"
    )

    project.send_back(by=coordinator, comment="Perché <b>no</b>?")
    assert mailbox.letters == []  # it waits in the outbox until the worker comes
    call_command("deliver")

    letters = {to[0]: letter for to, letter in mailbox.letters}
    assert set(letters) == {fabriano_delegate.email, english.email}
    assert "Paper & glue" in letters[english.email]["Subject"]
    text = letters[english.email].get_body(("plain",)).get_content()
    html = letters[english.email].get_body(("html",)).get_content()
    assert "Perché <b>no</b>?" in text
    assert "Perché &lt;b&gt;no&lt;/b&gt;?" in html
    link = re.search(r"http://testserver\S+", text)[0]
    assert link == f"http://testserver/en/projects/{project.slug}/"
    assert f'href="{link}"' in html
    assert "/it/progetti/" in letters[fabriano_delegate.email].get_body(("plain",)).get_content()


def test_a_second_delivery_sends_nothing_twice(mailbox, fabriano, fabriano_delegate, coordinator):
    make.project(lead=fabriano, status="submitted").approve(by=coordinator)
    call_command("deliver")
    call_command("deliver")
    assert len(mailbox.letters) == 1


def test_a_dead_mail_server_loses_nothing(
    mailbox, settings, fabriano, fabriano_delegate, coordinator
):
    working = settings.MAILERS
    settings.MAILERS = {
        **working,
        "delivery": {**working["delivery"], "OPTIONS": {"host": "127.0.0.1", "port": 9}},
    }
    make.project(lead=fabriano, status="submitted").approve(by=coordinator)

    call_command("deliver")
    waiting = Email.objects.get()
    assert waiting.number_of_retries == 1

    settings.MAILERS = working
    with time_machine.travel(waiting.scheduled_time, tick=False):
        call_command("deliver")
    assert len(mailbox.letters) == 1


def test_what_can_wait_comes_once_a_day_in_one_digest(fabriano, fabriano_delegate, coordinator):
    with time_machine.travel("2026-03-02 15:00+00:00", tick=False):
        make.project(lead=fabriano, title_it="Prima").submit(by=fabriano_delegate)
        make.project(lead=fabriano, title_it="Seconda").submit(by=fabriano_delegate)
        assert send_digests() == 1
        make.project(lead=fabriano, title_it="Terza").submit(by=fabriano_delegate)
        assert send_digests() == 0  # today's has gone out
    with time_machine.travel("2026-03-03 05:30+00:00", tick=False):  # 6:30 in Rome
        assert send_digests() == 0
    with time_machine.travel("2026-03-03 06:30+00:00", tick=False):
        assert send_digests() == 1
    call_command("deliver")

    first, second = sorted(mail.outbox, key=lambda letter: "Terza" in letter.body)
    assert first.to == second.to == [coordinator.email]
    assert "Prima" in first.body
    assert "Seconda" in first.body
    assert "Terza" in second.body
    assert "Prima" not in second.body


def test_nobody_is_told_what_they_did_themselves(fabriano, coordinator):
    make.delegate(city=fabriano, user=coordinator)
    project = make.project(lead=fabriano)
    project.submit(by=coordinator)
    assert not Notification.objects.exists()
    assert Event.objects.get().sentence.startswith("Carla")


def test_a_title_cannot_carry_markup_into_timeline_or_mail(fabriano, fabriano_delegate):
    project = make.project(lead=fabriano, title_it="<script>alert(1)</script>")
    event = Event.objects.record(project, "update", by=fabriano_delegate)
    assert "<script>" not in event.sentence_html
    assert "&lt;script&gt;" in event.sentence_html


def test_a_persons_name_cannot_carry_a_link_into_the_mails_of_others(fabriano, coordinator):
    person = make.delegate(city=fabriano, first_name="Eva http://evil.example", last_name="<b>x")
    make.project(lead=fabriano).submit(by=person)
    assert "evil" not in Event.objects.get().sentence
    assert Event.objects.get().sentence.startswith("Eva x ")


def test_coordinators_see_what_became_of_a_mail_but_not_the_links_that_let_people_in(
    client, as_user, coordinator, fabriano_delegate, settings
):
    settings.COORDINATORS_NEED_MFA = False
    client.post("/it/accounts/password/reset/", {"email": fabriano_delegate.email})
    letter = Email.objects.get()
    assert "/password/reset/key/" in letter.message

    admin = as_user(coordinator)
    outbox = "/admin/post_office/email/"
    assert fabriano_delegate.email in admin.get(outbox).text
    page = admin.get(f"{outbox}{letter.pk}/change/")
    assert page.status_code == 200
    assert fabriano_delegate.email in page.text
    assert "/password/reset/key/" not in page.text
    assert "/reset/key/" not in admin.get(f"{outbox}{letter.pk}/preview/", follow=True).text


def test_a_new_password_is_offered_in_the_persons_language_and_in_two_forms(client, fabriano):
    make.delegate(city=fabriano, email="anna@example.org", language="en", first_name="Anna")

    answer = client.post("/it/accounts/password/reset/", {"email": "anna@example.org"})
    call_command("deliver")

    (letter,) = mail.outbox
    assert letter.subject == "A new password for the portal"
    assert letter.body.startswith("Dear Anna,")
    link = re.search(r"http\S+/en/accounts/password/reset/key/\S+", letter.body)[0]
    ((html, kind),) = letter.alternatives
    assert (kind, f'<a href="{link}"' in html) == ("text/html", True)

    unknown = client.post("/it/accounts/password/reset/", {"email": "nobody@example.org"})
    call_command("deliver")
    assert (unknown.status_code, unknown.url) == (answer.status_code, answer.url)
    assert "http" not in mail.outbox[1].body.partition("\n-- \n")[0]
