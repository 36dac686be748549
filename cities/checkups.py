"""Twice a year the people of each member city are asked whether its page is still right.

Each gets one letter with one link, which asks for no log-in. What one of them answers counts for
the city, and makes the links of the others say so.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from cities.models import City
from cities.parts import Checkup
from journal.mail import absolute, send_mail
from journal.signed_links import NotOurs, opened, sign

DAYS = [(3, 1), (9, 1)]  # month and day
CATCH_UP = timedelta(days=30)  # a portal that was off on the day still asks, but not in winter
LINK_DAYS = 200  # until well after the next letter
PURPOSE = "checkup"


def last_due(today):
    """The day on which cities were last to be asked."""
    days = [date(year, *day) for year in (today.year - 1, today.year) for day in DAYS]
    return max(day for day in days if day <= today)


def ask_cities(now=None):
    """Ask the cities that are due, and once more those that have not answered since.

    Does nothing twice, so it may be called at any time; returns how many letters it wrote.
    """
    now = timezone.localtime(now)
    if now.hour < settings.DIGEST_HOUR:
        return 0
    today, letters = now.date(), 0
    due = last_due(today)
    if today - due <= CATCH_UP:
        letters += sum(ask(city, due) for city in City.objects.to_be_asked(due))
    for checkup in Checkup.objects.to_remind_of(today).select_related("city"):
        letters += remind(checkup, today)
    return letters


def ask(city, due):
    """Ask the people of a city, unless another process has just done so."""
    with transaction.atomic():
        City.objects.select_for_update().get(pk=city.pk)
        if city.checkups.filter(asked_on__gte=due).exists():
            return 0
        checkup = city.checkups.create(asked_on=timezone.localdate())
        return write("cities/email/checkup", checkup)


def remind(checkup, today):
    """Write a second letter, unless the city has just answered."""
    with transaction.atomic():
        mine = Checkup.objects.filter(pk=checkup.pk).to_remind_of(today)
        return write("cities/email/reminder", checkup) if mine.update(reminded_on=today) else 0


def write(template, checkup):
    """Put a letter for each person of the city into the outbox, in their language."""
    people = list(checkup.city.people())
    for person in people:
        with translation.override(person.language):
            page = reverse("city_checkup", args=[sign(PURPOSE, person, checkup)])
            context = {"user": person, "checkup": checkup, "city": checkup.city}
            send_mail(template, {**context, "url": absolute(page)}, to=person.email)
    return len(people)


def asked_by(token):
    """The check-up that a link asks about, and whom; raises NotOurs for all other links."""
    link = opened(PURPOSE, token, days=LINK_DAYS)
    checkup = Checkup.objects.select_related("city", "answered_by").filter(pk=link.pk).first()
    if checkup is None or not checkup.city.people().filter(pk=link.user.pk).exists():
        raise NotOurs
    return checkup, link.user
