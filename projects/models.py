from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from cities.dates import known_date, precision_field
from cities.models import City, CreativeField, Delegate, ends_after_start
from cities.search import Searchable, SearchableQuerySet
from documents.models import Document
from documents.pictures import Illustrated
from documents.richtext import RichTextField
from journal.verbs import VerbModel, verb
from programme.models import StrategicLine, SustainableGoal


class Phase(models.TextChoices):
    """How far the work of a project is."""

    IDEA = "idea", _("idea")
    PLANNED = "planned", _("planned")
    ONGOING = "ongoing", _("ongoing")
    CLOSED = "closed", _("closed")
    SUSPENDED = "suspended", _("suspended")


class ProjectStatus(models.TextChoices):
    """Where a project's page stands on its way to the public."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")
    WITHDRAWN = "withdrawn", _("withdrawn")


PUBLIC = [ProjectStatus.PUBLISHED, ProjectStatus.ARCHIVED]


def delegates_of(cities):
    """The people who act for these cities today."""
    return get_user_model().objects.filter(
        is_active=True,
        pk__in=Delegate.objects.current().filter(city__in=cities).order_by().values("user"),
    )


class ProjectQuerySet(SearchableQuerySet):
    def published(self):
        return self.filter(status__in=PUBLIC)

    def submitted(self):
        return self.filter(status=ProjectStatus.SUBMITTED)

    def drafts(self):
        return self.filter(status=ProjectStatus.DRAFT)

    def visible_to(self, user):
        """Published ones for all; a delegate also sees those of the own cities in any status."""
        if not user.is_authenticated:
            return self.published()
        if user.is_coordinator:
            return self.exclude(Q(status=ProjectStatus.DRAFT) & ~Q(created_by=user))
        own = City.objects.served_by(user).order_by().values("pk")
        return self.filter(
            Q(status__in=PUBLIC)
            | Q(lead__in=own)
            | Q(pk__in=Partnership.objects.filter(city__in=own).values("project"))
            & ~Q(status=ProjectStatus.DRAFT)
        )

    def editable_by(self, user):
        """Drafts of the cities this person acts for."""
        return self.drafts().filter(lead__in=City.objects.served_by(user).order_by().values("pk"))

    def reviewable_by(self, user):
        if user.is_authenticated and user.is_coordinator:
            return self.submitted()
        return self.none()

    def of_city(self, city):
        """Projects a city leads or has joined."""
        joined = Partnership.objects.accepted().filter(city=city)
        return self.filter(Q(lead=city) | Q(pk__in=joined.values("project")))

    def joint(self):
        """Projects of more than one city."""
        return self.filter(pk__in=Partnership.objects.accepted().values("project"))

    def recent(self):
        return self.order_by("-published_at", "-pk")

    def for_cards(self):
        """With what a card shows, in a fixed number of queries."""
        return self.select_related("lead").prefetch_related("fields")


def may_edit(project, user):
    return project.status == ProjectStatus.DRAFT and (
        City.objects.served_by(user).filter(pk=project.lead_id).exists()
    )


def may_review(project, user):
    return user.is_coordinator


def may_withdraw(project, user):
    return user.is_coordinator or City.objects.served_by(user).filter(pk=project.lead_id).exists()


class Project(Illustrated, VerbModel, Searchable):
    """What a city does in its field, alone or, better, with other cities (progetto)."""

    slug = models.SlugField(max_length=120, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=140)
    summary = models.CharField(
        _("in a few words"),
        max_length=500,
        blank=True,
        help_text=_("What it is and for whom, in at most 500 characters."),
    )
    text = RichTextField(_("story"))
    lead = models.ForeignKey(
        City, models.PROTECT, related_name="led_projects", verbose_name=_("lead city")
    )
    partners = models.ManyToManyField(
        City, through="Partnership", related_name="joined_projects", verbose_name=_("partners")
    )
    fields = models.ManyToManyField(
        CreativeField, related_name="projects", blank=True, verbose_name=_("creative fields")
    )
    lines = models.ManyToManyField(
        StrategicLine, related_name="projects", blank=True, verbose_name=_("strategic lines")
    )
    goals = models.ManyToManyField(
        SustainableGoal,
        related_name="projects",
        blank=True,
        verbose_name=_("sustainable development goals"),
    )
    phase = models.CharField(
        _("state of the work"), max_length=10, choices=Phase, default=Phase.PLANNED
    )
    status = FSMField(
        _("status"), choices=ProjectStatus, default=ProjectStatus.DRAFT, protected=True
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    precision = precision_field(_("dates known to the"))
    looking_for_partners = models.BooleanField(_("looking for partners"), default=False)
    coordinator_note = models.TextField(
        _("note for coordinators"), blank=True, help_text=_("Never public.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="created_projects",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated on"), auto_now=True)
    published_at = models.DateTimeField(_("published on"), null=True, editable=False)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    documents = GenericRelation(Document)
    events = GenericRelation("journal.Event")

    objects = ProjectQuerySet.as_manager()

    # The card: what a project tells, in the order in which it is asked for and shown.
    CARD = [
        "title", "summary", "lead", "phase", "starts_on", "ends_on", "precision", "fields",
        "lines", "goals", "looking_for_partners", "text", "picture", "picture_alt",
        "picture_credit",
    ]  # fmt: skip

    SENTENCES = {
        "create": _("{actor} started the project “{thing}”"),
        "update": _("{actor} updated the project “{thing}”"),
        "submit": _("{actor} submitted the project “{thing}” for review"),
        "approve": _("{actor} published the project “{thing}”"),
        "send_back": _("{actor} sent back the project “{thing}” with a comment"),
        "archive": _("{actor} archived the project “{thing}”"),
        "withdraw": _("{actor} withdrew the project “{thing}”"),
        "reopen": _("{actor} reopened the project “{thing}” as a draft"),
    }

    SEARCHED = ["title", "summary", "text", "lead"]

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-published_at", "-pk"]
        constraints = [ends_after_start("project_ends_after_start")]
        indexes = [
            models.Index(fields=["status", "-published_at", "-id"], name="project_recent"),
            models.Index(fields=["lead", "status"], name="project_of_lead"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("project_detail", args=[self.slug])

    @property
    def is_public(self):
        return self.status in PUBLIC

    @property
    def period(self):
        start = known_date(self.starts_on, self.precision)
        end = known_date(self.ends_on, self.precision)
        return start if start == end else " – ".join(filter(None, [start, end]))

    def delegates(self):
        """The people of the lead city."""
        return delegates_of([self.lead_id])

    def everyone(self):
        """The people of every city that takes part."""
        return delegates_of(
            [self.lead_id, *self.partnerships.accepted().values_list("city", flat=True)]
        )

    @verb
    @transition(
        "status",
        source=ProjectStatus.DRAFT,
        target=ProjectStatus.SUBMITTED,
        permission=may_edit,
        custom={"label": _("Submit for review"), "style": "primary"},
    )
    def submit(self, *, by):
        """Hand a draft to the coordinators, who are told."""
        return get_user_model().objects.coordinators()

    @verb
    @transition(
        "status",
        source=ProjectStatus.SUBMITTED,
        target=ProjectStatus.PUBLISHED,
        permission=may_review,
        custom={"label": _("Approve and publish"), "style": "primary", "at_once": True},
    )
    def approve(self, *, by):
        """Publish; the lead's people hear at once, and invited cities that they are asked."""
        self.published_at = self.published_at or timezone.now()
        return self.delegates() | delegates_of(self.partners.order_by().values("pk"))

    @verb
    @transition(
        "status",
        source=ProjectStatus.SUBMITTED,
        target=ProjectStatus.DRAFT,
        permission=may_review,
        custom={"label": _("Send back"), "style": "secondary", "asks": True, "at_once": True},
    )
    def send_back(self, *, by, comment=""):
        """Give it back to its city with a comment, which reaches its people by mail."""
        return self.delegates()

    @verb
    @transition(
        "status",
        source=ProjectStatus.PUBLISHED,
        target=ProjectStatus.ARCHIVED,
        permission=may_review,
        custom={"label": _("Archive"), "style": "secondary"},
    )
    def archive(self, *, by):
        """Keep it at its address with a notice that it is history."""
        return self.everyone()

    @verb
    @transition(
        "status",
        source=[ProjectStatus.SUBMITTED, *PUBLIC],
        target=ProjectStatus.WITHDRAWN,
        permission=may_withdraw,
        custom={"label": _("Withdraw"), "style": "danger"},
    )
    def withdraw(self, *, by):
        """Take it from the public at once; its address answers 410."""
        return self.everyone() | get_user_model().objects.coordinators()

    @verb
    @transition(
        "status",
        source=ProjectStatus.WITHDRAWN,
        target=ProjectStatus.DRAFT,
        permission=may_withdraw,
        custom={"label": _("Reopen as a draft"), "style": "secondary"},
    )
    def reopen(self, *, by):
        """Begin again with what was withdrawn."""
        return self.delegates()


