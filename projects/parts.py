"""The rows of a project's card, what it has several of; and its updates."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from cities.models import City
from documents.pictures import Illustrated
from projects.states import PUBLIC, ProjectStatus


class PartnerKind(models.TextChoices):
    """What a partner is that is no city of the network."""

    CREATIVE_CITY = "creative_city", _("Creative City abroad")
    PUBLIC = "public", _("public body")
    RESEARCH = "research", _("university or research body")
    COMPANY = "company", _("company")
    ASSOCIATION = "association", _("association or foundation")
    OTHER = "other", _("other")


class ExternalPartner(models.Model):
    """Who takes part in a project from outside the network, and as what (partner esterno)."""

    project = models.ForeignKey(
        "projects.Project", models.CASCADE, related_name="external_partners"
    )
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=20, choices=PartnerKind)
    role = models.CharField(_("role in the project"), max_length=160, blank=True)
    country = CountryField(_("country"), default="IT")
    url = models.URLField(_("site"), blank=True)

    COLUMNS = ["name", "kind", "role", "country", "url"]

    class Meta:
        verbose_name = _("partner outside the network")
        verbose_name_plural = _("partners outside the network")
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Funding(models.Model):
    """Money a project has from a programme (finanziamento)."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="fundings")
    programme = models.CharField(_("programme or funder"), max_length=160)
    grant_number = models.CharField(_("grant number"), max_length=60, blank=True)
    amount = models.DecimalField(
        _("amount in euro"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    is_public = models.BooleanField(_("show it to the public"), default=False)

    COLUMNS = ["programme", "grant_number", "amount", "is_public"]

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("fundings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=0) | models.Q(amount=None),
                name="funding_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            )
        ]

    def __str__(self):
        return self.programme


class Result(models.Model):
    """A number that tells what a project brought about, measured on a day (risultato)."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="results")
    name = models.CharField(_("what was measured"), max_length=160)
    value = models.DecimalField(_("number"), max_digits=14, decimal_places=2)
    unit = models.CharField(
        _("unit"), max_length=40, blank=True, help_text=_("People, workshops, euro, kilometres…")
    )
    measured_on = models.DateField(_("measured on"), default=timezone.localdate)

    COLUMNS = ["name", "value", "unit", "measured_on"]

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.name}: {self.value.normalize():f} {self.unit}".strip()


class ProjectImage(Illustrated):
    """A picture of a project's gallery, in its place (immagine)."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="images")
    position = models.PositiveSmallIntegerField(_("place in the gallery"), default=1)

    COLUMNS = [
        "picture", "picture_alt", "picture_credit", "picture_licence", "picture_focus", "position",
    ]  # fmt: skip

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("gallery")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.picture_alt or str(self.position)


class ProjectLink(models.Model):
    """A page elsewhere that tells more about a project (collegamento)."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="links")
    url = models.URLField(_("address"))
    label = models.CharField(_("what is there"), max_length=120, blank=True)

    COLUMNS = ["url", "label"]

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["pk"]

    def __str__(self):
        return self.label or self.url


class ProjectUpdateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """With the project."""
        return self.filter(
            project__in=ProjectUpdate.project.field.related_model.objects.visible_to(user)
        )

    def told_by(self, user):
        """Those of the cities this person acts for."""
        return self.filter(city__in=City.objects.served_by(user))

    def editable_by(self, user):
        """The same, while the project is published."""
        return self.told_by(user).filter(project__status=ProjectStatus.PUBLISHED)

    def removable_by(self, user):
        """Also those in projects that their cities lead; and all, for who coordinates."""
        if user.is_authenticated and user.is_coordinator:
            return self
        own = City.objects.served_by(user)
        return self.filter(models.Q(city__in=own) | models.Q(project__lead__in=own))

    def public(self):
        return self.filter(project__status__in=PUBLIC)

    def recent(self):
        return self.order_by("-posted_on", "-pk")


class ProjectUpdate(Illustrated):
    """What happened in a project, told briefly by one of its cities (aggiornamento)."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="updates")
    city = models.ForeignKey(
        City, models.PROTECT, related_name="project_updates", verbose_name=_("city")
    )
    text = models.TextField(
        _("what happened"), max_length=1500, help_text=_("In at most 1500 characters.")
    )
    posted_on = models.DateField(_("day"), default=timezone.localdate)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)

    objects = ProjectUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-posted_on", "-pk"]
        indexes = [models.Index(fields=["project", "-posted_on"], name="update_of_project")]

    def __str__(self):
        return f"{self.project}, {self.posted_on}"

    def get_absolute_url(self):
        return f"{self.project.get_absolute_url()}#update-{self.pk}"
