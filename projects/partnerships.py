from datetime import timedelta

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from cities.models import City
from journal.signed_links import sign
from journal.verbs import VerbModel, verb
from projects.rights import delegates_of, may_answer, may_ask, may_invite, may_lead
from projects.states import OPEN, PartnershipStatus

# From here a city may ask to join, or be invited.
OUTSIDE = [PartnershipStatus.NEW, PartnershipStatus.REFUSED, PartnershipStatus.LEFT]
STANDING = [PartnershipStatus.INVITED, PartnershipStatus.ASKING, PartnershipStatus.ACCEPTED]

ANSWER_DAYS = 60  # how long the link in an invitation's letter answers


def is_open(partnership):
    """Whether cities may still come into the project: not into what is archived or withdrawn."""
    return partnership.project.status in OPEN and partnership.city_id != partnership.project.lead_id


class PartnershipQuerySet(models.QuerySet):
    def accepted(self):
        return self.filter(status=PartnershipStatus.ACCEPTED)

    def standing(self):
        """Those in which a city takes part, or may yet."""
        return self.filter(status__in=STANDING)

    def settled(self):
        """Those of cities that need not ask: they stand in it, or may still accept."""
        return self.filter(status__in=[*STANDING, PartnershipStatus.DECLINED])

    def invited(self):
        return self.filter(status=PartnershipStatus.INVITED)

    def asking(self):
        return self.filter(status=PartnershipStatus.ASKING)

    def visible_to(self, user):
        """Accepted ones with the project; others only for the cities concerned."""
        from projects.models import Project

        # Asked of each project in turn: a page shows the partners of one.
        seen = Project.objects.visible_to(user).order_by().filter(pk=OuterRef("project"))
        accepted = Q(Exists(seen), status=PartnershipStatus.ACCEPTED)
        if not user.is_authenticated:
            return self.filter(accepted)
        if user.is_coordinator:
            return self
        own = City.objects.served_by(user)
        return self.filter(accepted | Q(city__in=own) | Q(project__lead__in=own))

    def told_to(self, user):
        """Those whose messages and reasons this person reads: of the two cities, and all of them
        who coordinates."""
        return self if user.is_coordinator else self.asked_of(user) | self.led_by(user)

    def asked_of(self, user):
        """Those of the cities this person acts for."""
        return self.filter(city__in=City.objects.served_by(user))

    def answerable_by(self, user):
        """Invitations that wait for an answer of the cities this person acts for."""
        return self.invited().asked_of(user).filter(project__status__in=OPEN)

    def led_by(self, user):
        """Those in projects that the cities of this person lead."""
        return self.filter(project__lead__in=City.objects.served_by(user))

    def to_decide_by(self, user):
        """Cities that ask to join a project that a city of this person leads."""
        return self.asking().led_by(user).filter(project__status__in=OPEN)

    def with_askers(self, user):
        """With whether the person acts for the city (`is_mine`)."""
        mine = City.objects.served_by(user)
        return self.annotate(is_mine=ExpressionWrapper(Q(city__in=mine), BooleanField()))

    def invite(self, project, city, *, by, message="", may_edit=False):
        """The lead's way to a partner; TransitionNotAllowed where the city is in it, or asked."""
        return self.begin(project, city, "invite", by=by, comment=message, may_edit=may_edit)

    def ask(self, project, city, *, by, message=""):
        """A city's own way into a project; TransitionNotAllowed where it is in it, or asked."""
        return self.begin(project, city, "ask", by=by, comment=message)

    def begin(self, project, city, verb, **arguments):
        """The one row of a city in a project, and its first verb; two at once take turns."""
        with transaction.atomic():
            project.lock_status()
            partnership, _is_new = self.get_or_create(
                project=project, city=city, defaults={"status": PartnershipStatus.NEW}
            )
            getattr(partnership, verb)(**arguments)
        return partnership


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
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(_("asked on"), default=timezone.now, editable=False)
    answered_at = models.DateTimeField(_("answered on"), null=True, editable=False)

    events = GenericRelation("journal.Event")

    objects = PartnershipQuerySet.as_manager()

    NAMED_WITH = ["city", "project"]
    SENTENCES = {
        "invite": _("{actor} invited a partner city: {thing}"),
        "cancel": _("{actor} took back an invitation: {thing}"),
        "accept": _("{actor} accepted: {thing}"),
        "decline": _("{actor} declined: {thing}"),
        "ask": _("{actor} asked to join a project: {thing}"),
        "welcome": _("{actor} welcomed a partner: {thing}"),
        "refuse": _("{actor} did not take in: {thing}"),
        "let_edit": _("{actor} let a partner edit the card: {thing}"),
        "only_updates": _("{actor} let a partner write updates only: {thing}"),
        "leave": _("{actor} left: {thing}"),
    }

    # Said with a message, on pages of their own.
    PAGES = {"invite": "partnership_invite", "ask": "partnership_ask"}

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

    @property
    def mail_facts(self):
        """What a letter about it says at a glance."""
        project, how = self.project, ""
        if self.status == PartnershipStatus.INVITED:
            last_day = timezone.localtime(self.asked_at) + timedelta(days=ANSWER_DAYS)
            how = _("with the link below, without logging in, until %(day)s")
            how %= {"day": date_format(last_day, "DATE_FORMAT")}
        return [
            (_("Project"), project),
            (_("Lead city"), project.lead),
            (_("City"), self.city),
            (_("To answer"), how),
        ]

    def mail_url(self, user, event):
        """An invitation's letter leads to where this person answers without logging in; one
        that takes it back leads to the desk, where the project is not for all to see."""
        if event.verb == "cancel" and not self.project.is_public:
            return reverse("desk")
        if event.verb != "invite":
            return self.get_absolute_url()
        token = sign("partnership", user, self, self.asked_at.isoformat())
        return reverse("partnership_answer", args=[token])

    def lock_status(self):
        """Hold the project too: nobody joins what is being withdrawn at this moment."""
        self.project.lock_status()
        super().lock_status()

    def verbs_for(self, user):
        """As of any thing, the likely one first; what comes with a message has its own page."""
        verbs = sorted(super().verbs_for(user), key=lambda each: each["style"] != "primary")
        for each in verbs:
            if page := self.PAGES.get(each["name"]):
                query = {"city": self.city_id}
                each["url"] = reverse(page, args=[self.project.slug], query=query)
        return verbs

    @verb
    @transition(
        "status",
        source=[*OUTSIDE, PartnershipStatus.DECLINED],
        target=PartnershipStatus.INVITED,
        conditions=[is_open],
        permission=may_invite,
        custom={"label": _("Invite again"), "style": "secondary", "at_once": True},
    )
    def invite(self, *, by, comment="", may_edit=False):
        """The lead city asks this city to take part; its people are told at once."""
        self.message, self.may_edit = comment, may_edit
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
        conditions=[is_open],
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
        conditions=[is_open],
        permission=may_answer,
        custom={"label": _("Decline"), "style": "secondary", "asks": True, "at_once": True},
    )
    def decline(self, *, by, comment=""):
        """The city does not take part; the lead's people are told, with the reason."""
        self.answered_at, self.reason = timezone.now(), comment
        return self.project.delegates()

    @verb
    @transition(
        "status",
        source=OUTSIDE,
        target=PartnershipStatus.ASKING,
        conditions=[is_open, lambda partnership: partnership.project.seeks_partners],
        permission=may_ask,
        custom={"label": _("Ask to join"), "style": "primary", "at_once": True},
    )
    def ask(self, *, by, comment=""):
        """A city asks to join a project that looks for partners; the lead's people are told."""
        self.message, self.may_edit = comment, False
        self.asked_at, self.answered_at, self.reason = timezone.now(), None, ""
        return self.project.delegates()

    @verb
    @transition(
        "status",
        source=PartnershipStatus.ASKING,
        target=PartnershipStatus.ACCEPTED,
        conditions=[is_open],
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
        self.answered_at, self.reason = timezone.now(), comment
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
        self.answered_at, self.reason, self.may_edit = timezone.now(), comment, False
        return self.project.delegates()
