"""What meetings ask cities to do, by when, and what came of it."""

from datetime import date, timedelta

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from cities.models import City
from journal.models import Event
from journal.signed_links import sign
from journal.verbs import VerbModel, verb
from meetings.agenda import AgendaItem
from meetings.decisions import Decision
from meetings.states import MINUTED, UNDONE, ActionStatus
from programme.models import StrategicLine
from projects.models import Project
from projects.rights import acts_for, delegates_of

MORE_TIME = timedelta(days=14)  # what a shift proposes
LONGEST = timedelta(days=10 * 365)  # from today: a day beyond is a slip of the pen
ANSWER_DAYS = 730  # how long a letter's link works while nothing newer is written
SAID = ["note", "shift", "finish", "drop"]  # the verbs that say something of how it goes


def is_near(day):
    """Whether something can be due on a day: calendars end with the year 9999, and years that
    people mistype are far away."""
    return abs(day - timezone.localdate()) <= LONGEST


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public ones for all, the others for those inside, once the minutes are with them.
        Coordinators see what they are writing."""
        from meetings.models import Meeting

        if user.is_authenticated and user.is_coordinator:
            return self
        told = self.told()
        if user.is_authenticated and user.takes_part:
            return told
        meetings = Meeting.objects.visible_to(user).order_by().values("pk")
        return told.filter(is_public=True, meeting__in=meetings)

    def told(self):
        """Those whose minutes are with the cities."""
        return self.filter(meeting__status__in=MINUTED)

    def of_cities(self, cities):
        """Those that one of these cities is to do."""
        owed = self.model.cities.through.objects.filter(city__in=cities)
        return self.filter(pk__in=owed.order_by().values("action"))

    def owed_by(self, user):
        """Those that a city of this person is to do."""
        mine = City.objects.served_by(user).order_by().values("pk")
        return self.visible_to(user).of_cities(mine)

    def answered_by(self, user):
        """Those that this person tells of: their cities'; all who coordinates."""
        return self.told() if user.is_coordinator else self.owed_by(user)

    def writable_by(self, user):
        """Those that stand in minutes this person writes, as long as they are to be done."""
        from meetings.models import Meeting

        meetings = Meeting.objects.written_by(user).order_by().values("pk")
        return self.undone().filter(meeting__in=meetings)

    def overseen_by(self, user):
        return self.told() if user.is_coordinator else self.none()

    def undone(self):
        return self.filter(status__in=UNDONE)

    def overdue(self, on=None):
        return self.undone().filter(due_on__lt=on or timezone.localdate())

    def carried_into(self, meeting):
        """What earlier meetings asked for and is still to be done, the most urgent first."""
        earlier = self.told().undone().filter(meeting__starts_at__lt=meeting.starts_at)
        return earlier.exclude(meeting=meeting.pk).by_due_date()

    def by_due_date(self):
        return self.order_by("due_on", "pk")

    def undone_first(self, *before):
        """What is undone by its day, then what is over, the latest first."""
        over = ExpressionWrapper(~Q(status__in=UNDONE), BooleanField())
        undone_day = models.Case(models.When(status__in=UNDONE, then="due_on"))
        latest = Coalesce("done_on", "due_on").desc()
        return self.annotate(is_over=over).order_by(*before, "is_over", undone_day, latest, "-pk")

    def mine_first(self, user):
        """Those of this person's cities, then the others. Each knows whether it `is_mine`."""
        mine = self.model.objects.owed_by(user).order_by().values("pk")
        of_mine = ExpressionWrapper(Q(pk__in=mine), BooleanField())
        return self.annotate(is_mine=of_mine).undone_first("-is_mine")

    def with_last_word(self):
        """With what was last said of how each goes (`last_word`), and when."""
        said = Event.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            object_id=models.OuterRef("pk"),
            verb__in=SAID,
        ).order_by("-pk")
        return self.annotate(
            last_word=Subquery(said.values("comment")[:1]),
            last_said=Subquery(said.values("at")[:1]),
        )

    def for_lists(self):
        return self.select_related("meeting", "line", "project").prefetch_related("cities")


def may_act(action, user):
    """Its cities' people, and coordinators, once the minutes are with them."""
    return action.status_is_told and (user.is_coordinator or action.is_of(user))


def may_run(action, user):
    return action.status_is_told and user.is_coordinator


