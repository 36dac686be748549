"""The rows of a city: its offices, its facts, and when it was asked whether its page is right."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OfficeRole(models.TextChoices):
    """The two offices by which a city is reached."""

    POLITICAL = "political", _("political delegate’s office")
    FOCAL_POINT = "focal_point", _("focal point’s office")


class Office(models.Model):
    """A public contact of a city: an office, never a private person (recapito)."""

    city = models.ForeignKey("cities.City", models.CASCADE, related_name="offices")
    role = models.CharField(_("role"), max_length=20, choices=OfficeRole)
    name = models.CharField(_("office"), max_length=160)
    email = models.EmailField(_("e-mail of the office"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)

    COLUMNS = ["role", "name", "email", "phone", "address"]

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["-role", "pk"]

    def __str__(self):
        return self.name


class Fact(models.Model):
    """A figure a city tells of itself: inhabitants, workshops, concerts a year (dato)."""

    city = models.ForeignKey("cities.City", models.CASCADE, related_name="facts")
    name = models.CharField(_("what"), max_length=120)
    value = models.CharField(_("how much"), max_length=60)
    year = models.PositiveSmallIntegerField(_("in the year"), null=True, blank=True)
    source_url = models.URLField(_("source"), blank=True)

    COLUMNS = ["name", "value", "year", "source_url"]

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.name}: {self.value}"


class CheckupQuerySet(models.QuerySet):
    def unanswered(self):
        return self.filter(answered_on=None)

    def overdue(self, on=None):
        """Those that have waited for an answer longer than a city should need (amber)."""
        on = on or timezone.localdate()
        return self.unanswered().filter(asked_on__lte=on - Checkup.PATIENCE)

    def to_remind_of(self, on=None):
        """Those unanswered for so long that a second letter helps; there is no third."""
        on = on or timezone.localdate()
        return self.unanswered().filter(asked_on__lte=on - Checkup.REMINDER, reminded_on=None)

    def answerable_by(self, user):
        """What the cities of this person are asked now."""
        cities = Checkup.city.field.related_model.objects.served_by(user)
        return self.unanswered().filter(city__in=cities)


class Checkup(models.Model):
    """That a city is asked, twice a year, whether its page is still right (verifica)."""

    NEW = timedelta(days=92)  # a city that has just joined is not asked
    REMINDER = timedelta(days=14)
    PATIENCE = timedelta(days=30)

    city = models.ForeignKey("cities.City", models.CASCADE, related_name="checkups")
    asked_on = models.DateField(_("asked on"), default=timezone.localdate)
    reminded_on = models.DateField(_("reminded on"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    objects = CheckupQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-up")
        verbose_name_plural = _("check-ups")
        ordering = ["-asked_on", "-pk"]
        indexes = [
            models.Index(fields=["city", "-asked_on"], name="checkup_of_city"),
            models.Index(
                fields=["asked_on"], condition=Q(answered_on=None), name="checkup_unanswered"
            ),
        ]

    def __str__(self):
        return f"{self.city}, {self.asked_on}"
