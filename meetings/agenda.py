"""The agenda: what a meeting talks about, in which order, and what cities ask to talk about."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from cities.models import City
from documents.models import Document
from journal.verbs import VerbModel, verb
from meetings.states import ItemKind, ProposalStatus
from projects.models import Project


@dataclass
class Place:
    """Where an item stands in its agenda: "2.1", and from when on."""

    number: str
    starts_at: datetime | None


def put_in_order(meeting, items):
    """Give each item of a meeting its `place`: its number, and when it begins.

    Time runs through the list: each item begins when the one before it ends.
    """
    starts_at = meeting.starts_at.astimezone(UTC) if meeting.has_time else None
    items, main, sub = list(items), 0, 0
    for item in items:
        is_sub = item.is_sub and main
        main, sub = (main, sub + 1) if is_sub else (main + 1, 0)
        item.place = Place(f"{main}.{sub}" if is_sub else str(main), starts_at)
        if starts_at:
            starts_at += timedelta(minutes=item.minutes)
    return items


class AgendaItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of meetings this person may see."""
        from meetings.models import Meeting

        meetings = Meeting.objects.visible_to(user)
        return self.filter(meeting__in=meetings.order_by().values("pk"))

    def open_to_participant(self, user):
        """Those of meetings this person is invited to."""
        from meetings.models import Meeting

        meetings = Meeting.objects.open_to_participant(user)
        return self.filter(meeting__in=meetings.order_by().values("pk"))

    def for_agenda(self):
        return self.select_related("city", "project", "minutes_of")


class AgendaItem(models.Model):
    """One point of a meeting's agenda (punto all'ordine del giorno)."""

    meeting = models.ForeignKey(
        "meetings.Meeting", models.CASCADE, related_name="agenda", verbose_name=_("meeting")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_sub = models.BooleanField(
        _("sub-item"), default=False, help_text=_("Belongs to the item above it.")
    )
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind, default=ItemKind.DISCUSSION)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=15)
    presenter = models.CharField(_("presenter"), max_length=120, blank=True)
    city = models.ForeignKey(
        City,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("presented by the city"),
    )
    project = models.ForeignKey(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="agenda_items",
        verbose_name=_("project"),
    )
    # What the portal puts on the agenda by itself.
    lists_actions = models.BooleanField(_("open actions"), default=False, editable=False)
    minutes_of = models.ForeignKey(
        "meetings.Meeting",
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="approval_items",
        verbose_name=_("minutes to approve"),
    )

    documents = GenericRelation(Document)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=models.Q(lists_actions=True),
                name="one_list_of_actions_a_meeting",
            ),
            models.UniqueConstraint(
                fields=["meeting", "minutes_of"], name="minutes_approved_once_a_meeting"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{self.meeting.get_absolute_url()}#item-{self.pk}"


class ProposalQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(status=ProposalStatus.PROPOSED)


def may_place(proposal, user):
    return user.is_coordinator


class Proposal(VerbModel):
    """An item that a city asks to have on the agenda of a meeting (proposta di punto)."""

    meeting = models.ForeignKey(
        "meetings.Meeting", models.CASCADE, related_name="proposals", verbose_name=_("meeting")
    )
    city = models.ForeignKey(City, models.CASCADE, related_name="+", verbose_name=_("city"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("why, and what is asked"), blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind, default=ItemKind.DISCUSSION)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=15)
    project = models.ForeignKey(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("project"),
    )
    status = FSMField(
        _("status"), choices=ProposalStatus, default=ProposalStatus.PROPOSED, protected=True
    )
    item = models.OneToOneField(
        AgendaItem, models.SET_NULL, null=True, editable=False, related_name="proposal"
    )
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)

    objects = ProposalQuerySet.as_manager()

    events = GenericRelation("journal.Event")

    NAMED_WITH = ["meeting", "city"]
    SENTENCES = {
        "propose": _("{actor} proposed an agenda item: {thing}"),
        "accept": _("{actor} put a proposed item on the agenda: {thing}"),
        "decline": _("{actor} did not take a proposed item: {thing}"),
    }

    class Meta:
        verbose_name = _("proposed item")
        verbose_name_plural = _("proposed items")
        ordering = ["created_at", "pk"]

    def __str__(self):
        return f"{self.title} ({self.city})"

    def get_absolute_url(self):
        return self.meeting.get_absolute_url()

    @verb
    @transition(
        "status",
        source=ProposalStatus.PROPOSED,
        target=ProposalStatus.ACCEPTED,
        permission=may_place,
        custom={"label": _("Put it on the agenda"), "style": "primary"},
    )
    def accept(self, *, by):
        """Add it to the agenda as its last item; the city's people are told."""
        last = self.meeting.agenda.order_by("position").last()
        self.item = AgendaItem.objects.create(
            meeting=self.meeting,
            position=(last.position if last else 0) + 1,
            title_it=self.title,
            kind=self.kind,
            minutes=self.minutes,
            city=self.city,
            project=self.project,
        )
        return self.city.people()

    @verb
    @transition(
        "status",
        source=ProposalStatus.PROPOSED,
        target=ProposalStatus.DECLINED,
        permission=may_place,
        custom={"label": _("Not this time"), "style": "secondary", "asks": True},
    )
    def decline(self, *, by, comment=""):
        """Leave it out, and tell the city's people why."""
        return self.city.people()
