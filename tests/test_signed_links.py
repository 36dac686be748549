"""Links in letters: for one purpose, one person, one thing, and for so many days."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from journal.signed_links import NotOurs, opened, sign

pytestmark = pytest.mark.django_db


def test_a_link_tells_to_whom_it_was_written_and_about_what(fabriano, fabriano_delegate):
    token = sign("checkup", fabriano_delegate, fabriano, state="2026-03-01")
    assert opened("checkup", token, days=60) == (fabriano_delegate, fabriano.pk, "2026-03-01")


def test_a_link_of_one_purpose_does_not_serve_another(fabriano, fabriano_delegate):
    with pytest.raises(NotOurs):
        opened("partnership", sign("checkup", fabriano_delegate, fabriano), days=60)


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "é:1:2"])
def test_a_forged_link_opens_nothing(token):
    with pytest.raises(NotOurs):
        opened("checkup", token, days=60)


def test_a_link_ends_with_its_days(fabriano, fabriano_delegate):
    token = sign("checkup", fabriano_delegate, fabriano)
    later = timezone.now() + timedelta(days=61)
    with time_machine.travel(later, tick=False), pytest.raises(NotOurs):
        opened("checkup", token, days=60)


def test_a_link_ends_with_the_account(fabriano, fabriano_delegate):
    token = sign("checkup", fabriano_delegate, fabriano)
    fabriano_delegate.is_active = False
    fabriano_delegate.save()
    with pytest.raises(NotOurs):
        opened("checkup", token, days=60)
