"""What meetings ask cities to do, by when, and what came of it."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from cities.models import City
from journal.verbs import VerbModel, verb
from meetings.agenda import AgendaItem
from meetings.decisions import Decision
from meetings.states import MINUTED, UNDONE, ActionStatus
from programme.models import StrategicLine
from projects.models import Project


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public ones for all, the others for those inside, once the minutes are with them.
        Coordinators see what they are writing."""
        from meetings.models import Meeting

        if user.is_authenticated and user.is_coordinator:
            return self
        told = self.filter(meeting__status__in=MINUTED)
        if user.is_authenticated and user.takes_part:
            return told
        meetings = Meeting.objects.visible_to(user).order_by().values("pk")
        return told.filter(is_public=True, meeting__in=meetings)

    def owed_by(self, user):
        """Those that a city of this person is to do."""
        if not user.is_authenticated:
            return self.none()
        mine = City.objects.served_by(user).order_by().values("pk")
        owed = self.model.cities.through.objects.filter(city__in=mine).values("action")
        return self.visible_to(user).filter(pk__in=owed)

    def undone(self):
        return self.filter(status__in=UNDONE)

    def overdue(self, on=None):
        return self.undone().filter(due_on__lt=on or timezone.localdate())

    def by_due_date(self):
        return self.order_by("due_on", "pk")


def may_act(action, user):
    """Its cities' people, and coordinators."""
    if user.is_coordinator:
        return True
    return action.status_is_told and action.cities.served_by(user).exists()


def may_run(action, user):
    return user.is_coordinator


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
    due_on = models.DateField(_("by"))
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
        "entrust": _("{actor} entrusted an action to your city: “{thing}”"),
        "begin": _("{actor} began an action: “{thing}”"),
        "note": _("{actor} told how an action goes: “{thing}”"),
        "shift": _("{actor} moved the day of an action: “{thing}”"),
        "finish": _("{actor} did an action: “{thing}”"),
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
    def status_is_told(self):
        """Whether those inside know of it: the minutes are with them."""
        return self.meeting.status in MINUTED

    @property
    def is_undone(self):
        return self.status in UNDONE

    @property
    def is_late(self):
        return self.is_undone and self.due_on < timezone.localdate()

    def people(self):
        """Those who act for its cities today."""
        from django.contrib.auth import get_user_model

        from cities.models import Delegate

        current = Delegate.objects.current().filter(city__in=self.cities.all())
        return get_user_model().objects.active().filter(pk__in=current.values("user"))

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
        source=UNDONE,
        target=ActionStatus.DONE,
        permission=may_act,
        custom={"label": _("It is done"), "style": "primary"},
    )
    def finish(self, *, by, comment=""):
        """Note that it is done, today; what came of it may be said."""
        self.done_on = timezone.localdate()
        return self.people()

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
        """It was not over yet."""
        self.done_on = None
        return self.people()
