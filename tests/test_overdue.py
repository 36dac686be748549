"""Once a week those responsible are reminded of what is overdue; coordinators see all of it."""

from datetime import date

import pytest
import time_machine

from accounts.models import Language, MailChoice
from meetings.models import Action
from meetings.overdue import remind_overdue
from tests import make

pytestmark = pytest.mark.django_db

MONDAY = "2026-11-23 08:00+01:00"


@pytest.fixture
def action(fabriano):
    """Due on a Tuesday, six days before the Monday."""
    with time_machine.travel("2026-11-10 10:00+01:00", tick=False):
        meeting = make.meeting(status="circulated", title_it="Plenaria")
    return make.action(
        meeting=meeting, cities=[fabriano], due_on=date(2026, 11, 17), title_it="Scrivere la bozza"
    )


def reminded(moment):
    """Who is written to at this moment."""
    from post_office.models import Email

    known = set(Email.objects.values_list("pk", flat=True))
    with time_machine.travel(moment, tick=False):
        count = remind_overdue()
    new = Email.objects.exclude(pk__in=known)
    assert new.count() == count
    return sorted(address for mail in new for address in mail.to)


def letter():
    from post_office.models import Email

    return Email.objects.latest("pk")


def test_on_monday_from_the_hour_of_digests_on(action, fabriano_delegate, parma_delegate, settings):
    settings.DIGEST_HOUR = 7
    assert reminded("2026-11-22 20:00+01:00") == []  # Sunday: Monday the 16th came before the day
    assert reminded("2026-11-23 06:59+01:00") == []
    assert reminded("2026-11-23 07:00+01:00") == ["fabriano@example.org"]


def test_never_twice_a_week_and_again_the_next(action, fabriano_delegate):
    assert reminded(MONDAY) == ["fabriano@example.org"]
    assert reminded("2026-11-23 18:00+01:00") == []
    assert reminded("2026-11-29 23:00+01:00") == []
    assert reminded("2026-11-30 09:00+01:00") == ["fabriano@example.org"]


def test_a_portal_that_was_off_on_monday_catches_up(action, fabriano_delegate):
    assert reminded("2026-11-26 15:00+01:00") == ["fabriano@example.org"]
    assert reminded("2026-11-27 15:00+01:00") == []


def test_what_falls_due_during_the_week_waits_for_the_next_monday(action, fabriano_delegate):
    Action.objects.update(due_on=date(2026, 11, 24))
    assert reminded("2026-11-26 09:00+01:00") == []
    assert reminded("2026-11-30 09:00+01:00") == ["fabriano@example.org"]


def test_one_letter_names_all_with_a_link_each_that_needs_no_login(
    client, settings, action, fabriano, fabriano_delegate
):
    make.action(
        meeting=action.meeting, cities=[fabriano], due_on=date(2026, 11, 20), title_it="La seconda"
    )
    assert reminded(MONDAY) == ["fabriano@example.org"]
    mail = letter()
    assert "Scrivere la bozza" in mail.message
    assert "La seconda" in mail.message
    lines = [line.strip() for line in mail.message.splitlines()]
    links = [line for line in lines if line.startswith("http") and line.count("/") > 4]
    assert len(links) == 2
    with time_machine.travel(MONDAY):
        assert client.get(links[0].removeprefix(settings.SITE_URL)).status_code == 200


@pytest.mark.parametrize("status", ["done", "dropped"])
def test_nobody_is_nagged_about_what_is_over(action, fabriano_delegate, coordinator, status):
    Action.objects.update(status=status)
    assert reminded(MONDAY) == []


def test_what_was_not_entrusted_yet_is_nobodys_debt(action, fabriano_delegate, coordinator):
    action.meeting.__class__.objects.update(status="held")
    assert reminded(MONDAY) == []


def test_a_shift_to_a_later_day_ends_the_reminders(action, fabriano_delegate):
    action.shift(by=fabriano_delegate, comment="After the fair", due_on=date(2026, 12, 20))
    assert reminded(MONDAY) == []


def test_whoever_wants_no_mail_gets_none(action, fabriano_delegate):
    fabriano_delegate.mail_choice = MailChoice.NONE
    fabriano_delegate.save()
    assert reminded(MONDAY) == []


def test_who_no_longer_acts_for_the_city_hears_nothing(action, fabriano_delegate):
    fabriano_delegate.delegates.update(ends_on=date(2026, 1, 1))
    assert reminded(MONDAY) == []


def test_coordinators_get_the_table_with_cities_days_and_the_last_word(
    action, coordinator, fabriano_delegate
):
    coordinator.language = Language.ENGLISH
    coordinator.save()
    Action.objects.update(title_en="Write the draft")
    action.note(by=fabriano_delegate, comment="Nearly there")
    assert "coordinamento@example.org" in reminded(MONDAY)
    from post_office.models import Email

    mail = next(each for each in Email.objects.all() if each.to == ["coordinamento@example.org"])
    assert mail.subject == "One action is overdue"
    for words in ["Write the draft", "Fabriano", "6 days late", "Nearly there", "status=overdue"]:
        assert words in mail.message
        assert words in mail.html_message


def test_each_is_written_to_about_their_own_cities(
    action, fabriano_delegate, parma, parma_delegate
):
    make.action(
        meeting=action.meeting, cities=[parma], due_on=date(2026, 11, 18), title_it="Di Parma"
    )
    assert reminded(MONDAY) == ["fabriano@example.org", "parma@example.org"]
    from post_office.models import Email

    for mail in Email.objects.all():
        mine = mail.to == ["parma@example.org"]
        assert ("Di Parma" in mail.message) == mine
        assert ("Scrivere la bozza" in mail.message) != mine
