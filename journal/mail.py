"""The mail path: notifications become mails, mails wait in the outbox (django-post-office)."""

from datetime import datetime, time
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from journal.models import Notification, targets


def send_notifications(notifications):
    """Put one mail for each notification into the outbox, in the reader's language."""
    for notification in notifications:
        user, event = notification.user, notification.event
        with translation.override(user.language):
            context = {"user": user, "event": event, "url": absolute(event.url_for(user))}
            send_mail("journal/email/event", context, to=user.email)
        notification.mailed_at = timezone.now()
    Notification.objects.bulk_update(notifications, ["mailed_at"])


def send_digests(now=None):
    """Put today's digest for each person with news into the outbox; returns how many.

    A person gets at most one a day, from DIGEST_HOUR (Europe/Rome) on.
    """
    now = timezone.localtime(now)
    if now.hour < settings.DIGEST_HOUR:
        return 0
    midnight = timezone.make_aware(datetime.combine(now.date(), time.min))
    waiting = (
        Notification.objects.waiting()
        .filter(user__is_active=True)
        .exclude(
            user__in=Notification.objects.filter(at_once=False, mailed_at__gte=midnight).values(
                "user"
            )
        )
        .select_related("user", "event__actor")
        .prefetch_related(targets("event__target"))
        .order_by("user", "event__at")
    )
    sent = 0
    for user, group in groupby(waiting, key=attrgetter("user")):
        notifications = list(group)
        with transaction.atomic(), translation.override(user.language):
            context = {
                "user": user,
                "lines": [
                    {"event": each.event, "url": absolute(each.event.url_for(user))}
                    for each in notifications
                ],
            }
            send_mail("journal/email/digest", context, to=user.email)
            for each in notifications:
                each.mailed_at = now
            Notification.objects.bulk_update(notifications, ["mailed_at"])
        sent += 1
    return sent


def send_mail(template, context, *, to):
    """Put a mail into the outbox; answers its row there, or None where nothing is sent at all."""
    mail = write_mail(template, context, to=to)
    mail.send()
    return getattr(mail, "row", None)


def write_mail(template, context, *, to):
    """A mail from `<template>_subject.txt`, `.txt` and `.html`, not sent yet."""
    context = {"site_url": settings.SITE_URL, "owner": settings.OWNER, **context}
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    context["subject"] = subject
    mail = EmailMultiAlternatives(
        subject=subject, body=render_to_string(f"{template}.txt", context), to=[to]
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return mail


def absolute(path):
    return f"{settings.SITE_URL}{path}"
