"""Accounts that nobody uses: warned after twelve months, closed after thirteen."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command

from accounts.models import User
from journal.dormancy import tend_dormant
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 1, 10, 9, 0, tzinfo=ZoneInfo("Europe/Rome"))
YEAR, MONTH = timedelta(days=365), timedelta(days=30)


def person(**fields):
    """A delegate who came in on the first day."""
    made = make.delegate(city=make.city(), language="en", **fields)
    User.objects.filter(pk=made.pk).update(last_login=START, date_joined=START)
    return made


def after(time):
    return time_machine.travel(START + time, tick=False)


def closed(user):
    return User.objects.filter(pk=user.pk).exclude(closed_at=None).exists()


def test_whoever_has_not_come_for_a_year_is_warned_once_with_the_day(coordinator):
    anna = person(email="anna@example.org")
    with after(YEAR - timedelta(minutes=1)):
        assert tend_dormant() == 0
    with after(YEAR):
        coordinator.last_login = START + YEAR
        coordinator.save()
        call_command("deliver")
        call_command("deliver")
    (letter,) = mail.outbox
    assert letter.to == ["anna@example.org"]
    assert "before 9 February 2027" in letter.body
    assert "http://testserver/en/accounts/login/" in letter.body
    assert "/en/accounts/login/" in letter.alternatives[0].content
    assert not closed(anna)


def test_a_month_after_the_warning_the_account_is_closed_and_coordinators_hear(coordinator):
    anna = person()
    with after(YEAR):
        tend_dormant()
    with after(YEAR + MONTH - timedelta(minutes=1)):
        tend_dormant()
        assert not closed(anna)
    with after(YEAR + MONTH):
        assert tend_dormant() == 1
        assert tend_dormant() == 0
    assert closed(anna)
    assert [each.event.verb for each in coordinator.notifications.all()][-1:] != []
    assert "expire" in {each.event.verb for each in coordinator.notifications.all()}


def test_a_log_in_after_the_warning_begins_the_year_anew(coordinator):
    anna = person()
    with after(YEAR):
        tend_dormant()
        User.objects.filter(pk=anna.pk).update(last_login=START + YEAR + timedelta(days=3))
    with after(YEAR + 2 * MONTH):
        assert tend_dormant() == 0
    assert not closed(anna)
    with after(2 * YEAR + timedelta(days=3)):
        tend_dormant()
        anna.refresh_from_db()
        assert anna.warned_at == START + 2 * YEAR + timedelta(days=3)
        assert not closed(anna)


def test_nobody_is_closed_without_a_whole_month_of_warning(coordinator):
    anna = person()
    with after(2 * YEAR):  # the portal had been off
        tend_dormant()
    assert not closed(anna)


def test_an_invitation_that_nobody_takes_up_counts_from_its_day(coordinator):
    ada = make.user(password=None)
    User.objects.filter(pk=ada.pk).update(invited_at=START, last_login=None)
    with after(YEAR):
        tend_dormant()
    with after(YEAR + MONTH):
        tend_dormant()
    assert closed(ada)


def test_the_last_who_coordinates_and_the_demonstration_are_left_alone():
    last, demo = make.coordinator(), person(is_demo=True)
    User.objects.filter(pk=last.pk).update(last_login=START)
    for wait in (YEAR, YEAR + MONTH, YEAR + 3 * MONTH):
        with after(wait):
            tend_dormant()
    assert not closed(last)
    assert not closed(demo)
    assert mail.outbox == []


def test_of_two_coordinators_who_stay_away_one_remains():
    both = [make.coordinator(), make.coordinator()]
    User.objects.filter(pk__in=[each.pk for each in both]).update(last_login=START)
    for wait in (YEAR, YEAR + MONTH, YEAR + 2 * MONTH):
        with after(wait):
            tend_dormant()
    assert [closed(each) for each in both].count(True) == 1


def test_letters_go_out_in_the_morning(coordinator):
    person()
    with after(YEAR - timedelta(hours=4)):
        User.objects.update(last_login=START - timedelta(days=1))
        assert tend_dormant() == 0


def test_coordinators_find_who_is_dormant_in_the_admin(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    anna = person(first_name="Annarosa")
    with after(YEAR + timedelta(days=1)):
        page = as_user(coordinator).get("/admin/accounts/user/?standing=dormant")
    assert str(anna) in page.text
    assert [each.pk for each in page.context["cl"].queryset] == [anna.pk]
