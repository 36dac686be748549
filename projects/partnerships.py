from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from cities.models import City
from journal.verbs import VerbModel, verb
from projects.rights import delegates_of, may_answer, may_lead
from projects.states import PartnershipStatus, ProjectStatus

# From here a city may be invited, or ask to join.
OUTSIDE = [
    PartnershipStatus.NEW,
    PartnershipStatus.DECLINED,
    PartnershipStatus.REFUSED,
    PartnershipStatus.LEFT,
]


class PartnershipQuerySet(models.QuerySet):
    def accepted(self):
        return self.filter(status=PartnershipStatus.ACCEPTED)

    def standing(self):
        """Those in which a city takes part, or may yet."""
        return self.filter(
            status__in=[
                PartnershipStatus.INVITED,
                PartnershipStatus.ASKING,
                PartnershipStatus.ACCEPTED,
            ]
        )

    def invited(self):
        return self.filter(status=PartnershipStatus.INVITED)

    def asking(self):
        return self.filter(status=PartnershipStatus.ASKING)

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
        """Those of the cities this person acts for."""
        return self.filter(city__in=City.objects.served_by(user).order_by().values("pk"))

    def answerable_by(self, user):
        """Invitations that wait for an answer of the cities this person acts for."""
        return self.invited().asked_of(user).exclude(project__status=ProjectStatus.WITHDRAWN)

    def led_by(self, user):
        """Those in projects that the cities of this person lead."""
        return self.filter(project__lead__in=City.objects.served_by(user).order_by().values("pk"))

    def to_decide_by(self, user):
        """Cities that ask to join a project that a city of this person leads."""
        return self.asking().led_by(user)

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
    may_edit = models.BooleanField(
        _("may edit the card"),
        default=False,
        help_text=_("Otherwise it writes updates only."),
    )
    message = models.TextField(_("message"), max_length=1000, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("asked on"), default=timezone.now, editable=False)
    answered_at = models.DateTimeField(_("answered on"), null=True, editable=False)

    events = GenericRelation("journal.Event")

    objects = PartnershipQuerySet.as_manager()

    NAMED_WITH = ["city", "project"]
    SENTENCES = {
        "invite": _("{actor} invited to a project: {thing}"),
        "cancel": _("{actor} took back the invitation: {thing}"),
        "accept": _("{actor} accepted: {thing}"),
        "decline": _("{actor} declined: {thing}"),
        "ask": _("{actor} asked to join: {thing}"),
        "welcome": _("{actor} welcomed a partner: {thing}"),
        "refuse": _("{actor} did not take in: {thing}"),
        "let_edit": _("{actor} let a partner edit the card: {thing}"),
        "only_updates": _("{actor} let a partner write updates only: {thing}"),
        "leave": _("{actor} left: {thing}"),
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
        source=OUTSIDE,
        target=PartnershipStatus.INVITED,
        permission=may_lead,
        custom={"label": _("Invite again"), "style": "secondary", "at_once": True},
    )
    def invite(self, *, by):
        """The lead city asks this city to take part; its people are told at once."""
        self.asked_at, self.answered_at, self.reason = timezone.now(), None, ""
        return delegates_of([self.city_id])

    @verb
    @transition(
        "status",
        source=PartnershipStatus.INVITED,
        target=PartnershipStatus.REFUSED,
        permission=may_lead,
        custom={"label": _("Take the invitation back"), "style": "secondary"},
    )
    def cancel(self, *, by):
        """The lead city no longer asks; the city's people are told."""
        return delegates_of([self.city_id])

    @verb
    @transition(
        "status",
        source=[PartnershipStatus.INVITED, PartnershipStatus.DECLINED],
        target=PartnershipStatus.ACCEPTED,
        permission=may_answer,
        custom={"label": _("Take part"), "style": "primary", "at_once": True},
    )
    def accept(self, *, by):
        """The city takes part; the lead's people are told."""
        self.answered_at, self.reason = timezone.now(), ""
        return self.project.delegates()

    @verb
    @transition(
        "status",
        source=PartnershipStatus.INVITED,
        target=PartnershipStatus.DECLINED,
        permission=may_answer,
        custom={"label": _("Decline"), "style": "secondary", "asks": True, "at_once": True},
    )
    def decline(self, *, by, comment=""):
        """The city does not take part; the lead's people are told, with the reason."""
        self.answered_at, self.reason = timezone.now(), comment[:300]
        return self.project.delegates()

    @verb
    @transition(
        "status",
        source=OUTSIDE,
        target=PartnershipStatus.ASKING,
        permission=may_answer,
        custom={"label": _("Ask to join"), "style": "primary", "at_once": True},
    )
    def ask(self, *, by):
        """A city asks to join a project that looks for partners; the lead's people are told."""
        self.asked_at, self.answered_at, self.reason = timezone.now(), None, ""
        return self.project.delegates()

    @verb
    @transition(
        "status",
        source=PartnershipStatus.ASKING,
        target=PartnershipStatus.ACCEPTED,
        permission=may_lead,
        custom={"label": _("Welcome"), "style": "primary", "at_once": True},
    )
    def welcome(self, *, by):
        """The lead city takes in a city that asked; its people are told."""
        self.answered_at = timezone.now()
        return delegates_of([self.city_id])

    @verb
    @transition(
        "status",
        source=PartnershipStatus.ASKING,
        target=PartnershipStatus.REFUSED,
        permission=may_lead,
        custom={"label": _("Not this time"), "style": "secondary", "asks": True, "at_once": True},
    )
    def refuse(self, *, by, comment=""):
        """The lead city does not take in a city that asked; its people are told, and why."""
        self.answered_at, self.reason = timezone.now(), comment[:300]
        return delegates_of([self.city_id])

    @verb
    @transition(
        "status",
        source=PartnershipStatus.ACCEPTED,
        target=PartnershipStatus.ACCEPTED,
        conditions=[lambda partnership: not partnership.may_edit],
        permission=may_lead,
        custom={"label": _("Let it edit the card"), "style": "secondary"},
    )
    def let_edit(self, *, by):
        """The partner's people may edit the card."""
        self.may_edit = True
        return delegates_of([self.city_id])

    @verb
    @transition(
        "status",
        source=PartnershipStatus.ACCEPTED,
        target=PartnershipStatus.ACCEPTED,
        conditions=[lambda partnership: partnership.may_edit],
        permission=may_lead,
        custom={"label": _("Let it write updates only"), "style": "secondary"},
    )
    def only_updates(self, *, by):
        """The partner's people no longer edit the card."""
        self.may_edit = False
        return delegates_of([self.city_id])

    @verb
    @transition(
        "status",
        source=PartnershipStatus.ACCEPTED,
        target=PartnershipStatus.LEFT,
        permission=may_answer,
        custom={"label": _("Leave the project"), "style": "danger", "asks": True},
    )
    def leave(self, *, by, comment=""):
        """The city takes part no longer; what it did stays, and the lead's people are told."""
        self.answered_at, self.reason, self.may_edit = timezone.now(), comment[:300], False
        return self.project.delegates()
