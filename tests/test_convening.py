"""From the outbox to the log: what is shown before, one click that sends, what became of it."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from journal.models import Event
from meetings.models import Invitation, Letter, Meeting
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
WORDS = {"it": "Cari tutti", "en": "Dear all"}


@pytest.fixture
def meeting(fabriano):
    return make.meeting(
        status="draft",
        host=fabriano,
        title_en="Assembly",
        starts_at=datetime(2030, 3, 4, 10, tzinfo=ROME),
    )


@pytest.fixture
def office(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    coordinator.language = "en"
    coordinator.save()
    return as_user(coordinator)


def at(name, thing, *more):
    return reverse(f"admin:{name}", args=[thing.pk, *more])


def send(office, meeting, name="meeting_convene", **words):
    """Press the button of the outbox as it is now."""
    stamp = office.get(at("meeting_outbox", meeting)).context["stamp"]
    return office.post(at(name, meeting), {"stamp": stamp, **words}, follow=True)


def status(meeting):
    return Meeting.objects.values_list("status", flat=True).get(pk=meeting.pk)


# Before


def test_the_outbox_shows_who_gets_what_at_which_address_in_which_language(office, meeting, parma):
    gone = make.delegate(city=parma, first_name="Lea", last_name="Via", is_active=False)
    make.invitation(meeting=meeting, user=gone, city=parma, sent=False)
    make.invitation(meeting=meeting, email="ann@example.org", language="en", sent=False)
    page = office.get(at("meeting_outbox", meeting))
    assert "ann@example.org" in page.text
    assert [each.person for each in page.context["unreached"]] == ["Lea Via"]
    assert "Send 1 invitation" in page.text
    assert not Email.objects.exists()


def test_the_letter_is_shown_in_both_languages_with_the_words_typed(office, meeting):
    make.invitation(meeting=meeting, sent=False)
    office.post(at("meeting_outbox", meeting), WORDS)
    letters = office.get(at("meeting_outbox", meeting)).context["letters"]
    (italian, _label, first), (english, _label, second) = letters
    assert (italian, "Cari tutti" in first.body) == ("it", True)
    assert (english, "Dear all" in second.body) == ("en", True)
    assert "?answer=" not in first.body + second.body


def test_it_is_shown_as_one_kind_of_reader_has_it(office, meeting, parma, parma_delegate):
    make.invitation(meeting=meeting, user=parma_delegate, city=parma, sent=False)
    guest = make.invitation(meeting=meeting, name="Ann", sent=False)
    page = office.get(f"{at('meeting_outbox', meeting)}?reader={guest.pk}")
    assert page.context["reader"] == guest
    assert len(page.context["readers"]) == 2
    assert "Dear Ann," in page.context["letters"][1][2].body


def test_the_frame_of_the_letter_may_show_styles_and_run_nothing(office, meeting):
    someone = make.invitation(meeting=meeting, sent=False)
    office.post(at("meeting_outbox", meeting), {"en": "<script>alert(1)</script>"})
    frame = office.get(at("letter_preview", someone, "en"))
    rules = frame["Content-Security-Policy"].split("; ")
    assert sorted(rules) == [
        "base-uri 'none'",
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "img-src 'self'",
        "style-src 'unsafe-inline'",
    ]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "&lt;script&gt;" in frame.text
    page = office.get(at("meeting_outbox", meeting))
    assert re.search(r'<iframe src="[^"]+" sandbox title="', page.text)
    assert "unsafe-inline" not in page["Content-Security-Policy"]


# The one click


def test_one_click_convenes_and_writes_to_all(office, meeting, coordinator):
    for _each in range(3):
        make.invitation(meeting=meeting, sent=False)
    answer = send(office, meeting, **WORDS)
    assert status(meeting) == "convened"
    assert Email.objects.count() == Letter.objects.count() == 3
    assert "3 letters are in the outbox" in answer.text
    assert "Cari tutti" in Email.objects.first().message
    assert [(event.verb, event.actor) for event in Event.objects.all()] == [
        ("convene", coordinator)
    ]


def test_nobody_gets_the_general_mail_of_an_event_besides(office, meeting, parma, parma_delegate):
    make.invitation(meeting=meeting, user=parma_delegate, city=parma, sent=False)
    make.delegate(city=parma, role="political")
    send(office, meeting)
    assert [mail.to for mail in Email.objects.all()] == [[parma_delegate.email]]


def test_pressing_twice_writes_once(office, meeting):
    make.invitation(meeting=meeting, sent=False)
    stamp = office.get(at("meeting_outbox", meeting)).context["stamp"]
    for _each in range(2):
        office.post(at("meeting_convene", meeting), {"stamp": stamp})
    assert Email.objects.count() == 1


def test_a_list_that_changed_meanwhile_is_shown_once_more_with_what_was_typed(office, meeting):
    make.invitation(meeting=meeting, sent=False)
    stamp = office.get(at("meeting_outbox", meeting)).context["stamp"]
    make.invitation(meeting=meeting, sent=False)
    answer = office.post(at("meeting_convene", meeting), {"stamp": stamp, **WORDS}, follow=True)
    assert "The list has changed meanwhile" in answer.text
    assert "Dear all" in answer.text
    assert status(meeting) == "draft"
    assert not Email.objects.exists()


def test_an_old_meeting_is_convened_without_letters(office, meeting):
    assert "Convene without letters" in office.get(at("meeting_outbox", meeting)).text
    send(office, meeting)
    assert status(meeting) == "convened"
    assert not Email.objects.exists()


def test_the_button_of_the_meetings_own_form_leads_to_the_list(office, meeting):
    verb = reverse("admin:meetings_meeting_verb", args=[meeting.pk, "convene"])
    make.invitation(meeting=meeting, sent=False)
    assert office.get(verb)["Location"] == at("meeting_invite", meeting)
    assert office.post(verb)["Location"] == at("meeting_invite", meeting)
    assert status(meeting) == "draft"


@pytest.mark.parametrize("now", ["held", "closed", "cancelled"])
def test_what_is_over_or_off_writes_to_nobody(office, meeting, now):
    make.invitation(meeting=meeting, sent=False)
    Meeting.objects.update(status=now)
    assert "Send 1 invitation" not in office.get(at("meeting_outbox", meeting)).text
    send(office, meeting)
    assert office.post(at("meeting_tell", meeting)).status_code == 404
    assert status(meeting) == now
    assert not Email.objects.exists()


# Afterwards


@pytest.fixture
def convened(office, meeting):
    make.invitation(meeting=meeting, email="first@example.org", language="en", sent=False)
    send(office, meeting)
    meeting.refresh_from_db()
    return meeting


def test_whoever_is_added_later_gets_it_too_and_nobody_else(office, convened):
    make.invitation(meeting=convened, email="late@example.org", sent=False)
    assert (
        "1 person on the list has not been told" in office.get(at("meeting_letters", convened)).text
    )
    send(office, convened, "meeting_tell")
    assert [mail.to for mail in Email.objects.order_by("pk")] == [
        ["first@example.org"],
        ["late@example.org"],
    ]
    assert Event.objects.filter(verb="tell").count() == 1


def test_a_change_waits_for_the_coordinator_who_sees_what_is_told(office, convened):
    convened.starts_at += timedelta(days=1)
    convened.ends_at += timedelta(days=1)
    convened.sequence += 1
    convened.save()
    page = office.get(at("meeting_outbox", convened))
    told = page.text.partition("What has changed")[2]
    assert "<del>Monday 4 March 2030, 10:00 to 13:00, Italian time</del>" in told
    assert "<strong>Tuesday 5 March 2030, 10:00 to 13:00, Italian time</strong>" in told
    assert "Send 1 change" in page.text
    send(office, convened, "meeting_tell", en="Sorry for the change")
    mail = Email.objects.latest("pk")
    assert mail.subject.startswith("Changed: Assembly")
    assert "Sorry for the change" in mail.message
    assert Invitation.objects.get().sequence == 1


def test_one_person_gets_it_once_more_with_first_words(office, convened, coordinator):
    make.invitation(meeting=convened, email="other@example.org")
    person = convened.invitations.get(email="first@example.org")
    assert "first@example.org" in office.get(at("letter_again", person)).text
    office.post(at("letter_again", person), {"preface": "As you asked"})
    mail = Email.objects.latest("pk")
    assert (mail.to, "As you asked" in mail.message) == (["first@example.org"], True)
    assert Letter.objects.latest("pk").sent_by == coordinator
    assert Email.objects.count() == 2


def test_a_button_that_is_pressed_twice_sends_it_once(office, convened):
    page = at("letter_again", convened.invitations.get())
    form = {"preface": "As you asked", "last": office.get(page).context["form"]["last"].value()}
    for _press in range(2):
        said = office.post(page, form, follow=True).text
        assert "In the outbox" in said
    assert Email.objects.filter(message__contains="As you asked").count() == 1


def test_nobody_who_was_taken_off_gets_it_once_more(office, convened):
    person = convened.invitations.get()
    Invitation.objects.update(withdrawn_at=timezone.now())
    assert office.post(at("letter_again", person)).status_code == 404


# The log


def fates(office, meeting):
    page = office.get(at("meeting_letters", meeting))
    return [(row.fate.label, row.fate.reason) for row in page.context["page_obj"]]


def test_the_log_says_in_words_what_became_of_each_letter(office, convened):
    mail = Email.objects.get()
    assert fates(office, convened) == [("waits in the outbox", "")]

    mail.logs.create(
        status=STATUS.failed, exception_type="ConnectionRefusedError", message="[Errno 111]"
    )
    mail.status, mail.scheduled_time = STATUS.requeued, timezone.now()
    mail.save()
    assert fates(office, convened) == [("not gone yet", "the mail server could not be reached")]
    page = office.get(at("meeting_letters", convened)).text
    assert "It is tried again on" in page
    assert "[Errno 111]" in page

    mail.logs.create(
        status=STATUS.failed, exception_type="SMTPRecipientsRefused", message="550 unknown"
    )
    mail.status = STATUS.failed
    mail.save()
    assert fates(office, convened) == [("given up", "the mail server refuses this address")]

    Email.objects.update(status=STATUS.sent)
    mail.logs.create(status=STATUS.sent)
    assert fates(office, convened) == [("sent", "")]


def test_a_letter_that_may_not_have_arrived_says_so(office, convened):
    Email.objects.update(status=STATUS.sent, last_updated=timezone.now() - timedelta(minutes=20))
    reason = "the portal stopped before it heard the mail server’s answer"
    assert fates(office, convened) == [("may not have arrived", reason)]


@pytest.mark.parametrize(("state", "shown"), [("waiting", 1), ("sent", 0), ("failed", 0), ("x", 1)])
def test_the_log_can_be_narrowed(office, convened, state, shown):
    page = office.get(f"{at('meeting_letters', convened)}?state={state}")
    assert len(page.context["page_obj"]) == shown
    assert [number for _key, _label, number in page.context["counts"]] == [1, 0, 0]


@pytest.mark.parametrize("name", ["meeting_invite", "meeting_outbox", "meeting_letters"])
def test_the_pages_ask_as_often_for_three_as_for_one(office, convened, parma, name):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            office.get(at(name, convened))
        return len(asked)

    make.invitation(meeting=convened, user=make.delegate(city=parma), city=parma, sent=False)
    office.get(at(name, convened))
    with_one = questions()
    for _each in range(2):
        make.invitation(meeting=convened, user=make.delegate(city=parma), city=parma, sent=False)
    assert questions() == with_one
