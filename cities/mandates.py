"""Who leads, supports and hosts the coordination, and in which term."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.dates import DatedQuerySet, ends_after_start, known_date, precision_field


class MandateRole(models.TextChoices):
    """The three tasks of governance."""

    LEAD = "lead", _("lead")
    SUPPORT = "support", _("support")
    HOST = "host", _("host")


class MandateQuerySet(DatedQuerySet):
    def leads(self):
        return self.filter(role=MandateRole.LEAD)

    def with_decisions(self, user):
        """With the decisions that gave them and their meetings, as far as this person sees them."""
        decisions = self.model.decisions.rel.related_model.objects.visible_to(user)
        decisions = decisions.select_related("meeting").order_by("meeting__starts_at", "pk")
        return self.prefetch_related(Prefetch("decisions", decisions, "visible_decisions"))


class Mandate(models.Model):
    """A term in which a city leads, supports or hosts the coordination (mandato)."""

    city = models.ForeignKey(
        "cities.City", models.CASCADE, related_name="mandates", verbose_name=_("city")
    )
    role = models.CharField(_("role"), max_length=10, choices=MandateRole)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    precision = precision_field()
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["starts_on", "role", "pk"]
        constraints = [ends_after_start("mandate_ends_after_start")]

    def __str__(self):
        return f"{self.city}, {self.get_role_display()} {self.period}"

    @property
    def period(self):
        start = known_date(self.starts_on, self.precision)
        end = known_date(self.ends_on, self.precision) if self.ends_on else ""
        return start if start == end else f"{start} – {end}"

    @property
    def is_current(self):
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)

    @property
    def meetings(self):
        """The meetings that decided it; only of mandates asked for `with_decisions`."""
        return list(dict.fromkeys(decision.meeting for decision in self.visible_decisions))

    def clean(self):
        """One city leads at a time."""
        if self.role != MandateRole.LEAD or not self.starts_on:
            return
        others = Mandate.objects.leads().exclude(pk=self.pk)
        if self.ends_on:
            others = others.filter(starts_on__lte=self.ends_on)
        clash = others.filter(Q(ends_on=None) | Q(ends_on__gte=self.starts_on)).first()
        if clash:
            raise ValidationError(
                {"starts_on": _("%(other)s overlaps: one city leads at a time.") % {"other": clash}}
            )
