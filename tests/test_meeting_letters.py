"""What those invited are written: who, in which language, with which calendar, and what changed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from icalendar import Calendar
from post_office.models import Email

from documents.models import Document
from journal.harmless import harmless
from meetings.invitations import Letter
from meetings.letters import Mailing, may_open, send_cancellation, send_invitation
from meetings.states import LetterKind
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
NASTY = "Anna http://evil.example <b>x</b>\r\nBcc: evil.example @all"


def calendar_in(mail):
    return Calendar.from_ical(mail.context["calendar"])


def event_in(mail):
    (event,) = calendar_in(mail).events
    return event


@pytest.fixture
def meeting(fabriano):
    return make.meeting(
        status="draft",
        host=fabriano,
        title_it="Assemblea di primavera",
        title_en="Spring assembly",
        venue="Museo della carta",
        starts_at=datetime(2030, 3, 4, 10, tzinfo=ROME),
        online_link="https://meet.example.org/abc",
        mode="both",
        access_notes="Ascensore a destra",
    )


def invited(meeting, **fields):
    return make.invitation(meeting=meeting, sent=False, **fields)


def change(meeting, **values):
    """As the admin's form does: what people must know of raises the sequence."""
    for name, value in values.items():
        setattr(meeting, name, value)
    meeting.sequence += 1
    meeting.save()


# What is in a letter


def test_convening_writes_to_everybody_on_the_list_in_their_language(
    meeting, parma, parma_delegate, coordinator
):
    invited(meeting, user=parma_delegate, city=parma)
    invited(meeting, name="Ann Smith", email="ann@example.org", language="en")
    meeting.convene(by=coordinator, prefaces={"it": "Cari tutti", "en": "Dear all"})

    italian, english = Email.objects.order_by("to")[::-1]
    assert (italian.to, english.to) == ([parma_delegate.email], ["ann@example.org"])
    assert italian.subject.endswith(": Assemblea di primavera, 4 marzo 2030")
    assert english.subject == "Invitation: Spring assembly, 4 March 2030"
    for part in (english.message, english.html_message):
        assert "Dear Ann Smith," in part
        assert "Dear all" in part
        assert "Monday 4 March 2030, 10:00 to 13:00, Italian time" in part
        assert "Museo della carta, Fabriano, and online" in part
        assert "https://meet.example.org/abc" in part
        assert "Ascensore a destra" in part
    assert "Cari tutti" in italian.message
    assert italian.headers is None
    letters = Letter.objects.order_by("pk").values_list("kind", "sequence", "mail", "sent_by")
    assert sorted(letters) == sorted(
        [("invitation", 0, mail.pk, coordinator.pk) for mail in (italian, english)]
    )
    assert not meeting.invitations.filter(sent_at=None).exists()


def test_the_mail_choice_of_a_person_does_not_keep_an_invitation_away(
    meeting, parma, parma_delegate, coordinator
):
    parma_delegate.mail_choice = "none"
    parma_delegate.save()
    invited(meeting, user=parma_delegate, city=parma)
    meeting.convene(by=coordinator)
    assert Email.objects.get().to == [parma_delegate.email]


def test_the_agenda_is_told_with_its_hours_and_who_presents(meeting, parma, coordinator):
    make.agenda_item(meeting=meeting, position=1, title_en="Greetings", minutes=20, presenter="Ada")
    make.agenda_item(meeting=meeting, position=2, title_en="Programme", city=parma, is_sub=True)
    invited(meeting, language="en")
    meeting.convene(by=coordinator)
    text = Email.objects.get().message
    assert "10:00  1. Greetings (Ada)" in text
    assert "10:20  1.1. Programme (Parma)" in text


def test_the_links_answer_for_this_reader_alone(meeting, client, coordinator):
    one, other = invited(meeting), invited(meeting)
    meeting.convene(by=coordinator)
    links = {
        mail.to[0]: [line.strip() for line in mail.message.splitlines() if "?answer=" in line]
        for mail in Email.objects.all()
    }
    assert set(links) == {one.email, other.email}
    assert [link.partition("?")[2] for link in links[one.email]] == [
        "answer=in_person", "answer=remote", "answer=cannot", "answer=substitute",
    ]  # fmt: skip
    assert not set(links[one.email]) & set(links[other.email])
    page = client.get(links[one.email][0].removeprefix("http://testserver"))
    assert page.status_code == 200
    assert page.context["invitation"] == one


def test_a_meeting_in_person_offers_no_answer_online(meeting, coordinator):
    meeting.mode, meeting.online_link = "in_person", ""
    invited(meeting)
    meeting.convene(by=coordinator)
    assert "?answer=in_person" in Email.objects.get().message
    assert "?answer=remote" not in Email.objects.get().message


