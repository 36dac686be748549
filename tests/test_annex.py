"""Corrections of approved minutes: an annex with its day, and everybody is told."""

from datetime import date

import pytest
import time_machine
from post_office.models import Email

from journal.models import Event
from meetings.models import Annex
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_a_second_factor(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def approved(parma, parma_delegate, coordinator):
    meeting = make.meeting(status="held")
    make.minutes(meeting=meeting)
    make.section(item=make.agenda_item(meeting=meeting))
    make.invitation(meeting=meeting, user=parma_delegate, city=parma, attendance="present")
    make.invitation(meeting=meeting, name="Olga", email="olga@example.org", role="observer")
    meeting.circulate(by=coordinator)
    meeting.approve(by=coordinator)
    Email.objects.all().delete()
    return meeting


def add(client, meeting, **fields):
    fields = {"text_it": "<p>La votante era Roma.</p>", "text_en": "<p>Rome voted.</p>", **fields}
    return client.post(f"/admin/meetings/meeting/{meeting.pk}/annex/", fields)


def test_it_stands_with_its_day_beside_minutes_that_do_not_change(
    as_user, coordinator, approved, parma_delegate
):
    before = approved.minutes.record
    with time_machine.travel("2026-12-01 10:00"):
        assert add(as_user(coordinator), approved).status_code == 302
    annex = Annex.objects.get()
    assert (annex.text_it, annex.added_by) == ("<p>La votante era Roma.</p>", coordinator)
    assert annex.added_at.date() == date(2026, 12, 1)
    approved.minutes.refresh_from_db()
    assert approved.minutes.record == before
    client = as_user(parma_delegate)
    html = client.get(f"/en/meetings/{approved.slug}/minutes/").text
    assert "1 December 2026</h3>" in html
    assert "<p>Rome voted.</p>" in html
    assert client.get(f"/en/meetings/{approved.slug}/minutes.pdf").content.startswith(b"%PDF")


def test_all_who_were_invited_are_written_to_at_once(as_user, coordinator, approved):
    add(as_user(coordinator), approved)
    assert {mail.to[0] for mail in Email.objects.all()} == {
        "parma@example.org",
        "olga@example.org",
    }
    assert Event.objects.about(approved).filter(verb="annex").get().actor == coordinator
    add(as_user(coordinator), approved, text_it="<p>Anche Parma.</p>")
    assert Email.objects.count() == 4


def test_a_button_pressed_twice_adds_one_and_writes_once(as_user, coordinator, approved):
    for _press in range(2):
        assert add(as_user(coordinator), approved).status_code == 302
    assert Annex.objects.count() == Event.objects.filter(verb="annex").count() == 1
    assert Email.objects.count() == 2


def test_it_needs_words_in_italian_and_keeps_what_was_typed(as_user, coordinator, approved):
    answer = add(as_user(coordinator), approved, text_it="<p> </p>")
    assert answer.status_code == 200
    assert answer.context["annex"].errors.keys() == {"text_it"}
    assert "Rome voted." in answer.text
    assert not Annex.objects.exists()
    assert not Email.objects.exists()


def test_only_approved_minutes_have_annexes(as_user, coordinator):
    held = make.meeting(status="held")
    assert add(as_user(coordinator), held).status_code == 404
    assert not Annex.objects.exists()


def test_nobody_else_adds_one(as_user, approved, parma_delegate):
    address = f"/admin/meetings/meeting/{approved.pk}/annex/"
    assert as_user(parma_delegate).post(address, follow=True).status_code == 404
    assert not Annex.objects.exists()


def test_an_annex_in_italian_alone_says_so_to_english_readers(
    as_user, coordinator, approved, parma_delegate
):
    add(as_user(coordinator), approved, text_en="")
    html = as_user(parma_delegate).get(f"/en/meetings/{approved.slug}/minutes/").text
    assert '<div class="prose" lang="it"><p>La votante era Roma.</p></div>' in html
