"""Minutes become final: at the next meeting, or by silence. Then they never change."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import translation
from post_office.models import Email

from journal.models import Event, Notification
from journal.verbs import TransitionNotAllowed
from meetings.amending_forms import SummaryForm
from meetings.approving import approve_by_silence
from meetings.models import Letter, Meeting, Minutes
from meetings.record import told
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_a_second_factor(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def meeting(fabriano, parma, parma_delegate, coordinator):
    """A plenary of 5 March 2026; remarks until 15 March, then 15 days of silence."""
    with time_machine.travel("2026-03-05 10:00"):
        held = make.meeting(host=fabriano, status="held")
        make.minutes(
            meeting=held, comments_until=date(2026, 3, 15), silence_days=15, approval="silence"
        )
        item = make.agenda_item(meeting=held)
        make.section(item=item)
        make.invitation(meeting=held, user=parma_delegate, city=parma, attendance="present")
        make.invitation(meeting=held, name="Lucia", email="lucia@example.org")
        make.invitation(meeting=held, name="Olga", email="olga@example.org", role="observer")
        held.circulate(by=coordinator)
    return held


def remark_on(meeting):
    return make.amendment(
        section=meeting.agenda.get().section,
        invitation=meeting.invitations.get(role="focal_point"),
    )


def approve(client, meeting):
    return client.post(f"/admin/meetings/meeting/{meeting.pk}/approve/", follow=True)


def test_a_coordinator_approves_them(as_user, coordinator, meeting):
    with time_machine.travel("2026-05-07 12:00"):
        approve(as_user(coordinator), meeting)
    meeting.refresh_from_db()
    assert meeting.status == "closed"
    assert meeting.minutes.approved_on == date(2026, 5, 7)
    assert set(meeting.minutes.record) == {"it", "en"}
    assert Event.objects.about(meeting).filter(verb="approve").get().actor == coordinator


def test_open_remarks_must_be_decided_first(as_user, coordinator, meeting):
    remark = remark_on(meeting)
    client = as_user(coordinator)
    answer = approve(client, meeting)
    assert [str(each) for each in answer.context["messages"]]
    meeting.refresh_from_db()
    assert meeting.status == "circulated"
    with pytest.raises(TransitionNotAllowed):
        meeting.approve(by=coordinator)
    assert "approve" not in {verb["name"] for verb in meeting.verbs_for(coordinator)}
    remark.take(by=coordinator)
    approve(client, meeting)
    meeting.refresh_from_db()
    assert meeting.status == "closed"


def test_nobody_else_approves(as_user, meeting, parma_delegate):
    assert approve(as_user(parma_delegate), meeting).status_code == 404
    with pytest.raises(PermissionDenied):
        meeting.approve(by=parma_delegate)


def test_what_is_not_circulated_is_not_approved(as_user, coordinator):
    held = make.meeting(status="held")
    approve(as_user(coordinator), held)
    held.refresh_from_db()
    assert held.status == "held"


def test_observers_and_guests_get_the_final_ones_by_letter_the_others_on_their_desk(
    meeting, coordinator, parma_delegate
):
    meeting.approve(by=coordinator)
    letters = Letter.objects.filter(once="final").select_related("invitation")
    assert {each.invitation.name for each in letters} == {"Lucia", "Olga"}
    written = Email.objects.filter(letter__once="final")
    assert {mail.to[0] for mail in written} == {"lucia@example.org", "olga@example.org"}
    told_people = {each.user for each in Notification.objects.filter(event__verb="approve")}
    assert told_people == {parma_delegate}


def test_the_next_meeting_approves_them_as_an_item_of_its_agenda(
    meeting, coordinator, as_user, fabriano
):
    type(meeting.minutes).objects.update(approval="meeting")
    following = make.meeting(host=fabriano, status="draft", title_it="La prossima")
    make.agenda_item(meeting=following, minutes_of=meeting)
    html = as_user(coordinator).get(f"/admin/meetings/meeting/{meeting.pk}/amendments/").text
    assert "La prossima" in html
    assert f"/admin/meetings/meeting/{following.pk}/change/" in html


# By silence


def on(day):
    with time_machine.travel(f"{day} 08:00"):
        return approve_by_silence()


def test_they_are_approved_by_silence_the_day_after_its_end(meeting):
    assert on("2026-03-16") == 0
    assert on("2026-03-30") == 0
    assert on("2026-03-31") == 1
    meeting.refresh_from_db()
    assert meeting.status == "closed"
    assert meeting.minutes.approved_on == date(2026, 3, 31)
    event = Event.objects.about(meeting).get(verb="approve_by_silence")
    assert event.actor is None
    assert set(meeting.minutes.record) == {"it", "en"}
    assert on("2026-04-01") == 0


def test_a_portal_that_was_off_catches_up(meeting):
    assert on("2026-06-01") == 1


def test_those_that_wait_for_the_next_meeting_are_not(meeting):
    type(meeting.minutes).objects.update(approval="meeting")
    assert on("2026-12-01") == 0


def test_while_remarks_are_open_coordinators_are_told_once(meeting, coordinator):
    remark = remark_on(meeting)
    assert on("2026-03-31") == 0
    assert on("2026-04-01") == 0
    event = Event.objects.about(meeting).get(verb="wait")
    assert [each.user for each in event.notifications.all()] == [coordinator]
    assert event.notifications.get().at_once
    remark.decline(by=coordinator, comment="No.")
    assert on("2026-04-02") == 1


def test_only_the_portal_approves_by_silence(meeting, coordinator):
    with pytest.raises(PermissionDenied):
        meeting.approve_by_silence(by=coordinator)
    assert "approve_by_silence" not in {verb["name"] for verb in meeting.verbs_for(coordinator)}


def test_the_page_says_how_they_became_final(as_user, meeting, parma_delegate):
    on("2026-03-31")
    html = as_user(parma_delegate).get(f"/en/meetings/{meeting.slug}/minutes/").text
    assert "Approved by silence on 31 March 2026." in html
    assert 'name="key"' not in html


def test_the_page_and_the_paper_are_read_from_what_was_approved(
    as_user, meeting, coordinator, parma_delegate
):
    meeting.approve(by=coordinator)
    section = meeting.agenda.get().section
    type(section).objects.update(text_it="<p>Altro.</p>", text_en="<p>Other.</p>")
    fresh = Meeting.objects.get(pk=meeting.pk)
    with translation.override("en"):
        assert told(fresh)["items"][0]["text"]["blocks"][0]["runs"] == [
            {"text": "It is talked over."}
        ]
    html = as_user(parma_delegate).get(f"/en/meetings/{meeting.slug}/minutes/").text
    assert "It is talked over." in html
    assert "Other." not in html


def test_a_summary_written_meanwhile_leaves_what_was_approved(meeting, coordinator):
    seen = Minutes.objects.get(meeting=meeting)
    form = SummaryForm({"summary_it": "<p>In breve.</p>"}, instance=seen)
    assert form.is_valid()
    meeting.approve(by=coordinator)
    form.publish()
    minutes = Minutes.objects.get(meeting=meeting)
    assert minutes.summary_it == "<p>In breve.</p>"
    assert set(minutes.record) == {"it", "en"}
    assert minutes.approved_on


def test_the_item_that_approves_them_leads_there(meeting, coordinator, as_user, fabriano):
    following = make.meeting(host=fabriano, status="held")
    item = make.agenda_item(meeting=following, minutes_of=meeting)
    html = as_user(coordinator).get(f"/admin/meetings/meeting/{following.pk}/write/{item.pk}/").text
    assert f'href="/admin/meetings/meeting/{meeting.pk}/amendments/"' in html
