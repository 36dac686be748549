"""The meetings of the demonstration: every page has something to show to every login."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from cities.models import City
from documents.models import Document
from journal.models import Event
from meetings.models import (
    Action,
    Amendment,
    Decision,
    Invitation,
    Letter,
    Meeting,
    MeetingPhoto,
    Proposal,
    WorkingGroup,
)
from meetings.quorum import quorum_of
from tests import make

pytestmark = pytest.mark.django_db


def person(name):
    return get_user_model().objects.get(email=f"{name}@example.org")


def meeting(status):
    return Meeting.objects.get(is_demo=True, status=status)


def test_meetings_stand_at_every_step(demo):
    found = Meeting.objects.filter(is_demo=True).values_list("status", flat=True)
    assert sorted(found) == ["circulated", "closed", "convened", "draft", "postponed"]


def test_a_plenary_comes_in_about_three_weeks_with_an_agenda_that_fits(demo):
    coming = meeting("convened")
    assert 14 < (coming.starts_at - timezone.now()).days < 28
    minutes = sum(item.minutes for item in coming.agenda.all())
    assert minutes * 60 <= (coming.ends_at - coming.starts_at).total_seconds()
    first, *others = coming.agenda.all()
    assert first.lists_actions
    assert any(item.is_sub for item in others)
    assert coming.takes_proposals


def test_answers_are_of_every_kind_and_some_are_missing(demo):
    invited = meeting("convened").invitations.all()
    assert {each.answer for each in invited} == {
        "", "in_person", "remote", "cannot", "substitute",
    }  # fmt: skip
    assert invited.exclude(stands_for=None).get().stands_for.person == "Laura Conti"
    assert invited.exclude(note="").count() == 4
    assert 0 < quorum_of(meeting("convened")).coming < 16
    for name in ("torino", "fabriano"):
        assert not invited.get(user=person(name)).answer


def test_the_closed_one_kept_its_quorum_its_minutes_and_what_came_of_them(demo):
    closed = meeting("closed")
    quorum = quorum_of(closed)
    assert (quorum.attended, quorum.members, quorum.was_reached) == (12, 16, True)
    assert set(closed.minutes.record) == {"it", "en"}
    assert all(item["text"]["blocks"] for item in closed.minutes.record["it"]["items"])
    numbers = closed.decisions.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]
    assert closed.decisions.get(how="majority").votes.count() == 12
    assert closed.minutes.annexes.count() == 1
    assert MeetingPhoto.objects.filter(meeting=closed).count() == 3
    days = closed.minutes
    assert closed.starts_on < timezone.localdate(days.circulated_at) < days.approved_on


def test_actions_are_done_dropped_at_work_and_late(demo):
    states = {each.status for each in Action.objects.all()}
    assert states == {"open", "in_progress", "done", "dropped"}
    assert City.objects.get(slug="torino") in Action.objects.overdue().get().cities.all()
    for name in ("torino", "fabriano"):
        assert Action.objects.owed_by(person(name)).undone().exists()
    late = Action.objects.overdue().get()
    assert Event.objects.about(late).filter(verb="shift").exists()


def test_remarks_are_taken_declined_and_waiting(demo):
    assert {each.status for each in Amendment.objects.all()} == {"taken", "declined", "open"}
    waiting = Amendment.objects.get(status="open")
    assert waiting.section.item.meeting == meeting("circulated")
    assert waiting.quote in waiting.section.text_it


def test_proposals_are_placed_left_out_and_waiting(demo):
    assert {each.status for each in Proposal.objects.all()} == {
        "accepted", "declined", "proposed",
    }  # fmt: skip


def test_papers_have_every_reader_versions_and_are_what_they_promise(demo):
    papers = Document.objects.all()
    assert {each.audience for each in papers} == {"public", "delegates", "participants"}
    assert {each.versions.count() for each in papers} == {0, 1}
    for document in papers:
        document.full_clean()


def test_letters_are_noted_and_nobody_gets_a_mail(demo):
    assert Letter.objects.exists()
    assert not Letter.objects.exclude(mail=None).exists()
    assert not Email.objects.exists()
    assert not Invitation.objects.exclude(user__is_demo=True).exclude(user=None).exists()


def test_what_happened_lies_in_the_past(demo):
    about = Event.objects.about(meeting("closed")).order_by("at")
    assert [each.verb for each in about] == ["convene", "hold", "circulate", "approve_by_silence"]
    assert all(each.at < timezone.now() for each in Event.objects.all())


@pytest.mark.parametrize("name", ["torino", "osservatore", "coordinamento", None])
def test_every_page_of_a_meeting_opens(demo, client, name, settings):
    settings.COORDINATORS_NEED_MFA = False
    if name:
        client.force_login(person(name))
    for each in Meeting.objects.visible_to(person(name)) if name else Meeting.objects.took_place():
        assert client.get(each.get_absolute_url()).status_code == 200
    lists = ["meeting_list", "meeting_years", "decision_list", "action_list"]
    for address in lists if name else lists[:3]:
        assert client.get(reverse(address)).status_code == 200


def test_clearing_takes_the_meetings_with_all_that_hangs_on_them(demo):
    real = make.meeting(status="held")
    decision = make.decision(meeting=real)
    make.invitation(meeting=real, user=person("torino"))
    call_command("clear_demo")
    assert not Meeting.objects.filter(is_demo=True).exists()
    assert not WorkingGroup.objects.exists()
    assert not Action.objects.exists()
    assert not Invitation.objects.exists()
    assert Decision.objects.filter(pk=decision.pk).exists()