class Action(VerbModel):
    """What a meeting asks one or more cities to do, by when (azione).

    It stands here and not in the programme, for it names the item, the decision and the project
    that it comes from. It is never deleted: it is done, or dropped with a reason. Notes of
    progress and shifts of its day are its events.
    """

    meeting = models.ForeignKey(
        "meetings.Meeting", models.PROTECT, related_name="actions", verbose_name=_("meeting")
    )
    item = models.ForeignKey(
        AgendaItem,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("agenda item"),
    )
    decision = models.ForeignKey(
        Decision,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("decision"),
    )
    title = models.CharField(_("what is to be done"), max_length=300)
    cities = models.ManyToManyField(
        City, related_name="actions", verbose_name=_("responsible cities")
    )
    due_on = models.DateField(_("due on"))
    line = models.ForeignKey(
        StrategicLine,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("strategic line"),
    )
    project = models.ForeignKey(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("project"),
    )
    is_public = models.BooleanField(_("public"), default=False)
    status = FSMField(_("status"), choices=ActionStatus, default=ActionStatus.OPEN, protected=True)
    done_on = models.DateField(_("done on"), null=True, editable=False)
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)

    events = GenericRelation("journal.Event")

    objects = ActionQuerySet.as_manager()

    SENTENCES = {
        "entrust": _("{actor} entrusted an action: “{thing}”"),
        "begin": _("{actor} began an action: “{thing}”"),
        "note": _("{actor} told how an action goes: “{thing}”"),
        "shift": _("{actor} moved the day of an action: “{thing}”"),
        "finish": _("{actor} finished an action: “{thing}”"),
        "drop": _("{actor} dropped an action: “{thing}”"),
        "reopen": _("{actor} opened an action again: “{thing}”"),
    }

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["status", "due_on"], name="action_due")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("action_detail", args=[self.pk])

    @property
    def is_demo(self):
        return self.meeting.is_demo

    @property
    def status_is_told(self):
        """Whether those inside know of it: the minutes are with them."""
        return self.meeting.status in MINUTED

    @property
    def is_undone(self):
        return self.status in UNDONE

    @property
    def is_late(self):
        return self.is_undone and self.due_on < timezone.localdate()

    @property
    def days_late(self):
        return (timezone.localdate() - self.due_on).days if self.is_late else 0

    @property
    def later_day(self):
        """The day that is proposed when more time is needed."""
        return max(self.due_on, timezone.localdate()) + MORE_TIME

    @property
    def mail_facts(self):
        """What a letter about it says at a glance."""
        how = _("with the link below, without logging in") if self.is_undone else ""
        return [
            (_("Due on"), date_format(self.due_on, "DATE_FORMAT")),
            (_("Cities"), ", ".join(map(str, self.cities.all()))),
            (_("Meeting"), self.meeting),
            (_("To answer"), how),
        ]

    def clean(self):
        if self.due_on and not is_near(self.due_on):
            raise ValidationError(
                {"due_on": _("Is the year right? It is more than ten years off.")}
            )

    def mail_url(self, user, event=None):
        """Where a letter leads: the people of its cities answer there without logging in."""
        if not self.is_of(user):
            return self.get_absolute_url()
        return reverse("action_answer", args=[sign("action", user, self)])

    def label_of(self, name):
        return _("Due on")

    def said(self, name, value):
        """A day as events keep it, in words."""
        return date_format(date.fromisoformat(value), "DATE_FORMAT") if value else ""

    def is_of(self, user):
        """Whether this person acts for one of its cities."""
        return any(acts_for(user, city.pk) for city in self.cities.all())

    def people(self):
        """Those who act for its cities today."""
        return delegates_of(self.cities.order_by().values("pk"))

    def keepers(self):
        """Who hears what becomes of it: its cities' people and the coordinators."""
        return self.people() | get_user_model().objects.coordinators()

    def noted(self, verb):
        """A shift keeps the day before and the day after."""
        days = [day.isoformat() for day in self.shifted] if verb == "shift" else []
        return {"changes": {"due_on": days}} if days else {}

    def verbs_for(self, user):
        """As of any thing; what needs a day has a page of its own."""
        verbs = super().verbs_for(user)
        for each in verbs:
            if each["name"] == "shift":
                each["url"] = reverse("action_shift", args=[self.pk])
        return verbs

    @verb
    @transition(
        "status",
        source=UNDONE,
        target=ActionStatus.DONE,
        permission=may_act,
        custom={
            "label": _("It is done"),
            "style": "primary",
            "hears": _("What came of it (if you like)"),
        },
    )
    def finish(self, *, by, comment=""):
        """Note that it is done, today; what came of it may be said. Coordinators hear it too."""
        self.done_on = timezone.localdate()
        return self.keepers()

    @verb
    @transition(
        "status",
        source=UNDONE,
        target=ActionStatus.IN_PROGRESS,
        permission=may_act,
        custom={"label": _("Tell how it goes"), "style": "secondary", "asks": True},
    )
    def note(self, *, by, comment=""):
        """Write a note of progress; who tells of it has begun."""
        return self.people()

    @verb
    @transition(
        "status",
        source=ActionStatus.OPEN,
        target=ActionStatus.IN_PROGRESS,
        permission=may_act,
        custom={"label": _("We are at it"), "style": "secondary"},
    )
    def begin(self, *, by):
        """Say that work on it has begun."""
        return self.people()

    @verb
    @transition(
        "status",
        source=UNDONE,
        target=None,  # as it stands
        permission=may_act,
        custom={"label": _("Ask for more time"), "style": "secondary", "asks": True},
    )
    def shift(self, *, by, comment="", due_on=None):
        """Move its day, with the reason; without a day, by a fortnight. Coordinators hear it."""
        self.shifted = self.due_on, due_on or self.later_day
        self.due_on = self.shifted[1]
        return self.keepers()

    @verb
    @transition(
        "status",
        source=UNDONE,
        target=ActionStatus.DROPPED,
        permission=may_run,
        custom={"label": _("Drop it"), "style": "danger", "asks": True},
    )
    def drop(self, *, by, comment=""):
        """Give it up, with the reason, which its cities' people are told."""
        return self.people()

    @verb
    @transition(
        "status",
        source=[ActionStatus.DONE, ActionStatus.DROPPED],
        target=ActionStatus.IN_PROGRESS,
        permission=may_run,
        custom={"label": _("Open it again"), "style": "secondary"},
    )
    def reopen(self, *, by):
        """It was not over yet; its cities' people are told."""
        self.done_on = None
        return self.people()


def entrust(meeting, *, by):
    """Tell the people of the cities, at once, what a meeting asks of them; each action once.

    Returns how many were entrusted.
    """
    kind = ContentType.objects.get_for_model(Action)
    known = Event.objects.filter(content_type=kind, verb="entrust").order_by()
    with transaction.atomic():
        new = Action.objects.filter(meeting=meeting).exclude(pk__in=known.values("object_id"))
        new = list(new.select_related("meeting").prefetch_related("cities"))
        for action in new:
            Event.objects.record(action, "entrust", by=by, tell=action.people(), at_once=True)
    return len(new)
