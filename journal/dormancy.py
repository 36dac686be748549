"""People who no longer come: warned after a year, and a month later their account is closed."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation

from accounts.closing import LastInCharge, close_account
from accounts.models import User
from journal.mail import absolute, send_mail

WARNED_FOR = timedelta(days=30)


def tend_dormant(now=None):
    """Warn who has not come for twelve months, close who has not for thirteen; returns how many.

    Nobody is closed who has not had a whole month since the warning. Coming in undoes it.
    """
    now = timezone.localtime(now)
    if now.hour < settings.DIGEST_HOUR:
        return 0
    return close_warned(now) + warn_dormant(now)


def warn_dormant(now):
    """Write to each once, with the day on which the account will be closed."""
    unwarned = Q(warned_at=None) | Q(warned_at__lt=F("last_seen"))
    warned = 0
    for user in User.objects.dormant(now).filter(unwarned):
        if user.is_last_in_charge:
            continue
        with transaction.atomic(), translation.override(user.language):
            closes_on = (now + WARNED_FOR).date()
            url = absolute(reverse("account_login"))
            context = {"user": user, "closes_on": closes_on, "url": url}
            send_mail("accounts/email/dormant", context, to=user.email)
            User.objects.filter(pk=user.pk).update(warned_at=now)
        warned += 1
    return warned


def close_warned(now):
    """Close who has stayed away all the same, but never the last who coordinates."""
    closed = 0
    overdue = Q(warned_at__gte=F("last_seen"), warned_at__lte=now - WARNED_FOR)
    for user in User.objects.dormant(now).filter(overdue):
        try:
            close_account(user, by=None)
            closed += 1
        except LastInCharge:
            continue
    return closed
