"""What the portal forgets of guests: people without an account, who cannot close one."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from post_office.models import Email

from meetings.invitations import Invitation

KEPT = timedelta(days=365)


def forget_guests(now=None):
    """A year after a meeting, erase its guests' addresses, notes and letters; returns how many.

    Their names stay in its list of presence, which is part of the minutes. Data are kept no longer
    than they serve: Regulation (EU) 2016/679, art. 5(1)(e).
    """
    since = (now or timezone.now()) - KEPT
    guests = Invitation.objects.filter(user=None, meeting__starts_at__lt=since).exclude(email="")
    with transaction.atomic():
        gone = list(guests.values_list("pk", flat=True))
        Email.objects.filter(letter__invitation__in=gone).delete()
        return Invitation.objects.filter(pk__in=gone).update(email="", note="")
