from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from cities.cards import DATA, PAGE, REPORT, Section, is_filled
from cities.dates import ends_after_start, known_date, precision_field
from cities.important import A_YEAR, Important
from cities.models import City, CreativeField, Office
from cities.search import Searchable
from cities.slugs import unique_slug
from documents.models import Document
from documents.pictures import Illustrated
from documents.richtext import RichTextField
from programme.models import ActionArea, StrategicLine, SustainableGoal
from projects import parts  # noqa: F401  its models belong to this room
from projects.publishing import Publishable
from projects.querysets import ProjectQuerySet
from projects.states import PUBLIC, Phase, ProjectStatus, Scope


def is_over():
    """The condition that results can be asked of a project."""
    return Q(phase=Phase.CLOSED) | Q(ends_on__lt=timezone.localdate())


class Project(Illustrated, Publishable, Searchable):
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
    objectives = models.TextField(
        _("objectives"), blank=True, help_text=_("What will be different when it is done.")
    )
    target_groups = models.TextField(
        _("target groups"), blank=True, help_text=_("For whom, and with whom.")
    )
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
    areas = models.ManyToManyField(
        ActionArea, related_name="projects", blank=True, verbose_name=_("UNESCO areas of action")
    )
    scope = models.CharField(_("scope"), max_length=15, choices=Scope, blank=True)
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
    partners_sought = models.TextField(
        _("who is sought"), blank=True, help_text=_("What a partner would bring and do.")
    )
    partners_until = models.DateField(_("sought until"), null=True, blank=True)
    budget = models.DecimalField(
        _("total budget in euro"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    budget_is_public = models.BooleanField(_("show the budget to the public"), default=False)
    contact = models.ForeignKey(
        Office,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("public contact"),
        help_text=_("An office of the lead city, never a private person."),
    )
    is_good_practice = models.BooleanField(
        _("good practice"),
        default=False,
        help_text=_("Coordinators mark what others can learn from."),
    )
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
    last_details = None

    documents = GenericRelation(Document)
    events = GenericRelation("journal.Event")

    objects = ProjectQuerySet.as_manager()

    # The card: what a project tells, in the steps in which it is asked for and shown.
    CARD = [
        Section(
            "essentials",
            _("The essentials"),
            [
                "title", "summary", "lead", "phase", "starts_on", "ends_on", "precision",
                "picture", "picture_alt", "picture_credit", "picture_licence", "picture_focus",
            ],
            [PAGE, REPORT, DATA],
        ),
        Section(
            "story", _("The story"), ["text", "objectives", "target_groups"], [PAGE, REPORT]
        ),
        Section(
            "belonging",
            _("What it belongs to"),
            ["fields", "scope", "lines", "areas", "goals", "is_good_practice"],
            [PAGE, REPORT, DATA],
        ),
        Section(
            "partners",
            _("Who takes part"),
            [
                "partners", "external_partners", "looking_for_partners", "partners_sought",
                "partners_until", "contact",
            ],
            [PAGE, REPORT, DATA],
        ),
        Section("money", _("Money"), ["budget", "budget_is_public", "fundings"], [REPORT, DATA]),
        Section("results", _("Results"), ["results"], [PAGE, REPORT, DATA]),
        Section("gallery", _("Gallery"), ["images"], [PAGE]),
        Section("documents", _("Documents and links"), ["documents", "links"], [PAGE]),
    ]  # fmt: skip

    # The five things that a coordinator needs to see before deciding, and what for.
    NEEDED = {
        "title_it": _("It names the project everywhere."),
        "summary_it": _("It is what lists, search and shared links show."),
        "text_it": _("It is what readers come for, and the core of the monitoring report."),
        "starts_on": _("It puts the project into its years, in lists and in the report."),
        "fields": _("They bring it to the pages of its clusters, and to who reviews it."),
    }

    # What it should tell, besides the five, for its readers and for the report.
    IMPORTANT = [
        Important("italian", _("Words in Italian"), ["title_it", "summary_it", "text_it"]),
        Important("english", _("Words in English"), ["title_en", "summary_en", "text_en"]),
        Important("picture", _("Picture"), ["picture"]),
        Important(
            "picture_words",
            _("What the picture shows"),
            ["picture_alt_it", "picture_alt_en"],
            asked=lambda: ~Q(picture=""),
        ),
        Important("contact", _("Contact"), ["contact"]),
        Important("dates", _("Dates"), ["starts_on"]),
        Important("fields", _("Creative fields"), ["fields"]),
        Important("lines", _("Strategic lines"), ["lines"]),
        Important("goals", _("Goals of the 2030 Agenda"), ["goals"]),
        Important("results", _("Results"), ["results"], asked=is_over),
        Important(
            "update",
            _("Update of the last year"),
            ["updates__posted_on"],
            lasts=A_YEAR,
            asked=lambda: Q(status=ProjectStatus.PUBLISHED, phase=Phase.ONGOING),
        ),
    ]

    SENTENCES = {
        "create": _("{actor} started the project “{thing}”"),
        "update": _("{actor} updated the project “{thing}”"),
        "restore": _("{actor} took back a change to the project “{thing}”"),
        "tell": _("{actor} wrote an update of the project “{thing}”"),
        "retell": _("{actor} changed an update of the project “{thing}”"),
        "untell": _("{actor} removed an update of the project “{thing}”"),
        "submit": _("{actor} submitted the project “{thing}” for review"),
        "take_back": _("{actor} took back the project “{thing}” before its review"),
        "approve": _("{actor} published the project “{thing}”"),
        "send_back": _("{actor} sent back the project “{thing}” with a comment"),
        "ask_for_results": _("The project “{thing}” has ended: tell what came of it"),
        "archive": _("{actor} archived the project “{thing}”"),
        "republish": _("{actor} published the archived project “{thing}” again"),
        "withdraw": _("{actor} withdrew the project “{thing}”"),
        "reopen": _("{actor} reopened the project “{thing}” as a draft"),
        "lose_keeper": _("Nobody keeps the project “{thing}” any more"),
        "find_keeper": _("The project “{thing}” is kept again"),
    }

    SEARCHED = ["title", "summary", "text", "lead"]

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-published_at", "-pk"]
        constraints = [
            ends_after_start("project_ends_after_start"),
            models.CheckConstraint(
                condition=Q(budget__gte=0) | Q(budget=None),
                name="budget_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]
        indexes = [
            # The public list in its order, with all that its filters ask of a project itself:
            # what is rarely so is looked for in the index alone.
            models.Index(
                fields=[
                    "-published_at",
                    "-id",
                    "status",
                    "lead",
                    "phase",
                    "starts_on",
                    "ends_on",
                    "looking_for_partners",
                    "partners_until",
                ],
                name="project_listed",
            ),
            models.Index(fields=["title_it", "-id"], name="project_by_title"),
            models.Index(fields=["status", "updated_at"], name="project_by_status"),
            models.Index(fields=["-updated_at", "-id"], name="project_touched"),
            models.Index(
                fields=["looking_for_partners", "-published_at", "-id"], name="project_seeking"
            ),
            models.Index(fields=["lead", "status"], name="project_of_lead"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("project_detail", args=[self.slug])

    @classmethod
    def free_slug(cls, title):
        """An address for a project of this title, and of no page of ours: the form, the columns."""
        slug = unique_slug(cls, title)
        ours = ("new", "nuovo", "columns", "colonne")
        return unique_slug(cls, f"{title} 1") if slug in ours else slug

    @property
    def is_public(self):
        return self.status in PUBLIC

    @property
    def seeks_partners(self):
        """Whether cities may ask to join: until the day it names, that day included."""
        until = self.partners_until or timezone.localdate()
        return (
            self.status == ProjectStatus.PUBLISHED
            and self.looking_for_partners
            and until >= timezone.localdate()
        )

    @property
    def was_sent_back(self):
        """Whether it waits for its city, with a comment (of with_last_word())."""
        return self.status == ProjectStatus.DRAFT and self.last_verb == "send_back"

    @property
    def last_remarks(self):
        """What was said of its columns when it was last sent back, until it is submitted."""
        return (self.last_details or {}).get("remarks", {}) if self.was_sent_back else {}

    def missing(self, **known):
        """The columns that are still needed before it can be submitted: of the five, and the
        words for a picture that is there (WCAG 2.2, criterion 1.1.1).

        `known` spares a question where a query has told already: `fields=True`.
        """
        needed = [*self.NEEDED, *(["picture_alt_it"] if self.picture else [])]
        return [
            name for name in needed if not (known[name] if name in known else is_filled(self, name))
        ]

    @property
    def period(self):
        """From when to when, as far as it is known; an open end is left open."""
        start = known_date(self.starts_on, self.precision)
        end = known_date(self.ends_on, self.precision)
        if start and not end and self.phase != Phase.CLOSED:
            end = "…"
        return start if start == end else " – ".join(filter(None, [start, end]))