class PartnershipQuerySet(models.QuerySet):
    def accepted(self):
        return self.filter(status=PartnershipStatus.ACCEPTED)

    def open(self):
        return self.filter(status=PartnershipStatus.INVITED)

    def visible_to(self, user):
        """Accepted ones with the project; others only for the cities concerned."""
        accepted = Q(
            status=PartnershipStatus.ACCEPTED, project__in=Project.objects.visible_to(user)
        )
        if not user.is_authenticated:
            return self.filter(accepted)
        if user.is_coordinator:
            return self
        own = City.objects.served_by(user).order_by().values("pk")
        return self.filter(accepted | Q(city__in=own) | Q(project__lead__in=own))

    def answerable_by(self, user):
        """Invitations that wait for an answer of the cities this person acts for.

        A city is asked when the project is no longer a draft.
        """
        return (
            self.open()
            .exclude(project__status__in=[ProjectStatus.DRAFT, ProjectStatus.WITHDRAWN])
            .filter(city__in=City.objects.served_by(user).order_by().values("pk"))
        )


class PartnershipStatus(models.TextChoices):
    """What a city has answered."""

    INVITED = "invited", _("invited")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


def may_answer(partnership, user):
    return City.objects.served_by(user).filter(pk=partnership.city_id).exists()


class Partnership(VerbModel):
    """That a city is asked to take part in a project, and its answer (partenariato)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="partnerships")
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


class ProjectLink(models.Model):
    """A page elsewhere that tells more about a project (collegamento)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="links")
    url = models.URLField(_("address"))
    label = models.CharField(_("what is there"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["pk"]

    def __str__(self):
        return self.label or self.url
