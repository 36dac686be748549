"""What meetings decided, and how the cities voted."""

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cities.models import City, Mandate
from cities.search import Searchable, SearchableQuerySet
from meetings.agenda import AgendaItem
from meetings.states import MINUTED, Choice, DecidedHow, MeetingStatus
from programme.models import StrategicLine
from projects.models import Project


class DecisionQuerySet(SearchableQuerySet):
    def visible_to(self, user):
        """Public ones for all, internal ones for those inside once the minutes are with them;
        always of meetings they may see. Coordinators see what they are writing."""
        from meetings.models import Meeting

        decisions = self.filter(
            meeting__in=Meeting.objects.visible_to(user).order_by().values("pk")
        )
        if user.is_authenticated and user.is_coordinator:
            return decisions
        # What was decided before there were minutes stands under no item, and was told long ago.
        told = models.Q(meeting__status__in=MINUTED) | models.Q(item=None)
        decisions = decisions.filter(told)
        inside = user.is_authenticated and user.takes_part
        return decisions if inside else decisions.filter(is_public=True)

    def writable_by(self, user):
        """Those of meetings whose minutes this person writes; approved ones never change."""
        from meetings.models import Meeting

        meetings = Meeting.objects.written_by(user).order_by().values("pk")
        return self.filter(meeting__in=meetings)

    def removable_by(self, user):
        """Those that nobody has been told of: before the minutes are circulated."""
        return self.writable_by(user).filter(meeting__status=MeetingStatus.HELD, number=None)

    def in_order(self):
        """As the agenda goes, and under an item as they were written."""
        return self.order_by(F("item__position").asc(nulls_last=True), "item_id", "pk")

    def numbered_first(self):
        """The latest first, as the register lists them."""
        return self.order_by("-meeting__starts_at", "-year", "-number", "-pk")


class Decision(Searchable, models.Model):
    """What a meeting decided, how, and on what it bears (decisione)."""

    meeting = models.ForeignKey(
        "meetings.Meeting", models.CASCADE, related_name="decisions", verbose_name=_("meeting")
    )
    item = models.ForeignKey(
        AgendaItem,
        models.RESTRICT,  # an item under which something was decided stays
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("agenda item"),
    )
    # 2026/4: given when the minutes are circulated; what was decided before the register has none.
    year = models.PositiveSmallIntegerField(_("year"), null=True, editable=False)
    number = models.PositiveSmallIntegerField(_("number"), null=True, editable=False)
    text = models.TextField(_("text"))
    how = models.CharField(_("how"), max_length=10, choices=DecidedHow, blank=True)
    is_public = models.BooleanField(_("public"), default=False)
    line = models.ForeignKey(
        StrategicLine,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("strategic line"),
    )
    cities = models.ManyToManyField(
        City, related_name="decisions", blank=True, verbose_name=_("cities it bears on")
    )
    mandates = models.ManyToManyField(
        Mandate, related_name="decisions", blank=True, verbose_name=_("mandates")
    )
    projects = models.ManyToManyField(
        Project, related_name="decisions", blank=True, verbose_name=_("projects")
    )

    objects = DecisionQuerySet.as_manager()

    SEARCHED = ["text"]

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["meeting", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="one_decision_a_number"),
            models.CheckConstraint(
                condition=models.Q(year=None, number=None)
                | models.Q(year__isnull=False, number__isnull=False, number__gte=1),
                name="decision_number_with_its_year",
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("decision_detail", args=[self.pk])

    @property
    def is_demo(self):
        return self.meeting.is_demo

    @property
    def reference(self):
        """2026/4, or nothing before it has a number."""
        return f"{self.year}/{self.number}" if self.number else ""


def number_decisions(meeting):
    """Give the decisions of a meeting that have none the next numbers of its year, without a gap,
    in the order of its agenda: when its minutes are circulated, and when one is added after that.
    """
    year = meeting.starts_on.year
    with transaction.atomic():
        hold_the_register()
        last = Decision.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0
        added = meeting.decisions.filter(number=None).in_order()
        for number, decision in enumerate(added, last + 1):
            decision.year, decision.number = year, number
            decision.save(update_fields=["year", "number"])


def hold_the_register():
    """Until the transaction ends nobody else gives numbers: the register's row is held."""
    register = ContentType.objects.get_for_model(Decision)
    ContentType.objects.select_for_update(no_key=True).get(pk=register.pk)


class Vote(models.Model):
    """How a city voted on a decision (voto)."""

    decision = models.ForeignKey(
        Decision, models.CASCADE, related_name="votes", verbose_name=_("decision")
    )
    city = models.ForeignKey(City, models.PROTECT, related_name="votes", verbose_name=_("city"))
    choice = models.CharField(_("vote"), max_length=10, choices=Choice)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["decision", "city__name"]
        constraints = [models.UniqueConstraint(fields=["decision", "city"], name="one_vote_a_city")]

    def __str__(self):
        return f"{self.city}: {self.get_choice_display()}"
