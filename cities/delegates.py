"""Who acts for which city, and how that begins and ends."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.dates import DatedQuerySet, ends_after_start
from journal.models import Event


class DelegateRole(models.TextChoices):
    """What a person does for a city in the coordination."""

    POLITICAL = "political", _("political delegate")
    FOCAL_POINT = "focal_point", _("focal point")
    COLLABORATOR = "collaborator", _("collaborator")


class DelegateQuerySet(DatedQuerySet):
    def standing(self):
        """Those of today and those to come."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))

    def active(self):
        """Of people who may log in."""
        return self.filter(user__is_active=True)

    def focal_points(self):
        return self.filter(role=DelegateRole.FOCAL_POINT)

    def irreplaceable(self):
        """Focal points whose city has no other one today."""
        others = Delegate.objects.current().active().focal_points()
        others = others.filter(city=OuterRef("city")).exclude(user=OuterRef("user"))
        return self.current().focal_points().exclude(Exists(others))

    def endable_by(self, user):
        """Any for coordinators; for a focal point the collaborators of the own city."""
        if not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self.standing()
        own = Delegate.objects.current().focal_points().filter(user=user.pk).values("city")
        return self.standing().filter(role=DelegateRole.COLLABORATOR, city__in=own)

    def invite(self, user, city, role, *, by):
        """Let a person act for a city from today, and tell those concerned."""
        with transaction.atomic():
            delegate = self.create(user=user, city=city, role=role)
            delegate.announce(by=by)
        return delegate


class Delegate(models.Model):
    """That a person acts for a city, as what, from when until when (delegato)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="delegates", verbose_name=_("person")
    )
    city = models.ForeignKey(
        "cities.City", models.CASCADE, related_name="delegates", verbose_name=_("city")
    )
    role = models.CharField(_("role"), max_length=20, choices=DelegateRole)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Their rights end with this day.")
    )

    objects = DelegateQuerySet.as_manager()

    NAMED_WITH = ["user", "city"]
    SENTENCES = {
        "invite": _("{actor} named a delegate: {thing}"),
        "end": _("{actor} ended a delegation: {thing}"),
        "hand_over": _("The city keeps the drafts that were begun by its delegate: {thing}"),
    }

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering = ["city", "role", "starts_on"]
        constraints = [ends_after_start("delegate_ends_after_start")]
        indexes = [models.Index(fields=["user", "starts_on", "ends_on"], name="delegate_now")]

    def __str__(self):
        return f"{self.user} – {self.city}, {self.get_role_display()}"

    def get_absolute_url(self):
        return self.city.get_absolute_url()

    @property
    def mail_facts(self):
        """What a mail about it says at a glance."""
        return [
            (_("City"), self.city),
            (_("Role"), self.get_role_display()),
            (_("From"), self.starts_on),
            (_("Until"), self.ends_on),
        ]

    def drafts(self):
        """What this person began for the city and has not been published yet."""
        return self.city.led_projects.drafts().filter(created_by=self.user_id)

    def colleagues(self):
        """Who else acts for the city today."""
        return self.city.people().exclude(pk=self.user_id)

    def announce(self, *, by):
        """Tell the city's people, and the person at once; who has never come in is invited."""
        known = [self.user] if self.user.is_active and self.user.last_login else []
        tell = [*self.colleagues(), *known]
        if not self.user.is_active:
            tell += get_user_model().objects.coordinators()  # only they can let them in again
        Event.objects.record(self, "invite", by=by, tell=tell, at_once=known)

    def end(self, *, by, comment=""):
        """Take the rights away at once, and tell the person and the city.

        Both days of a term count, so the last one was yesterday; a term that begins today or
        later is moved there whole. What the person had begun stays with the city.
        """
        yesterday = timezone.localdate() - timedelta(days=1)
        with transaction.atomic():
            if not Delegate.objects.standing().select_for_update().filter(pk=self.pk).exists():
                return  # somebody else was faster
            left_alone = Delegate.objects.irreplaceable().filter(pk=self.pk).exists()
            self.starts_on, self.ends_on = min(self.starts_on, yesterday), yesterday
            self.save(update_fields=["starts_on", "ends_on"])
            people = list(self.colleagues())
            if left_alone or not people:
                people += get_user_model().objects.coordinators()
            person = [self.user] if self.user.is_active else []
            Event.objects.record(
                self, "end", by=by, comment=comment, tell=[*people, *person], at_once=person
            )
            drafts = [str(project) for project in self.drafts()]
            if drafts:
                Event.objects.record(
                    self, "hand_over", by=by, comment="\n".join(drafts), tell=people
                )
