"""Circulated minutes: who is told, what participants say to them, what coordinators answer."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from post_office.models import Email

from journal.models import Event, Notification
from journal.verbs import TransitionNotAllowed
from meetings.minutes_letters import token_for
from meetings.models import Amendment, Letter
from meetings.page_parts import summary_of
from meetings.record import told
from meetings.remarks import RemarkForm, spots_of
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_a_second_factor(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def held(fabriano, parma, parma_delegate):
    """A plenary that was held; Piero of Parma, a guest and an observer were invited."""
    meeting = make.meeting(
        host=fabriano,
        status="held",
        starts_at=timezone.now() - timedelta(days=3),
        title_en="Spring",
    )
    make.minutes(meeting=meeting)
    item = make.agenda_item(meeting=meeting, title_en="The call")
    make.section(item=item, text_en="<p>The call is read.</p><p>It is good.</p>")
    make.invitation(meeting=meeting, user=parma_delegate, city=parma, attendance="present")
    make.invitation(meeting=meeting, name="Lucia", email="lucia@example.org")
    make.invitation(meeting=meeting, name="Olga", email="olga@example.org", role="observer")
    return meeting


@pytest.fixture
def circulated(held, coordinator):
    held.circulate(by=coordinator)
    return held


def admin(meeting, name):
    return f"/admin/meetings/meeting/{meeting.pk}/{name}/"


def minutes_at(meeting):
    return f"/en/meetings/{meeting.slug}/minutes/"


def key_of(client, meeting, words, address=None):
    """The key that the page gives the passage with these words."""
    html = client.get(address or minutes_at(meeting)).text
    after = html[html.index(words) :]
    return after.split('name="key" value="')[1].split('"')[0]


def guest_of(meeting):
    return meeting.invitations.get(name="Lucia")


# Circulating


def test_the_page_warns_of_what_is_missing_and_does_not_forbid(as_user, coordinator, held):
    client = as_user(coordinator)
    held.invitations.update(attendance="")
    make.agenda_item(meeting=held, position=2, title_it="Varie")
    html = client.get(admin(held, "amendments")).text
    assert "<li>Nessuna persona" in html or "<li>Nobody is marked as present.</li>" in html
    assert "Varie</li>" in html
    answer = client.post(admin(held, "circulate"), sent())
    assert answer.status_code == 302
    held.refresh_from_db()
    assert held.status == "circulated"


def sent(**fields):
    day = timezone.localdate() + timedelta(days=8)
    return {"comments_until": day.isoformat(), "approval": "meeting", "silence_days": 15, **fields}


def test_circulating_keeps_until_when_and_how(as_user, coordinator, held):
    as_user(coordinator).post(admin(held, "circulate"), sent(approval="silence", silence_days=7))
    minutes = type(held.minutes).objects.get()
    assert minutes.comments_until == timezone.localdate() + timedelta(days=8)
    assert (minutes.approval, minutes.silence_days) == ("silence", 7)
    assert minutes.circulated_at is not None


@pytest.mark.parametrize(
    "wrong",
    [{"comments_until": "2020-01-01"}, {"comments_until": "9999-12-31"}, {"silence_days": 0}],
)
def test_a_day_that_is_over_or_mistyped_is_asked_again(as_user, coordinator, held, wrong):
    answer = as_user(coordinator).post(admin(held, "circulate"), sent(**wrong))
    assert answer.status_code == 200
    assert answer.context["circulate"].errors.keys() == wrong.keys()
    held.refresh_from_db()
    assert held.status == "held"


def test_without_a_day_people_have_ten(circulated):
    assert circulated.minutes.comments_until == timezone.localdate() + timedelta(days=10)


def test_participants_get_a_letter_and_observers_do_not(circulated, parma_delegate):
    letters = Letter.objects.filter(kind="minutes")
    assert {each.invitation.person for each in letters} == {str(parma_delegate), "Lucia"}
    to = {mail.to[0]: mail for mail in Email.objects.all()}
    assert set(to) == {"parma@example.org", "lucia@example.org"}
    assert f"/{circulated.slug}/" in to["parma@example.org"].message
    token = token_for(guest_of(circulated))
    assert token.split(":")[0] in to["lucia@example.org"].message
    assert all(each.mail is not None for each in letters)


def test_decisions_get_numbers_and_cities_are_told_of_their_actions(
    held, coordinator, parma, parma_delegate
):
    decision = make.decision(meeting=held)
    action = make.action(meeting=held, cities=[parma])
    held.circulate(by=coordinator)
    decision.refresh_from_db()
    assert (decision.year, decision.number) == (held.starts_on.year, 1)
    assert Event.objects.about(action).get().verb == "entrust"
    told = Notification.objects.get(event__verb="entrust")
    assert (told.user, told.at_once) == (parma_delegate, True)


def test_only_held_meetings_and_only_coordinators_circulate(
    circulated, coordinator, parma_delegate
):
    with pytest.raises(TransitionNotAllowed):
        circulated.circulate(by=coordinator)
    other = make.meeting(status="held")
    with pytest.raises(PermissionDenied):
        other.circulate(by=parma_delegate)


# Remarks


def test_a_participant_says_something_to_a_paragraph(
    as_user, circulated, parma_delegate, coordinator
):
    client = as_user(parma_delegate)
    key = key_of(client, circulated, "It is good.")
    answer = client.post(
        minutes_at(circulated), {"key": key, "comment": "No.", "proposal": "It is very good."}
    )
    assert answer.status_code == 302
    remark = Amendment.objects.get()
    assert (remark.quote, remark.comment, remark.proposal) == (
        "It is good.", "No.", "It is very good.",
    )  # fmt: skip
    assert remark.section.item.title_en == "The call"
    assert remark.invitation.user == parma_delegate
    assert [each.user for each in Notification.objects.filter(event__verb="propose")] == [
        coordinator
    ]
    html = client.get(minutes_at(circulated)).text
    assert "Your remarks" in html
    assert "It is very good." in html


def test_a_guest_does_by_the_link(client, circulated, coordinator):
    address = f"/en/minutes/{token_for(guest_of(circulated))}/"
    key = key_of(client, circulated, "The call is read.", address)
    assert client.post(address, {"key": key, "comment": "Twice."}).status_code == 302
    remark = Amendment.objects.get()
    assert (remark.invitation.name, remark.quote) == ("Lucia", "The call is read.")
    assert Event.objects.about(remark).get().actor is None


def test_a_button_pressed_twice_says_it_once(client, circulated, coordinator):
    address = f"/en/minutes/{token_for(guest_of(circulated))}/"
    key = key_of(client, circulated, "The call is read.", address)
    for _press in range(2):
        assert client.post(address, {"key": key, "comment": "Twice."}).status_code == 302
    assert Amendment.objects.count() == Event.objects.filter(verb="propose").count() == 1


def test_a_remark_that_comes_with_the_approval_is_not_kept(circulated, coordinator):
    spots = spots_of(told(circulated))
    form = RemarkForm({"key": next(iter(spots)), "comment": "Wait."}, spots=spots)
    assert form.is_valid()
    circulated.approve(by=coordinator)
    assert form.say(guest_of(circulated)) is False
    assert not Amendment.objects.exists()


def test_one_can_speak_to_the_list_of_those_present_and_to_a_decision(
    as_user, held, coordinator, parma_delegate
):
    make.decision(meeting=held, item=held.agenda.get(), text_en="The call is open.")
    held.circulate(by=coordinator)
    client = as_user(parma_delegate)
    for words in ("Those present</h2>", "The call is open."):
        client.post(
            minutes_at(held), {"key": key_of(client, held, words), "comment": "I stayed to the end"}
        )
    first, second = Amendment.objects.all()
    assert first.section is None
    assert first.quote.splitlines()[0] == "Those present"
    assert second.quote == "The call is open."


def test_what_was_typed_stays_where_something_is_missing(as_user, circulated, parma_delegate):
    client = as_user(parma_delegate)
    key = key_of(client, circulated, "It is good.")
    answer = client.post(minutes_at(circulated), {"key": key, "comment": " ", "proposal": ""})
    assert "Write a remark, or the words you propose." in answer.text
    assert f'id="spot-{key}" open' in answer.text
    assert not Amendment.objects.exists()


def test_a_passage_that_has_changed_meanwhile_takes_no_remark_and_loses_no_word(
    as_user, circulated, parma_delegate
):
    client = as_user(parma_delegate)
    key = key_of(client, circulated, "It is good.")
    section = circulated.agenda.get().section
    section.text_en = "<p>The call is read.</p><p>It is fair.</p>"
    section.save()
    answer = client.post(minutes_at(circulated), {"key": key, "comment": "I think not."})
    assert "This passage has changed in the meantime" in answer.text
    assert "I think not." in answer.text
    assert not Amendment.objects.exists()


def test_after_the_last_day_nobody_says_more_and_what_was_typed_comes_back(
    as_user, circulated, parma_delegate
):
    client = as_user(parma_delegate)
    key = key_of(client, circulated, "It is good.")
    last = circulated.minutes.comments_until
    with time_machine.travel(f"{last} 21:00"):
        client.force_login(parma_delegate)
        assert 'name="key"' in client.get(minutes_at(circulated)).text
    with time_machine.travel(f"{last + timedelta(days=1)} 09:00"):
        client.force_login(parma_delegate)
        html = client.get(minutes_at(circulated)).text
        assert 'name="key"' not in html
        assert "The time for remarks is over." in html
        answer = client.post(minutes_at(circulated), {"key": key, "comment": "Too late"})
        assert "Too late" in answer.text
        assert "The time for remarks is over" in answer.text
    assert not Amendment.objects.exists()


def test_delegates_who_were_not_invited_read_and_say_nothing(as_user, circulated):
    client = as_user(make.delegate(city=make.city()))
    html = client.get(minutes_at(circulated)).text
    assert 'name="key"' not in html
    client.post(minutes_at(circulated), {"key": "x", "comment": "Hello"})
    assert not Amendment.objects.exists()


# Deciding


@pytest.fixture
def remark(circulated):
    return make.amendment(
        section=circulated.agenda.get().section,
        invitation=circulated.invitations.get(role="focal_point"),
        quote="It is good.",
        proposal="It is very good.",
    )


def test_coordinators_see_the_passage_and_the_proposed_words(as_user, coordinator, remark):
    answer = as_user(coordinator).get(admin(remark.invitation.meeting, "amendments"))
    assert "<blockquote>It is good.</blockquote>" in answer.text
    shown = answer.context["waiting"][0]
    assert "<ins>" in shown.diff
    assert "<del>" not in shown.diff
    assert str(shown.diff) in answer.text


def test_they_see_what_has_changed_since(as_user, coordinator, remark):
    remark.section.text_en = "<p>The call is read.</p><p>It is fairly good.</p>"
    remark.section.save()
    answer = as_user(coordinator).get(admin(remark.invitation.meeting, "amendments"))
    shown = answer.context["waiting"][0]
    assert (shown.quote, shown.now) == ("It is good.", "It is fairly good.")
    remark.section.text_en = ""
    remark.section.save()
    answer = as_user(coordinator).get(admin(remark.invitation.meeting, "amendments"))
    assert answer.context["waiting"][0].now == ""
    assert "It is good." in answer.text


def test_taking_one_leads_to_the_editor_and_tells_its_author(
    as_user, coordinator, remark, parma_delegate
):
    meeting = remark.invitation.meeting
    answer = as_user(coordinator).post(f"/admin/meetings/meeting/amendments/{remark.pk}/take/")
    assert answer["Location"] == f"{admin(meeting, 'write')}{remark.section.item_id}/"
    remark.refresh_from_db()
    assert remark.status == "taken"
    assert Notification.objects.filter(user=parma_delegate, event__verb="take").exists()


def test_declining_one_asks_why_and_its_author_reads_it(
    as_user, coordinator, remark, parma_delegate
):
    meeting = remark.invitation.meeting
    address = f"/admin/meetings/meeting/amendments/{remark.pk}/decline/"
    answer = as_user(coordinator).post(address, {"comment": " "})
    assert answer.status_code == 200
    assert answer.context["waiting"][0].reason_form.errors
    remark.refresh_from_db()
    assert remark.status == "open"
    answer = as_user(coordinator).post(address, {"comment": "It was said so."})
    assert answer["Location"] == admin(meeting, "amendments")
    remark.refresh_from_db()
    assert remark.status == "declined"
    assert Notification.objects.filter(user=parma_delegate, event__verb="decline").exists()
    html = as_user(parma_delegate).get(minutes_at(meeting)).text
    assert "It was said so." in html


def test_who_comes_second_is_told_and_keeps_the_words(as_user, coordinator, remark):
    remark.take(by=coordinator)
    answer = as_user(coordinator).post(
        f"/admin/meetings/meeting/amendments/{remark.pk}/decline/",
        {"comment": "Because."},
        follow=True,
    )
    assert "Because." in answer.text
    remark.refresh_from_db()
    assert remark.status == "taken"


@pytest.mark.parametrize("verb", ["take", "decline"])
def test_nobody_else_decides(as_user, remark, parma_delegate, verb):
    with pytest.raises(PermissionDenied):
        getattr(remark, verb)(by=parma_delegate, comment="x")
    address = f"/admin/meetings/meeting/amendments/{remark.pk}/{verb}/"
    assert as_user(parma_delegate).post(address, follow=True).status_code == 404


def test_before_the_meeting_there_is_nothing_to_do_yet(as_user, coordinator):
    meeting = make.meeting(status="convened", starts_at=timezone.now() + timedelta(days=3))
    answer = as_user(coordinator).get(admin(meeting, "amendments"))
    assert answer.status_code == 200
    assert "circulate" not in answer.context
    assert as_user(coordinator).post(admin(meeting, "summary")).status_code == 404


def test_a_summary_is_published_only_with_words_and_only_after_approval(
    as_user, coordinator, circulated
):
    client = as_user(coordinator)
    answer = client.post(admin(circulated, "summary"), {"summary_is_public": "on"})
    assert answer.context["summary"].errors.keys() == {"summary_it"}
    fields = {"summary_it": "<p>In breve.</p>", "summary_is_public": "on"}
    assert client.post(admin(circulated, "summary"), fields).status_code == 302
    minutes = type(circulated.minutes).objects.select_related("meeting").get()
    assert (minutes.summary, summary_of(minutes.meeting)) == ("<p>In breve.</p>", None)
    circulated.approve(by=coordinator)
    minutes.meeting.refresh_from_db()
    assert summary_of(minutes.meeting) == minutes


def test_the_day_of_minutes_with_no_deadline_never_ends(held):
    held.minutes.comments_until = None
    type(held).objects.update(status="circulated")
    held.refresh_from_db()
    assert held.minutes.takes_remarks(date(2099, 1, 1))


def test_the_next_thing_counts_remarks_on_lists_too(as_user, coordinator, remark):
    meeting = remark.invitation.meeting
    make.amendment(section=None, invitation=guest_of(meeting), quote="Those present")
    answer = as_user(coordinator).get(admin(meeting, "amendments"))
    assert len(answer.context["waiting"]) == 2
    assert answer.context["next"].text.startswith("2 ")
