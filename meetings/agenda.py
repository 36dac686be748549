"""The agenda: what a meeting talks about, in which order, and what cities ask to talk about."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from cities.models import City
from documents.models import Document
from journal.models import Event
from journal.verbs import VerbModel, verb
from meetings.states import TO_COME, ItemKind, ProposalStatus
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


def overrun(meeting, minutes):
    """By how many minutes an agenda of so many is longer than its meeting; 0 where it fits, or
    where nobody knows how long the meeting is."""
    if not meeting.has_time or meeting.ends_at is None:
        return 0
    return max(minutes - lasting(meeting), 0)


def lasting(meeting):
    """How many minutes a meeting lasts."""
    return round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)


def duration(minutes):
    """So many minutes, as people say them: "2 h 30 min"."""
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


def put_in(item, place=None):
    """Store an item as the n-th of its agenda, or as its last; the others move down."""
    items = list(item.meeting.agenda.all())
    items.insert(len(items) if place is None else place - 1, item)
    for position, each in enumerate(items, start=1):
        if each is item or each.position != position:
            each.position = position
            each.save()


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

    @property
    def is_minuted(self):
        """Whether the minutes say something of it."""
        section = getattr(self, "section", None)
        return bool(section and (section.text_it or section.text_en))


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the cities this person acts for; all for coordinators."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_coordinator else self.of(user)

    def of(self, user):
        """Those of the cities this person acts for."""
        return self.filter(city__in=City.objects.served_by(user).order_by().values("pk"))

    def waiting(self):
        return self.filter(status=ProposalStatus.PROPOSED)

    def with_reasons(self):
        """With `reason`: what coordinators said when they left it out."""
        kind = ContentType.objects.get_for_model(self.model)
        declined = Event.objects.filter(
            content_type=kind, object_id=models.OuterRef("pk"), verb="decline"
        )
        return self.annotate(reason=models.Subquery(declined.values("comment")[:1]))


def may_place(proposal, user):
    """Coordinators, before the meeting."""
    return user.is_coordinator and proposal.meeting.status in TO_COME


def may_take_back(proposal, user):
    return City.objects.served_by(user).filter(pk=proposal.city_id).exists()


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
        "withdraw": _("{actor} took back a proposed item: {thing}"),
    }

    class Meta:
        verbose_name = _("proposed item")
        verbose_name_plural = _("proposed items")
        ordering = ["created_at", "pk"]

    def __str__(self):
        return f"{self.title} ({self.city})"

    def get_absolute_url(self):
        return self.meeting.get_absolute_url()

    def mail_url(self, user, event):
        """A letter leads coordinators to where they decide, and its city to what became of it."""
        if user.is_coordinator:
            return reverse("admin:meeting_proposals", args=[self.meeting_id])
        return reverse("meeting_propose", args=[self.meeting.slug])

    @verb
    @transition(
        "status",
        source=ProposalStatus.PROPOSED,
        target=ProposalStatus.ACCEPTED,
        permission=may_place,
        custom={"label": _("Put it on the agenda"), "style": "primary"},
    )
    def accept(self, *, by, place=None, is_sub=False):
        """Put it into its place on the agenda, the last unless said otherwise; the city's people
        are told."""
        item = AgendaItem(
            meeting=self.meeting,
            title_it=self.title,
            kind=self.kind,
            minutes=self.minutes,
            is_sub=is_sub,
            city=self.city,
            project=self.project,
        )
        put_in(item, place)
        self.item = item
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

    @verb
    @transition(
        "status",
        source=ProposalStatus.PROPOSED,
        target=ProposalStatus.WITHDRAWN,
        permission=may_take_back,
        custom={"label": _("Take it back"), "style": "secondary"},
    )
    def withdraw(self, *, by):
        """The city no longer asks for it; coordinators hear."""
        return get_user_model().objects.coordinators()
