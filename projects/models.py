from datetime import date

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from cities.dates import known_date, precision_field
from cities.models import City, CreativeField, ends_after_start
from cities.search import Searchable, SearchableQuerySet
from cities.slugs import unique_slug
from documents.models import Document
from documents.pictures import Illustrated
from documents.richtext import RichTextField
from journal.models import Event
from journal.verbs import VerbModel, verb
from programme.models import StrategicLine, SustainableGoal
from projects.partnerships import Partnership
from projects.rights import delegates_of, may_edit, may_review, may_withdraw
from projects.states import PUBLIC, Phase, ProjectStatus


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
        own = City.objects.served_by(user).order_by().values("pk")
        if user.is_coordinator:
            return self.filter(
                ~Q(status=ProjectStatus.DRAFT) | Q(lead__in=own) | Q(created_by=user)
            )
        return self.filter(
            Q(status__in=PUBLIC)
            | Q(lead__in=own)
            | Q(pk__in=Partnership.objects.filter(city__in=own).values("project"))
            & ~Q(status=ProjectStatus.DRAFT)
        )

    def led_by(self, user):
        """Those whose lead city this person acts for, in any status."""
        return self.filter(lead__in=City.objects.served_by(user).order_by().values("pk"))

    def editable_by(self, user):
        """Drafts of the cities this person acts for."""
        return self.drafts().led_by(user)

    def overseen_by(self, user):
        """All, in any status, for those who coordinate."""
        return self if user.is_authenticated and user.is_coordinator else self.none()

    def reviewable_by(self, user):
        return self.submitted().overseen_by(user)

    def withdrawable_by(self, user):
        """Those that this person may take from the public, or bring back as a draft."""
        return self.overseen_by(user) | self.led_by(user)

    def gone(self):
        """Those that the public once could read."""
        return self.filter(status=ProjectStatus.WITHDRAWN).exclude(published_at=None)

    def of_city(self, city):
        """Projects a city leads or has joined."""
        joined = Partnership.objects.accepted().filter(city=city)
        return self.filter(Q(lead=city) | Q(pk__in=joined.values("project")))

    def joint(self):
        """Projects of more than one city."""
        return self.filter(pk__in=Partnership.objects.accepted().values("project"))

    def running_in(self, year):
        """At work in this year; without an end: until they are closed."""
        starts = Q(starts_on__lte=date(year, 12, 31)) | Q(starts_on=None, ends_on__year=year)
        lasts = Q(ends_on__gte=date(year, 1, 1)) | Q(ends_on=None) & (
            ~Q(phase=Phase.CLOSED) | Q(starts_on__year=year)
        )
        return self.filter(starts & lasts)

    def akin_to(self, project):
        """Others that share a creative field or a strategic line with this one."""
        shares_line = Exists(
            Project.lines.through.objects.filter(
                project=OuterRef("pk"), strategicline__in=project.lines.order_by().values("pk")
            )
        )
        in_fields = Project.fields.through.objects.filter(
            creativefield__in=project.fields.order_by().values("pk")
        )
        return (
            self.exclude(pk=project.pk)
            .annotate(shares_line=shares_line)
            .filter(Q(shares_line=True) | Q(pk__in=in_fields.values("project")))
        )

    def with_last_word(self):
        """With the last decision on each (`last_verb`) and its comment (`last_comment`)."""
        decided = Event.objects.filter(
            content_type=ContentType.objects.get_for_model(Project),
            object_id=OuterRef("pk"),
            verb__in=["submit", "approve", "send_back", "withdraw", "reopen"],
        ).order_by("-at", "-pk")
        return self.annotate(
            last_verb=Subquery(decided.values("verb")[:1]),
            last_comment=Subquery(decided.values("comment")[:1]),
        )

    def recent(self):
        return self.order_by("-published_at", "-pk")

    def for_cards(self):
        """With what a card shows, in a fixed number of queries."""
        return self.select_related("lead").prefetch_related("fields")


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

    last_verb = last_comment = ""  # with_last_word() knows better

    documents = GenericRelation(Document)
    events = GenericRelation("journal.Event")

    objects = ProjectQuerySet.as_manager()

    # The card: what a project tells, in the order in which it is asked for and shown.
    CARD = [
        (_("In words"), ["title", "summary", "text"]),
        (_("Who takes part"), ["lead", "partners", "looking_for_partners"]),
        (_("When"), ["phase", "starts_on", "ends_on", "precision"]),
        (_("What it belongs to"), ["fields", "lines", "goals"]),
        (_("Picture"), ["picture", "picture_alt", "picture_credit"]),
    ]

    # What a coordinator needs to see before deciding.
    NEEDED = ["title_it", "summary_it", "text_it", "fields"]

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

    @classmethod
    def free_slug(cls, title):
        """An address for a project of this title; "new" is the address of the form."""
        slug = unique_slug(cls, title)
        return unique_slug(cls, f"{title} 1") if slug in ("new", "nuovo") else slug

    @property
    def is_public(self):
        return self.status in PUBLIC

    @property
    def was_sent_back(self):
        """Whether it waits for its city, with a comment (of with_last_word())."""
        return self.status == ProjectStatus.DRAFT and self.last_verb == "send_back"

    def missing(self):
        """The names of what is still needed before it can be submitted."""
        needed = [*self.NEEDED, *(["picture_alt_it"] if self.picture else [])]
        values = {name: getattr(self, name) for name in needed}
        values["fields"] = self.fields.exists()
        return [name for name, value in values.items() if not value]

    @property
    def period(self):
        """From when to when, as far as it is known; an open end is left open."""
        start = known_date(self.starts_on, self.precision)
        end = known_date(self.ends_on, self.precision)
        if start and not end and self.phase != Phase.CLOSED:
            end = "…"
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
