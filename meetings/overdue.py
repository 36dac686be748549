"""Once a week: who owes actions is reminded of those that are overdue, and coordinators see all."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.models import MailChoice
from cities.models import City, Delegate
from journal.mail import absolute, send_mail
from meetings.actions import Action


class OverdueLetter(models.Model):
    """The week in which a person was last written to about overdue actions (promemoria).

    The row is the promise that nobody is written to twice in a week.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="overdue_letter",
        verbose_name=_("person"),
    )
    monday = models.DateField(_("week of"))

    class Meta:
        verbose_name = _("reminder of overdue actions")
        verbose_name_plural = _("reminders of overdue actions")

    def __str__(self):
        return f"{self.user}, {self.monday}"


def remind_overdue(now=None):
    """Write to each person whose cities owed something on Monday that is still not done, and to
    coordinators about all of it.

    From Monday at DIGEST_HOUR; a portal that was off on Monday catches up. Does nothing twice;
    returns how many letters it wrote.
    """
    now = timezone.localtime(now)
    monday = now.date() - timedelta(days=now.weekday())
    begins = timezone.make_aware(datetime.combine(monday, time(settings.DIGEST_HOUR)))
    overdue = Action.objects.told().overdue(on=monday)
    if now < begins or not overdue.exists():
        return 0
    people = readers_of(overdue).exclude(overdue_letter__monday__gte=monday)
    return sum(remind(person, overdue, monday) for person in people)


def readers_of(overdue):
    """Who acts for a city that owes one of these, and who coordinates; unless they want no mail."""
    owing = City.objects.filter(actions__in=overdue.order_by().values("pk"))
    responsible = Delegate.objects.current().filter(city__in=owing.values("pk")).order_by()
    people = get_user_model().objects.active().exclude(mail_choice=MailChoice.NONE)
    coordinators = get_user_model().objects.coordinators().order_by()
    return people.filter(
        models.Q(pk__in=responsible.values("user")) | models.Q(pk__in=coordinators.values("pk"))
    )


def remind(person, overdue, monday):
    """Write one letter, unless another process has just done so."""
    if not person.is_coordinator:
        overdue = overdue.owed_by(person)
    with transaction.atomic(), translation.override(person.language):
        if not claim(person, monday):
            return 0
        actions = list(overdue.with_last_word().for_lists().by_due_date())
        if not actions:
            return 0
        context = {
            "user": person,
            "lines": [(action, absolute(action.mail_url(person))) for action in actions],
            "count": len(actions),
            "url": absolute(reverse("action_list", query={"status": "overdue"})),
        }
        send_mail("meetings/email/overdue", context, to=person.email)
    return 1


def claim(person, monday):
    """Whether this person is still to be written to in this week; from now on they are not."""
    letter, is_first = OverdueLetter.objects.get_or_create(user=person, defaults={"monday": monday})
    earlier = OverdueLetter.objects.filter(pk=letter.pk, monday__lt=monday)
    return is_first or bool(earlier.update(monday=monday))
