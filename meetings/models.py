from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import validate_comma_separated_integer_list
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from cities.dates import known_date
from cities.models import City, CreativeField
from cities.search import Searchable
from documents.models import Document
from documents.richtext import RichTextField
from journal.verbs import VerbModel, verb
from meetings.actions import Action
from meetings.agenda import AgendaItem, Proposal
from meetings.decisions import Decision, Vote
from meetings.invitations import Invitation, Letter, WorkingGroup
from meetings.letters import call_off, write_to_waiting
from meetings.minutes import Amendment, Annex, Minutes, MinutesSection
from meetings.overdue import OverdueLetter
from meetings.parts import CalendarKey, MeetingPhoto
from meetings.querysets import MeetingQuerySet
from meetings.states import TO_COME, Kind, MeetingStatus, Mode, MomentPrecision, Track

# Those of the room's other modules too.
__all__ = [
    "Action", "AgendaItem", "Amendment", "Annex", "CalendarKey", "Decision", "Invitation", "Kind",
    "Letter", "Meeting", "MeetingPhoto", "MeetingStatus", "Minutes", "MinutesSection", "Mode",
    "MomentPrecision", "OverdueLetter", "Proposal", "Track", "Vote", "WorkingGroup",
]  # fmt: skip


def may_run(meeting, user):
    return user.is_coordinator


def only_the_portal(meeting, user):
    return user is None


def remarks_are_decided(meeting):
    """Whether no remark on the minutes still waits for an answer."""
    return not Amendment.objects.of_meeting(meeting).waiting().exists()