@pytest.mark.parametrize("is_public", [True, False])
def test_documents_are_linked_through_the_door_and_only_those_the_reader_may_open(
    meeting, parma, parma_delegate, observer, coordinator, is_public
):
    meeting.is_public = is_public
    meeting.save()
    item = make.agenda_item(meeting=meeting)
    for owner in (meeting, item):
        for audience in ("public", "delegates", "participants", "coordinators"):
            make.document(owner=owner, audience=audience, title_it=f"Carta {audience}")
    readers = [
        invited(meeting, user=parma_delegate, city=parma),
        invited(meeting, user=observer, role="observer"),
        invited(meeting, user=make.user(), role="guest"),
        invited(meeting, user=coordinator, role="coordinator"),
    ]
    guest = invited(meeting)
    meeting.convene(by=coordinator)
    mails = {mail.to[0]: mail.message for mail in Email.objects.all()}
    for reader in readers:
        for document in Document.objects.all():
            told = f"http://testserver{document.get_absolute_url()}" in mails[reader.address]
            sees = Document.objects.visible_to(reader.user).filter(pk=document.pk).exists()
            assert told == sees, (reader.role, document.audience)
    shown = [each for each in Document.objects.all() if may_open(guest, each)]
    assert {each.audience for each in shown} == {"public", "participants"}


def test_names_carry_neither_links_nor_markup_nor_lines():
    assert harmless(NASTY) == "Anna x Bcc: evil. example all"
    assert harmless("Dott.ssa Anna D'Ò") == "Dott.ssa Anna D'Ò"
    assert harmless("Maria\u202e\u200b www.evil.example") == "Maria"


def test_a_nasty_name_does_no_harm_in_any_part_of_a_letter(meeting, coordinator):
    host = invited(meeting, name=NASTY, email="first@example.org")
    invited(meeting, name=NASTY, email="guest@example.org", stands_for=host, language="en")
    meeting.convene(by=coordinator)
    mail = Email.objects.get(to="guest@example.org")
    for part in (mail.subject, mail.message, mail.html_message, mail.context["calendar"]):
        assert "http://evil" not in part
        assert "evil.example" not in part
        assert "<b>" not in part
    assert "Anna x Bcc: evil. example all cannot come, and has named you" in mail.message
    assert mail.to == ["guest@example.org"]
    assert len(event_in(mail)["attendee"].splitlines()) == 1


def test_the_first_words_are_shown_as_typed_and_run_nothing(meeting, coordinator):
    invited(meeting, language="en")
    meeting.convene(by=coordinator, prefaces={"it": "Cari <b>tutti</b> {% x %}", "en": ""})
    mail = Email.objects.get()
    assert "Cari <b>tutti</b> {% x %}" in mail.message
    assert "Cari &lt;b&gt;tutti&lt;/b&gt; {% x %}" in mail.html_message


def test_answers_go_to_the_owner_and_not_to_the_portal(meeting, coordinator, settings):
    settings.OWNER = {**settings.OWNER, "email": "segreteria@example.org"}
    invited(meeting)
    meeting.convene(by=coordinator)
    assert Email.objects.get().headers == {"Reply-To": "segreteria@example.org"}


# What changes


def test_an_update_tells_what_was_and_what_is_and_moves_the_calendar(meeting, coordinator):
    someone = invited(meeting, language="en")
    meeting.convene(by=coordinator)
    first = event_in(Email.objects.get())
    change(meeting, starts_at=meeting.starts_at + timedelta(days=1), ends_at=None, venue="Teatro")
    assert Email.objects.count() == 1  # nobody is written to before the coordinator says so

    someone.refresh_from_db()
    assert send_invitation(someone, by=coordinator) == 1
    mail = Email.objects.latest("pk")
    assert mail.subject == "Changed: Spring assembly, 5 March 2030"
    assert "before: Monday 4 March 2030, 10:00 to 13:00, Italian time" in mail.message
    assert "now: Tuesday 5 March 2030, 10:00, Italian time" in mail.message
    assert "before: Museo della carta, Fabriano, and online" in mail.message
    event = event_in(mail)
    assert event["uid"] == first["uid"]
    assert (first["sequence"], event["sequence"]) == (0, 1)
    assert event.start == datetime(2030, 3, 5, 10, tzinfo=ROME)
    someone.refresh_from_db()
    assert someone.sequence == 1
    assert not meeting.invitations.to_write_to(meeting).exists()


