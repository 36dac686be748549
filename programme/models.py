from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cities.dates import known_date, precision_field
from cities.models import City
from documents.richtext import RichTextField


class AgreementQuerySet(models.QuerySet):
    def in_force(self, on):
        """The one that held on this day: the last that had been signed."""
        return self.filter(signed_on__lte=on).order_by("-signed_on", "-pk").first()


class Agreement(models.Model):
    """What the cities agreed and signed, on which the coordination stands (accordo)."""

    slug = models.SlugField(unique=True)
    title = models.CharField(_("title"), max_length=200)
    text = RichTextField(_("text"))
    signed_on = models.DateField(_("signed on"))
    precision = precision_field()
    place = models.ForeignKey(
        City, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("signed in")
    )
    signatories = models.ManyToManyField(
        City, related_name="agreements", verbose_name=_("signatories"), blank=True
    )
    is_founding = models.BooleanField(_("founding agreement of the coordination"), default=False)
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum, in per cent"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_(
            "Share of the member cities that a meeting needs. Empty: half of them, plus one."
        ),
    )
    source_url = models.URLField(_("source"), blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-signed_on"]

    def __str__(self):
        return f"{self.title} ({known_date(self.signed_on, self.precision)})"

    def get_absolute_url(self):
        return f"{reverse('network_page')}#{self.slug}"


class StrategicLine(models.Model):
    """One of the lines along which the cities agreed to work (direttrice)."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="lines", verbose_name=_("agreement")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    is_reading = models.BooleanField(
        _("a reading"),
        default=False,
        help_text=_("The agreement does not word it so: this is how the coordination reads it."),
    )

    class Meta:
        verbose_name = _("strategic line")
        verbose_name_plural = _("strategic lines")
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_line_a_number")
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


class SustainableGoal(models.Model):
    """One of the seventeen goals of the 2030 Agenda (obiettivo di sviluppo sostenibile)."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    title = models.CharField(_("title"), max_length=120)

    class Meta:
        verbose_name = _("sustainable development goal")
        verbose_name_plural = _("sustainable development goals")
        ordering = ["number"]

    def __str__(self):
        return f"{self.number}. {self.title}"


class ActionArea(models.Model):
    """One of the areas of action of UNESCO's Creative Cities Network (ambito d'azione)."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("area of action")
        verbose_name_plural = _("areas of action")
        ordering = ["number"]

    def __str__(self):
        return f"{self.number}. {self.title}"
