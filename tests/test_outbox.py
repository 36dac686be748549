"""The outbox: what people typed arrives as they typed it, once, whatever happens on the way."""

from email import message_from_bytes, policy
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives, mailers, send_mail
from django.core.management import call_command
from post_office.models import STATUS, Attachment, Email

from journal.delivery import claim, deliver_waiting, hand_over
from journal.mail import send_mail as write_and_send
from tests import make
from tests.test_mail import mailbox  # noqa: F401  a real mail server

pytestmark = pytest.mark.django_db(transaction=True)

CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:È così\r\nEND:VCALENDAR\r\n"


def letter(*, to="anna@example.org", calendar=""):
    made = EmailMultiAlternatives(subject="Invito", body="Testo", to=[to])
    made.attach_alternative("<p>Testo</p>", "text/html")
    made.calendar = calendar
    return made


@pytest.mark.parametrize("typed", ["{% nonsense %}", "{{ settings.SECRET_KEY }}", "100 {# %} }}"])
def test_what_looks_like_a_template_is_text(fabriano, fabriano_delegate, coordinator, typed):
    project = make.project(lead=fabriano, status="submitted", title_it=f"Carta {typed}")
    project.send_back(by=coordinator, comment=f"Perché {typed}?")
    call_command("deliver")
    (sent,) = mail.outbox
    assert typed in sent.subject
    assert f"Perché {typed}?" in sent.body
    assert f"Perché {typed}?" in sent.alternatives[0].content


def test_whoever_sends_a_mail_gets_its_row(fabriano):
    message = letter()
    message.send()
    assert message.row == Email.objects.get()
    assert message.row.status == STATUS.queued


def test_sent_from_templates_it_answers_with_the_row_and_with_none_where_nothing_is_sent(
    settings, fabriano_delegate
):
    context = {"user": fabriano_delegate, "lines": []}
    row = write_and_send("journal/email/digest", context, to="a@example.org")
    assert row == Email.objects.get()
    nowhere = {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    settings.MAILERS = {**settings.MAILERS, "default": nowhere}
    assert write_and_send("journal/email/digest", context, to="a@example.org") is None
    assert Email.objects.count() == 1


def test_many_are_written_with_a_fixed_number_of_questions(django_assert_num_queries):
    for many in (1, 30):
        with django_assert_num_queries(1):
            mailers.default.send_messages([letter(calendar=CALENDAR) for _each in range(many)])
    assert Email.objects.count() == 31


def test_every_mail_has_its_own_name_that_stays_when_it_is_tried_again(mailbox):  # noqa: F811
    letter().send()
    row = Email.objects.get()
    assert row.message_id.endswith("@testserver>")
    call_command("deliver")
    assert mailbox.letters[0][1]["Message-ID"] == row.message_id


def test_a_calendar_stands_beside_text_and_html_and_once_more_as_a_file(mailbox):  # noqa: F811
    letter(calendar=CALENDAR).send()
    call_command("deliver")
    ((_to, arrived),) = mailbox.letters
    assert arrived.get_content_type() == "multipart/mixed"
    choices, attached = arrived.iter_parts()
    assert choices.get_content_type() == "multipart/alternative"
    parts = list(choices.iter_parts())
    types = [part.get_content_type() for part in parts]
    assert types == ["text/plain", "text/html", "text/calendar"]
    assert dict(parts[2]["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert "SUMMARY:È così" in parts[2].get_content()
    assert attached.get_filename() == "invite.ics"
    assert attached.get_content_type() == "application/ics"
    assert attached.get_content() == CALENDAR.encode()


def test_other_attachments_lie_in_the_private_storage(mailbox):  # noqa: F811
    message = letter()
    message.attach("verbale.pdf", b"%PDF-1.7", "application/pdf")
    message.send()
    kept = Attachment.objects.get()
    assert kept.file.storage.location.endswith("/private")
    call_command("deliver")
    ((_to, arrived),) = mailbox.letters
    (attached,) = arrived.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("verbale.pdf", b"%PDF-1.7")


def test_in_development_it_goes_out_at_once(settings):
    settings.POST_OFFICE = {**settings.POST_OFFICE, "DEFAULT_PRIORITY": "now"}
    message = letter(calendar=CALENDAR)
    message.send()
    assert len(mail.outbox) == 1
    sent = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
    assert sent.get_body(("plain",)).get_content().strip() == "Testo"
    message.row.refresh_from_db()
    assert message.row.status == STATUS.sent


def test_what_the_mail_server_refuses_for_good_is_given_up_at_once(mailbox):  # noqa: F811
    async def handle_RCPT(server, session, envelope, address, options):
        return "550 No such user"

    mailbox.handle_RCPT = handle_RCPT
    letter().send()
    call_command("deliver")
    row = Email.objects.get()
    assert row.status == STATUS.failed
    assert row.logs.get().exception_type == SMTPRecipientsRefused.__name__


def test_what_it_refuses_for_now_is_tried_again_and_holds_up_no_other(mailbox):  # noqa: F811
    async def handle_RCPT(server, session, envelope, address, options):
        if address == "busy@example.org":
            return "451 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    mailbox.handle_RCPT = handle_RCPT
    for to in ("busy@example.org", "anna@example.org"):
        letter(to=to).send()
    call_command("deliver")
    assert [to for to, _letter in mailbox.letters] == [["anna@example.org"]]
    waiting = Email.objects.get(status=STATUS.requeued)
    assert (waiting.to, waiting.number_of_retries) == (["busy@example.org"], 1)
    del mailbox.handle_RCPT
    with time_machine.travel(waiting.scheduled_time, tick=False):
        call_command("deliver")
    assert [to for to, _letter in mailbox.letters] == [["anna@example.org"], ["busy@example.org"]]


def test_a_mail_server_that_cannot_be_reached_is_asked_once_a_round_and_no_mail_given_up(settings):
    settings.MAILERS = {
        **settings.MAILERS,
        "delivery": {
            "BACKEND": "journal.delivery.MailServer",
            "OPTIONS": {"host": "127.0.0.1", "port": 9},
        },
    }
    for _each in range(3):
        letter().send()
    Email.objects.update(number_of_retries=99)
    assert deliver_waiting() == 0
    assert sorted(Email.objects.values_list("status", "number_of_retries")) == [
        (STATUS.queued, 99),
        (STATUS.queued, 99),
        (STATUS.requeued, 100),
    ]


def test_what_another_process_has_taken_is_not_sent_again(mailbox):  # noqa: F811
    letter().send()
    row = Email.objects.get()
    claim(row)  # the other process
    assert not hand_over(row, mailers["delivery"])
    assert mailbox.letters == []
    row.refresh_from_db()
    assert row.status == STATUS.sent


def test_a_plain_message_arrives_too():
    send_mail("Verbale", "Testo", None, ["fabriano@example.org"])
    call_command("deliver")
    assert [each.body for each in mail.outbox] == ["Testo"]