def test_a_letter_sent_once_more_says_the_same_with_the_same_number(meeting, coordinator):
    someone = invited(meeting)
    meeting.convene(by=coordinator)
    send_invitation(someone, by=coordinator, preface="Ecco di nuovo")
    letters = Letter.objects.order_by("pk").values_list("kind", "sequence", "preface")
    assert list(letters) == [("invitation", 0, ""), ("invitation", 0, "Ecco di nuovo")]
    assert "Ecco di nuovo" in Email.objects.latest("pk").message


def test_cancelling_tells_everybody_who_was_invited_and_why(meeting, coordinator):
    invited(meeting, language="en", email="told@example.org")
    invited(meeting, withdrawn_at=meeting.starts_at)
    meeting.convene(by=coordinator)
    invited(meeting, email="not-yet@example.org")
    meeting.cancel(by=coordinator, comment="Sala <allagata>")
    mail = Email.objects.latest("pk")
    assert mail.to == ["told@example.org"]
    assert mail.subject == "Cancelled: Spring assembly, 4 March 2030"
    assert "Sala <allagata>" in mail.message
    assert "Sala &lt;allagata&gt;" in mail.html_message
    assert calendar_in(mail)["method"] == "CANCEL"
    event = event_in(mail)
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    assert event["summary"] == "Cancelled: Spring assembly"
    assert Email.objects.count() == 2


def test_a_meeting_that_was_put_off_comes_back_under_its_name_with_higher_numbers(
    meeting, coordinator
):
    someone = invited(meeting, language="en")
    meeting.convene(by=coordinator)
    meeting.invitations.update(answer="in_person")
    meeting.postpone(by=coordinator, comment="Sciopero")
    off = Email.objects.latest("pk")
    assert off.subject == "Postponed: Spring assembly, 4 March 2030"
    assert "we write to you when the new date is known" in off.message
    assert calendar_in(off)["method"] == "CANCEL"

    change(meeting, starts_at=meeting.starts_at + timedelta(days=30), ends_at=None)
    newcomer = invited(meeting, language="en")
    meeting.convene(by=coordinator)
    again = Email.objects.get(to=someone.email, subject__startswith="New date")
    assert "the meeting that had been put off is convened anew:" in again.message
    assert "before: Monday 4 March 2030" in again.message
    assert calendar_in(again)["method"] == "REQUEST"
    sent = Email.objects.filter(to=someone.email).order_by("pk")
    numbers = [event_in(mail)["sequence"] for mail in sent]
    assert numbers == sorted(set(numbers))
    assert event_in(again)["uid"] == event_in(off)["uid"]
    first = Email.objects.get(to=newcomer.email)
    assert first.subject == "Invitation: Spring assembly, 3 April 2030"
    someone.refresh_from_db()
    assert someone.answer == ""  # the new day is asked for anew


def test_a_draft_that_is_put_off_or_called_off_tells_nobody(meeting, coordinator):
    invited(meeting)
    meeting.postpone(by=coordinator, comment="Boh")
    meeting.cancel(by=coordinator, comment="Boh")
    assert not Email.objects.exists()


def test_whoever_is_taken_off_and_put_back_gets_ever_higher_numbers(meeting, coordinator):
    someone = invited(meeting, language="en")
    meeting.convene(by=coordinator)
    send_cancellation(someone, by=coordinator, preface="Sorry")
    off = Email.objects.latest("pk")
    assert off.subject == "You are no longer invited: Spring assembly, 4 March 2030"
    assert (calendar_in(off)["method"], event_in(off)["sequence"]) == ("CANCEL", 1)
    send_invitation(someone, by=coordinator)
    assert event_in(Email.objects.latest("pk"))["sequence"] == 2


# Who cannot be written to


def test_whoever_has_no_address_any_more_stays_unwritten(meeting, parma, coordinator):
    gone = make.delegate(city=parma, is_active=False)
    invitation = invited(meeting, user=gone, city=parma)
    meeting.convene(by=coordinator)
    invitation.refresh_from_db()
    assert invitation.sent_at is None
    assert not Email.objects.exists()


def test_nothing_is_written_when_the_verb_fails(meeting, coordinator, parma_delegate):
    invited(meeting)
    with pytest.raises(PermissionDenied):
        meeting.convene(by=parma_delegate)
    assert not Email.objects.exists()
    assert not Letter.objects.exists()


def test_a_letter_only_looked_at_is_not_sent_and_its_buttons_lead_nowhere(meeting):
    someone = invited(meeting)
    mail = Mailing(meeting, LetterKind.INVITATION, dry=True).mail_to(someone)
    assert "?answer=" not in mail.body
    assert not Email.objects.exists()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("precision", ["month", "year"])
def test_without_a_day_there_is_nothing_for_the_calendar(meeting, coordinator, precision):
    meeting.precision = precision
    invited(meeting)
    meeting.convene(by=coordinator)
    assert Email.objects.get().context is None
