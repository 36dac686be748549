"""The minutes of a meeting: written item by item, circulated, amended, approved, then frozen."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from documents.richtext import RichTextField
from journal.verbs import VerbModel, verb
from meetings.agenda import AgendaItem
from meetings.invitations import Invitation
from meetings.states import AmendmentStatus, Approval, MeetingStatus


class Minutes(models.Model):
    """What is kept of a meeting: who led it, what was said and decided (verbale)."""

    meeting = models.OneToOneField(
        "meetings.Meeting", models.CASCADE, related_name="minutes", verbose_name=_("meeting")
    )
    chair = models.CharField(_("chaired by"), max_length=160, blank=True)
    secretary = models.CharField(_("written by"), max_length=160, blank=True)
    summary = RichTextField(
        _("public summary"), help_text=_("What visitors read of it, once the minutes are approved.")
    )
    summary_is_public = models.BooleanField(_("publish the summary"), default=False)
    approval = models.CharField(
        _("approved"), max_length=10, choices=Approval, default=Approval.MEETING
    )
    comments_until = models.DateField(
        _("comments until"), null=True, blank=True, help_text=_("This day included.")
    )
    silence_days = models.PositiveSmallIntegerField(
        _("days of silence"),
        default=15,
        help_text=_("By silence: approved so many days after the comments end."),
    )
    circulated_at = models.DateTimeField(_("circulated on"), null=True, editable=False)
    approved_on = models.DateField(_("approved on"), null=True, editable=False)
    # What was approved, language by language, as `record_of` tells it: from then on this is read.
    record = models.JSONField(default=dict, editable=False)
    updated_at = models.DateTimeField(_("updated on"), auto_now=True)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")

    def __str__(self):
        return str(self.meeting)

    def takes_remarks(self, today=None):
        """Whether those who took part may still say something to them."""
        if self.meeting.status != MeetingStatus.CIRCULATED:
            return False
        return self.comments_until is None or (today or timezone.localdate()) <= self.comments_until

    @property
    def silent_until(self):
        """By silence: the last day on which they are not approved yet."""
        return self.comments_until and self.comments_until + timedelta(days=self.silence_days)


class MinutesSectionQuerySet(models.QuerySet):
    def writable_by(self, user):
        """Those of meetings whose minutes this person writes; approved ones never change."""
        from meetings.models import Meeting

        meetings = Meeting.objects.written_by(user).order_by().values("pk")
        return self.filter(item__meeting__in=meetings)


class MinutesSection(models.Model):
    """What the minutes say of one agenda item (parte del verbale)."""

    item = models.OneToOneField(
        AgendaItem, models.CASCADE, related_name="section", verbose_name=_("agenda item")
    )
    text = RichTextField(_("text"))
    updated_at = models.DateTimeField(_("updated on"), auto_now=True)

    objects = MinutesSectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of the minutes")
        verbose_name_plural = _("parts of the minutes")

    def __str__(self):
        return str(self.item)


def may_decide(amendment, user):
    return user.is_coordinator


class AmendmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, with what became of them; all for coordinators."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_coordinator else self.filter(invitation__user=user.pk)

    def of_meeting(self, meeting):
        return self.filter(invitation__meeting=meeting)

    def waiting(self):
        return self.filter(status=AmendmentStatus.OPEN)


class Amendment(VerbModel):
    """What a participant says to a paragraph of circulated minutes (osservazione al verbale)."""

    # None where it is about what is listed: those present, a decision, an action.
    section = models.ForeignKey(
        MinutesSection,
        models.CASCADE,
        null=True,
        related_name="amendments",
        verbose_name=_("part"),
    )
    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="amendments", verbose_name=_("by")
    )
    quote = models.TextField(_("paragraph"))  # as it stood when it was said
    comment = models.TextField(_("comment"), blank=True)
    proposal = models.TextField(_("proposed words"), blank=True)
    status = FSMField(
        _("status"), choices=AmendmentStatus, default=AmendmentStatus.OPEN, protected=True
    )
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)

    events = GenericRelation("journal.Event")

    objects = AmendmentQuerySet.as_manager()

    NAMED_WITH = ["invitation__meeting", "invitation__user"]
    SENTENCES = {
        "propose": _("A remark on the minutes: {thing}"),
        "take": _("{actor} took a remark on the minutes: {thing}"),
        "decline": _("{actor} did not take a remark on the minutes: {thing}"),
    }

    class Meta:
        verbose_name = _("remark on the minutes")
        verbose_name_plural = _("remarks on the minutes")
        ordering = ["created_at", "pk"]

    def __str__(self):
        return str(self.invitation)

    def get_absolute_url(self):
        return reverse("meeting_minutes", args=[self.invitation.meeting.slug]) + "#remarks"

    def mail_url(self, user, event):
        """Where a letter about it leads: its author to the minutes, coordinators to decide."""
        if user.is_coordinator:
            return reverse("admin:meeting_amendments", args=[self.invitation.meeting_id])
        return self.get_absolute_url()

    def author(self):
        return [self.invitation.user] if self.invitation.user else []

    @verb
    @transition(
        "status",
        source=AmendmentStatus.OPEN,
        target=AmendmentStatus.TAKEN,
        permission=may_decide,
        custom={"label": _("Take it"), "style": "primary"},
    )
    def take(self, *, by, comment=""):
        """Say that the minutes follow it; its author is told."""
        return self.author()

    @verb
    @transition(
        "status",
        source=AmendmentStatus.OPEN,
        target=AmendmentStatus.DECLINED,
        permission=may_decide,
        custom={"label": _("Do not take it"), "style": "secondary", "asks": True},
    )
    def decline(self, *, by, comment=""):
        """Leave the minutes as they are, and tell its author why."""
        return self.author()


class Annex(models.Model):
    """A dated correction of approved minutes, which themselves never change (annesso)."""

    minutes = models.ForeignKey(
        Minutes, models.PROTECT, related_name="annexes", verbose_name=_("minutes")
    )
    text = RichTextField(_("text"), blank=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added on"), auto_now_add=True)

    class Meta:
        verbose_name = _("annex")
        verbose_name_plural = _("annexes")
        ordering = ["added_at", "pk"]

    def __str__(self):
        return f"{self.minutes}, {self.added_at:%Y-%m-%d}"
