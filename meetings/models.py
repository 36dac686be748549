from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, RowRange, Sum, Value, When, Window
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from cities.dates import known_date
from cities.models import City, Delegate, DelegateRole, Mandate
from cities.search import Searchable, SearchableQuerySet
from documents.models import Document
from documents.richtext import RichTextField
from journal.verbs import VerbModel, verb
from projects.models import Project


class Kind(models.TextChoices):
    """What a meeting is."""

    PLENARY = "plenary", _("plenary")
    WORKING_GROUP = "working_group", _("working group")
    CLUSTER = "cluster", _("cluster")
    BILATERAL = "bilateral", _("bilateral")
    UNESCO = "unesco", _("with UNESCO")


class Track(models.TextChoices):
    """Who meets: politicians, focal points, or both."""

    POLITICAL = "political", _("political")
    TECHNICAL = "technical", _("technical")
    BOTH = "both", _("political and technical")


class Mode(models.TextChoices):
    """Where people sit."""

    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    BOTH = "both", _("in person and online")


class MeetingStatus(models.TextChoices):
    """Where a meeting stands."""

    DRAFT = "draft", _("draft")
    CONVENED = "convened", _("convened")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


class MomentPrecision(models.TextChoices):
    """How much of a meeting's moment is known."""

    TIME = "time", _("hour")
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


def over(now=None):
    """The condition that a meeting is over, as far as its moment is known.

    A meeting without an end lasts the day; one known to the month or year, that month or year.
    """
    now = timezone.localtime(now)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    floors = {
        MomentPrecision.DAY: today,
        MomentPrecision.MONTH: today.replace(day=1),
        MomentPrecision.YEAR: today.replace(day=1, month=1),
    }
    condition = (
        Q(status=MeetingStatus.HELD)
        | Q(precision=MomentPrecision.TIME, ends_at__lt=now)
        | Q(precision=MomentPrecision.TIME, ends_at=None, starts_at__lt=today)
    )
    for precision, floor in floors.items():
        condition |= Q(precision=precision, last_moment__lt=floor)
    return condition


class MeetingQuerySet(SearchableQuerySet):
    def visible_to(self, user):
        """Convened public ones for all; all convened for those inside; drafts: coordinators."""
        if user.is_authenticated and user.is_coordinator:
            return self
        convened = self.exclude(status=MeetingStatus.DRAFT)
        if user.is_authenticated and user.takes_part:
            return convened
        return convened.filter(is_public=True)

    def drafts(self):
        return self.filter(status=MeetingStatus.DRAFT)

    def coming(self, now=None):
        """Not over yet, the nearest first."""
        return self._with_last_moment().exclude(over(now)).order_by("starts_at", "pk")

    def past(self, now=None):
        """Over, the latest first."""
        return self._with_last_moment().filter(over(now)).order_by("-starts_at", "-pk")

    def coming_first(self, now=None):
        """The coming ones, the nearest first; then the past ones, the latest first."""
        is_past = Case(When(over(now), then=Value(True)), default=Value(False))
        return (
            self._with_last_moment()
            .annotate(is_past=is_past)
            .order_by("is_past", Case(When(is_past=False, then="starts_at")), "-starts_at", "-pk")
        )

    def _with_last_moment(self):
        return self.alias(last_moment=Coalesce("ends_at", "starts_at"))

    def before(self, meeting):
        """Those that began earlier, the nearest first."""
        earlier = Q(starts_at__lt=meeting.starts_at)
        same = Q(starts_at=meeting.starts_at, pk__lt=meeting.pk)
        return self.filter(earlier | same).order_by("-starts_at", "-pk")

    def after(self, meeting):
        """Those that begin later, the nearest first."""
        later = Q(starts_at__gt=meeting.starts_at)
        same = Q(starts_at=meeting.starts_at, pk__gt=meeting.pk)
        return self.filter(later | same).order_by("starts_at", "pk")

    def for_cards(self):
        return self.select_related("host")