class Meeting(VerbModel, Searchable):
    """A meeting of the coordination, of a working group or of a cluster (incontro)."""

    slug = models.SlugField(max_length=120, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    text = RichTextField(_("text"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.PLENARY)
    track = models.CharField(_("track"), max_length=10, choices=Track, default=Track.TECHNICAL)
    mode = models.CharField(
        _("mode"), max_length=10, choices=Mode, default=Mode.IN_PERSON, blank=True
    )
    host = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_meetings",
        verbose_name=_("host city"),
    )
    venue = models.CharField(_("venue"), max_length=160, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    map_url = models.URLField(_("link to a map"), blank=True)
    access_notes = models.TextField(
        _("how to get in"),
        blank=True,
        help_text=_("Entrance, lift, parking, interpreters, sign language."),
    )
    online_link = models.URLField(
        _("online link"), blank=True, help_text=_("Shown only to those invited.")
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    precision = models.CharField(
        _("known to the"), max_length=5, choices=MomentPrecision, default=MomentPrecision.TIME
    )
    status = FSMField(
        _("status"), choices=MeetingStatus, default=MeetingStatus.DRAFT, protected=True
    )
    # Called off as a draft, before anybody was told: then it stays among coordinators.
    is_untold = models.BooleanField(default=False, editable=False)
    previous_start = models.DateTimeField(_("was to begin"), null=True, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)  # RFC 5545, 3.8.7.4
    fields = models.ManyToManyField(
        CreativeField,
        related_name="meetings",
        blank=True,
        verbose_name=_("creative fields"),
        help_text=_("A meeting of a cluster invites the cities of these fields."),
    )
    group = models.ForeignKey(
        WorkingGroup,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("working group"),
    )
    proposals_until = models.DateField(
        _("items can be proposed until"),
        null=True,
        blank=True,
        help_text=_("Delegates propose items for the agenda until this day; empty: they do not."),
    )
    reminders = models.CharField(
        _("reminders, days before"),
        max_length=30,
        blank=True,
        default="10,3",
        validators=[validate_comma_separated_integer_list],
        help_text=_("To those who have not answered: days before, with commas. Empty: none."),
    )
    remind_coming = models.PositiveSmallIntegerField(
        _("last reminder, days before"),
        null=True,
        blank=True,
        default=1,
        help_text=_("To those who come. Empty: none."),
    )
    # What the portal has put on the agenda by itself: "actions", and meetings by their keys.
    offered = models.JSONField(default=list, editable=False)
    press_note = RichTextField(_("press note"))
    is_public = models.BooleanField(
        _("public"), default=True, help_text=_("Whether visitors see it once it is convened.")
    )
    source_url = models.URLField(_("source"), blank=True)
    coordinator_note = models.TextField(
        _("note for coordinators"), blank=True, help_text=_("Never public.")
    )
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated on"), auto_now=True)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    documents = GenericRelation(Document)
    events = GenericRelation("journal.Event")

    objects = MeetingQuerySet.as_manager()

    SENTENCES = {
        "create": _("{actor} began to prepare “{thing}”"),
        "convene": _("{actor} convened “{thing}”"),
        "tell": _("{actor} wrote to those invited to “{thing}”"),
        "hold": _("{actor} noted that “{thing}” was held"),
        "circulate": _("{actor} circulated the minutes of “{thing}”"),
        "approve": _("{actor} approved the minutes of “{thing}”"),
        "approve_by_silence": _("The minutes of “{thing}” were approved by silence"),
        "wait": _("Remarks keep the minutes of “{thing}” from being approved by silence"),
        "annex": _("{actor} added an annex to the minutes of “{thing}”"),
        "postpone": _("{actor} postponed “{thing}”"),
        "cancel": _("{actor} cancelled “{thing}”"),
    }

    SEARCHED = ["title", "text", "venue", "host"]

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message=_("The end cannot come before the beginning."),
            )
        ]
        indexes = [
            # Lists of one status; with the last two, also who may see it, without reading its row.
            models.Index(
                fields=["status", "-starts_at", "-id", "is_public", "is_untold"],
                name="meeting_recent_told",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("meeting_detail", args=[self.slug])

    @property
    def has_time(self):
        return self.precision == MomentPrecision.TIME

    @property
    def has_day(self):
        return self.precision in (MomentPrecision.TIME, MomentPrecision.DAY)

    @property
    def starts_on(self):
        """The day in Rome, whatever zone the reader is in."""
        return timezone.localtime(self.starts_at).date()

    @property
    def ends_on(self):
        return timezone.localtime(self.ends_at).date() if self.ends_at else self.starts_on

    @property
    def day(self):
        """The day or days, as far as they are known."""
        precision = "day" if self.has_time else self.precision
        start, end = (known_date(day, precision) for day in (self.starts_on, self.ends_on))
        return start if start == end else f"{start} – {end}"

    @property
    def moment(self):
        """The day or days, with the hour in Italy where it is known."""
        hour = f", {timezone.localtime(self.starts_at):%H:%M}" if self.has_time else ""
        return f"{self.day}{hour}"

    @property
    def is_moved(self):
        """Whether it begins at another moment than was told first."""
        return bool(self.previous_start) and self.previous_start != self.starts_at

    @property
    def told_on(self):
        """The day that was told: one put off keeps its old one until the new one is told."""
        was_told = self.previous_start if self.status == MeetingStatus.POSTPONED else None
        return timezone.localtime(was_told or self.starts_at).date()

    @property
    def previous_day(self):
        """The day on which it was to begin, as far as it was known."""
        day = timezone.localtime(self.previous_start or self.starts_at).date()
        return known_date(day, "day" if self.has_time else self.precision)

    @property
    def place(self):
        """Venue, address and city on one line; the city once."""
        city = str(self.host or "")
        named = city.casefold() in self.address.casefold()
        return ", ".join(filter(None, [self.venue, self.address, "" if named else city]))

    @property
    def takes_proposals(self):
        """Whether delegates may still propose items for its agenda."""
        until = self.proposals_until
        return self.status in TO_COME and until is not None and timezone.localdate() <= until

    @property
    def mail_facts(self):
        """What a mail about it says at a glance."""
        return [(_("When"), self.moment), (_("Where"), self.place)]

    def clean(self):
        for name in ("starts_at", "ends_at"):
            moment = getattr(self, name)
            if moment and not 1990 <= moment.year <= timezone.now().year + 10:
                raise ValidationError({name: _("Is the year right?")})
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": _("The end cannot come before the beginning.")})

    def note_untold(self):
        """Remember that it is called off before it was convened."""
        self.is_untold = self.is_untold or self.status == MeetingStatus.DRAFT

    @verb
    @transition(
        "status",
        source=[MeetingStatus.DRAFT, MeetingStatus.POSTPONED],
        target=MeetingStatus.CONVENED,
        permission=may_run,
        custom={"label": _("Convene"), "style": "primary", "page": "meeting_invite"},
    )
    def convene(self, *, by, prefaces=None):
        """Show it, and write to those on the list; those whom it was put off for are told its new
        day. `prefaces`: the first words of the letters, by language."""
        self.is_untold = False
        if self.status == MeetingStatus.POSTPONED:
            self.sequence += 1
            self.invitations.forget_answers()
        write_to_waiting(self, by=by, prefaces=prefaces)

    @verb
    @transition(
        "status",
        source=MeetingStatus.CONVENED,
        target=MeetingStatus.HELD,
        permission=may_run,
        custom={"label": _("Mark as held"), "style": "primary"},
    )
    def hold(self, *, by):
        """Note that it took place."""

    @verb
    @transition(
        "status",
        source=MeetingStatus.HELD,
        target=MeetingStatus.CIRCULATED,
        permission=may_run,
        custom={
            "label": _("Circulate the minutes"),
            "style": "primary",
            "page": "meeting_amendments",
        },
    )
    def circulate(self, *, by):
        """Give the minutes to those who took part, for their remarks."""
        from meetings.circulating import set_out

        set_out(self, by=by)

    @verb
    @transition(
        "status",
        source=MeetingStatus.CIRCULATED,
        target=MeetingStatus.CLOSED,
        permission=may_run,
        conditions=[remarks_are_decided],
        custom={
            "label": _("Approve the minutes"),
            "style": "primary",
            "page": "meeting_amendments",
        },
    )
    def approve(self, *, by):
        """Make the minutes final, and keep them for good; those who took part are told."""
        from meetings.approving import make_final

        return make_final(self, by=by)

    @verb
    @transition(
        "status",
        source=MeetingStatus.CIRCULATED,
        target=MeetingStatus.CLOSED,
        permission=only_the_portal,
        conditions=[remarks_are_decided],
        custom={"label": _("Approve by silence"), "page": "meeting_amendments"},
    )
    def approve_by_silence(self, *, by):
        """Make them final when the days of silence are over."""
        from meetings.approving import make_final

        return make_final(self, by=by)

    @verb
    @transition(
        "status",
        source=[MeetingStatus.DRAFT, MeetingStatus.CONVENED],
        target=MeetingStatus.POSTPONED,
        permission=may_run,
        custom={"label": _("Postpone"), "style": "secondary", "asks": True},
    )
    def postpone(self, *, by, comment=""):
        """Put it off: whoever was invited is told why, and later when it is."""
        self.note_untold()
        self.previous_start = self.starts_at
        self.sequence += 1
        call_off(self, MeetingStatus.POSTPONED, by=by, reason=comment)

    @verb
    @transition(
        "status",
        source=[MeetingStatus.DRAFT, MeetingStatus.CONVENED, MeetingStatus.POSTPONED],
        target=MeetingStatus.CANCELLED,
        permission=may_run,
        custom={"label": _("Cancel the meeting"), "style": "danger", "asks": True},
    )
    def cancel(self, *, by, comment=""):
        """Call it off; whoever was invited is told why."""
        self.note_untold()
        self.sequence += 1
        call_off(self, MeetingStatus.CANCELLED, by=by, reason=comment)
