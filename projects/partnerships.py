from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from cities.models import City
from journal.verbs import VerbModel, verb
from projects.rights import may_answer
from projects.states import PartnershipStatus, ProjectStatus


class PartnershipQuerySet(models.QuerySet):
    def accepted(self):
        return self.filter(status=PartnershipStatus.ACCEPTED)

    def open(self):
        return self.filter(status=PartnershipStatus.INVITED)

    def visible_to(self, user):
        """Accepted ones with the project; others only for the cities concerned."""
        from projects.models import Project

        accepted = Q(
            status=PartnershipStatus.ACCEPTED, project__in=Project.objects.visible_to(user)
        )
        if not user.is_authenticated:
            return self.filter(accepted)
        if user.is_coordinator:
            return self
        own = City.objects.served_by(user).order_by().values("pk")
        return self.filter(accepted | Q(city__in=own) | Q(project__lead__in=own))

    def asked_of(self, user):
        """Those of the cities this person acts for.

        A city is asked when the project is no longer a draft.
        """
        return self.exclude(
            project__status__in=[ProjectStatus.DRAFT, ProjectStatus.WITHDRAWN]
        ).filter(city__in=City.objects.served_by(user).order_by().values("pk"))

    def answerable_by(self, user):
        """Invitations that wait for an answer of the cities this person acts for."""
        return self.open().asked_of(user)

    def with_askers(self, user):
        """With whether the person acts for the city (`is_mine`)."""
        mine = City.objects.served_by(user).order_by().values("pk")
        return self.annotate(is_mine=ExpressionWrapper(Q(city__in=mine), BooleanField()))


class Partnership(VerbModel):
    """That a city is asked to take part in a project, and its answer (partenariato)."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="partnerships")
    city = models.ForeignKey(
        City, models.PROTECT, related_name="partnerships", verbose_name=_("city")
    )
    status = FSMField(
        _("answer"),
        choices=PartnershipStatus,
        default=PartnershipStatus.INVITED,
        protected=True,
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered on"), null=True, editable=False)

    events = GenericRelation("journal.Event")

    objects = PartnershipQuerySet.as_manager()

    NAMED_WITH = ["city", "project"]
    SENTENCES = {
        "accept": _("{actor} accepted: {thing}"),
        "decline": _("{actor} declined: {thing}"),
    }

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "city"], name="one_partnership_a_city")
        ]

    def __str__(self):
        return f"{self.city}, {self.project}"

    def get_absolute_url(self):
        return self.project.get_absolute_url()

    @verb
    @transition(
        "status",
        source=[PartnershipStatus.INVITED, PartnershipStatus.DECLINED],
        target=PartnershipStatus.ACCEPTED,
        permission=may_answer,
        custom={"label": _("Take part"), "style": "primary"},
    )
    def accept(self, *, by):
        """The city takes part; the lead's people are told."""
        self.answered_at, self.reason = timezone.now(), ""
        return self.project.delegates()

    @verb
    @transition(
        "status",
        source=[PartnershipStatus.INVITED, PartnershipStatus.ACCEPTED],
        target=PartnershipStatus.DECLINED,
        permission=may_answer,
        custom={"label": _("Decline"), "style": "secondary", "asks": True},
    )
    def decline(self, *, by, comment=""):
        """The city does not take part; the lead's people are told, with the reason."""
        self.answered_at, self.reason = timezone.now(), comment[:300]
        return self.project.delegates()
