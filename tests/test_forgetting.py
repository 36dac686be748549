"""Guests of meetings have no account that they could close: the portal forgets them by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from post_office.models import Email

from meetings.forgetting import forget_guests
from meetings.models import Letter
from tests import make

pytestmark = pytest.mark.django_db


def test_a_year_after_the_meeting_a_guest_is_a_name_alone():
    meeting = make.meeting(starts_at=timezone.now() - timedelta(days=1))
    guest = make.invitation(meeting=meeting, name="Gina", email="g@example.org", note="Treno")
    mail = Email.objects.create(to="g@example.org", from_email="a@b.it", subject="Invito")
    Letter.objects.create(invitation=guest, kind="invitation", mail=mail)

    with time_machine.travel(timezone.now() + timedelta(days=363), tick=False):
        assert forget_guests() == 0
    with time_machine.travel(timezone.now() + timedelta(days=365), tick=False):
        assert forget_guests() == 1
        assert forget_guests() == 0

    guest.refresh_from_db()
    assert (guest.name, guest.email, guest.note) == ("Gina", "", "")
    assert not Email.objects.exists()
    assert guest.letters.get().mail is None


def test_who_has_an_account_keeps_what_they_said(fabriano, fabriano_delegate):
    meeting = make.meeting(starts_at=timezone.now() - timedelta(days=800))
    invitation = make.invitation(meeting=meeting, user=fabriano_delegate, note="Arrivo tardi")
    assert forget_guests() == 0
    invitation.refresh_from_db()
    assert invitation.note == "Arrivo tardi"