def may_run(meeting, user):
    return user.is_coordinator


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
    online_link = models.URLField(
        _("online link"), blank=True, help_text=_("Shown to delegates and observers only.")
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    precision = models.CharField(
        _("known to the"), max_length=5, choices=MomentPrecision, default=MomentPrecision.TIME
    )
    status = FSMField(
        _("status"), choices=MeetingStatus, default=MeetingStatus.DRAFT, protected=True
    )
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
        "hold": _("{actor} noted that “{thing}” was held"),
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
            models.Index(fields=["status", "-starts_at", "-id"], name="meeting_recent"),
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
    def place(self):
        """Venue, address and city on one line; the city once."""
        city = str(self.host or "")
        named = city.casefold() in self.address.casefold()
        return ", ".join(filter(None, [self.venue, self.address, "" if named else city]))

    @property
    def mail_facts(self):
        """What a mail about it says at a glance."""
        return [(_("When"), self.moment), (_("Where"), self.place)]

    def clean(self):
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": _("The end cannot come before the beginning.")})

    def participants(self):
        """Today's delegates of the member cities on this meeting's track."""
        roles = {
            Track.POLITICAL: [DelegateRole.POLITICAL],
            Track.TECHNICAL: [DelegateRole.FOCAL_POINT, DelegateRole.COLLABORATOR],
        }.get(self.track, DelegateRole.values)
        delegates = Delegate.objects.current().filter(
            role__in=roles, city__in=City.objects.members()
        )
        return get_user_model().objects.filter(
            is_active=True, pk__in=delegates.order_by().values("user")
        )

    @verb
    @transition(
        "status",
        source=MeetingStatus.DRAFT,
        target=MeetingStatus.CONVENED,
        permission=may_run,
        custom={"label": _("Convene"), "style": "primary", "always": True},
    )
    def convene(self, *, by):
        """Show it, and tell the delegates of its track at once."""
        return self.participants()

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
        source=[MeetingStatus.DRAFT, MeetingStatus.CONVENED],
        target=MeetingStatus.CANCELLED,
        permission=may_run,
        custom={"label": _("Cancel the meeting"), "style": "danger", "always": True},
    )
    def cancel(self, *, by):
        """Call it off; whoever was told of it is told at once."""
        return self.participants() if self.events.filter(verb="convene").exists() else ()


class ItemKind(models.TextChoices):
    """What an agenda item asks of those present."""

    INFORMATION = "information", _("information")
    DISCUSSION = "discussion", _("discussion")
    DECISION = "decision", _("decision")


class AgendaItemQuerySet(models.QuerySet):
    def timed(self):
        """With the minutes that come before each item, from which `starts_at` is counted."""
        before = Window(
            Sum("minutes"),
            partition_by="meeting",
            order_by=["position", "pk"],
            frame=RowRange(end=-1),
        )
        return self.annotate(minutes_before=Coalesce(before, 0))


class AgendaItem(models.Model):
    """One point of a meeting's agenda (punto all'ordine del giorno)."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind, default=ItemKind.DISCUSSION)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=15)
    presenter = models.CharField(_("presenter"), max_length=120, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title

    @property
    def starts_at(self):
        """When it begins, counted from the meeting's start (see `timed`); None while unknown."""
        if not self.meeting.has_time:
            return None
        return self.meeting.starts_at + timedelta(minutes=self.minutes_before)


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public ones for all, internal ones for those inside; always of meetings they may see."""
        decisions = self.filter(
            meeting__in=Meeting.objects.visible_to(user).order_by().values("pk")
        )
        inside = user.is_authenticated and user.takes_part
        return decisions if inside else decisions.filter(is_public=True)


class Decision(models.Model):
    """What a meeting decided, with the mandates and projects it bears on (decisione)."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="decisions", verbose_name=_("meeting")
    )
    text = models.TextField(_("text"))
    is_public = models.BooleanField(_("public"), default=False)
    mandates = models.ManyToManyField(
        Mandate, related_name="decisions", blank=True, verbose_name=_("mandates")
    )
    projects = models.ManyToManyField(
        Project, related_name="decisions", blank=True, verbose_name=_("projects")
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["meeting", "pk"]

    def __str__(self):
        return self.text
