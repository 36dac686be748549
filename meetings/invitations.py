"""Who is invited to a meeting, what they answered, how they took part, and what was written to
them."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from cities.models import City
from journal.models import Event
from journal.signed_links import sign
from meetings.states import (
    ATTENDED,
    COMING,
    Answer,
    Attendance,
    InvitedAs,
    LetterKind,
    MeetingStatus,
)


class TooLate(Exception):
    """The invitation can no longer be answered: the meeting has begun, or has changed."""


class WorkingGroup(models.Model):
    """People of several cities who work on one thing (gruppo di lavoro)."""

    name = models.CharField(_("name"), max_length=120)
    text = models.TextField(_("what it works on"), blank=True)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="working_groups",
        blank=True,
        verbose_name=_("people"),
    )

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")
        ordering = ["name"]

    def __str__(self):
        return self.name


class InvitationQuerySet(models.QuerySet):
    def standing(self):
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)

    def sent(self):
        """Those whose person has been written to."""
        return self.exclude(sent_at=None)

    def to_write_to(self, meeting):
        """Those on the list who have not been invited yet, or not told what has changed since."""
        return self.standing().filter(Q(sent_at=None) | Q(sequence__lt=meeting.sequence))

    def forget_answers(self):
        """Those of a meeting that gets another day; whoever was sent instead is still asked."""
        asked = self.exclude(answer=Answer.SUBSTITUTE)
        return asked.update(answer="", note="", answered_at=None)

    def unanswered(self):
        return self.filter(answer="")

    def coming(self):
        return self.filter(answer__in=COMING)

    def attended(self):
        return self.filter(attendance__in=ATTENDED)

    def of(self, user):
        return self.standing().filter(user=user.pk)

    def at(self, address):
        """Those of whoever is written to at this e-mail address."""
        return self.filter(Q(user=None, email__iexact=address) | Q(user__email__iexact=address))

    def for_lists(self):
        """With what their names are made of, city by city."""
        return self.select_related("user", "city", "stands_for").order_by(
            F("city__name").asc(nulls_last=True), "role", "name", "pk"
        )


class Invitation(models.Model):
    """That a person is invited to a meeting, as what, for which city; what they answered and how
    they took part (invito).

    A person with an account is named by it; guests and substitutes by `name` and `email`.
    """

    meeting = models.ForeignKey(
        "meetings.Meeting", models.CASCADE, related_name="invitations", verbose_name=_("meeting")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.ITALIAN
    )
    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("city"),
    )
    role = models.CharField(_("as"), max_length=20, choices=InvitedAs, default=InvitedAs.GUEST)
    stands_for = models.OneToOneField(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="substitute",
        verbose_name=_("instead of"),
    )
    sent_at = models.DateTimeField(_("sent on"), null=True, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)  # of the last .ics sent
    withdrawn_at = models.DateTimeField(_("taken back on"), null=True, editable=False)
    opened_at = models.DateTimeField(_("opened on"), null=True, editable=False)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    note = models.TextField(_("note"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered on"), null=True, editable=False)
    attendance = models.CharField(_("attendance"), max_length=10, choices=Attendance, blank=True)
    left_at = models.TimeField(_("left at"), null=True, blank=True)

    events = GenericRelation("journal.Event")

    objects = InvitationQuerySet.as_manager()

    NAMED_WITH = ["meeting", "user"]
    SENTENCES = {
        "answer": _("An answer to an invitation: {thing}"),
        "let_down": _("Whoever was to go instead of you cannot come: {thing}"),
    }

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["meeting", "city", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"], name="invited_once", condition=~Q(user=None)
            ),
            models.UniqueConstraint(
                "meeting", Lower("email"), name="written_to_once", condition=~Q(email="")
            ),
        ]

    def __str__(self):
        return f"{self.person} – {self.meeting}"

    def get_absolute_url(self):
        return self.meeting.get_absolute_url()

    @property
    def person(self):
        """How the person is called."""
        return str(self.user) if self.user else self.name or self.email

    @property
    def address(self):
        """Where the person is written to; nowhere once the account is closed."""
        if self.user:
            return self.user.email if self.user.is_active else ""
        return self.email

    @property
    def reads(self):
        """The language the person is written to in."""
        return self.user.language if self.user else self.language

    @property
    def deputy(self):
        """The invitation of whoever goes instead, while it stands."""
        found = getattr(self, "substitute", None)
        return found if found and found.withdrawn_at is None else None

    @property
    def is_coming(self):
        return self.answer in COMING

    @property
    def is_open(self):
        """Whether it can be answered: until the meeting begins; its hour unknown, until it ends."""
        meeting = self.meeting
        if self.withdrawn_at or meeting.status != MeetingStatus.CONVENED:
            return False
        if meeting.has_time:
            return timezone.now() < meeting.starts_at
        return not meeting.has_day or timezone.localdate() <= meeting.ends_on

    def reply(self, answer, *, by, note="", substitute=None):
        """Say whether the person comes; the last answer counts. Raises TooLate.

        `substitute`: name and e-mail address of whoever goes instead, who is then invited; the
        invitation of somebody named before is taken back. `by` is nobody for those without account.
        """
        with transaction.atomic():
            type(self.meeting).objects.select_for_update().get(pk=self.meeting_id)
            self.refresh_from_db()  # answers to one meeting come one after the other
            if not self.is_open:
                raise TooLate
            self.send_instead(*(substitute or (None, None)), by=by)
            self.answer, self.note, self.answered_at = answer, note, timezone.now()
            self.opened_at = self.opened_at or self.answered_at
            self.save(update_fields=["answer", "note", "answered_at", "opened_at"])
            details = {"answer": answer, "substitute": substitute[0] if substitute else ""}
            Event.objects.record(self, "answer", by=by, comment=note, details=details)
            if self.stands_for and self.stands_for.user and answer == Answer.CANNOT:
                person = self.stands_for.user
                Event.objects.record(self, "let_down", by=by, tell=[person], at_once=True)

    def send_instead(self, name, email, *, by):
        """Invite who goes instead of this person, or nobody; take back who was named before."""
        deputy = self.deputy
        if deputy and email and deputy.address.lower() == email.lower():
            return
        if deputy:
            deputy.take_back(by=by)
        Invitation.objects.filter(stands_for=self).update(stands_for=None)
        if email:
            self.invite_instead(name, email, by=by)

    def invite_instead(self, name, email, *, by):
        """Invite somebody, for the same city and as the same, by a letter of their own."""
        from meetings.letters import send_invitation

        if self.meeting.invitations.standing().at(email).exists():
            raise TooLate
        deputy = somebody(self.meeting, name, email)
        deputy.city, deputy.role, deputy.stands_for = self.city, self.role, self
        deputy.save()
        send_invitation(deputy, by=by)

    def take_back(self, *, by):
        """Let the person know that they are no longer invited."""
        from meetings.letters import send_cancellation

        self.withdrawn_at, self.stands_for = timezone.now(), None
        self.save(update_fields=["withdrawn_at", "stands_for"])
        if self.sent_at:
            send_cancellation(self, by=by)


def somebody(meeting, name, email=""):
    """A fresh invitation, not saved yet, of whoever has this name and address.

    Somebody who has an account, or was invited before and taken back, is that person again.
    """
    known = user = None
    if email:
        known = meeting.invitations.exclude(withdrawn_at=None).at(email).first()
        user = get_user_model().objects.active().filter(email__iexact=email).first()
    invitation = known or Invitation(meeting=meeting, user=user)
    invitation.name, invitation.email = ("", "") if invitation.user else (name, email)
    invitation.language, invitation.withdrawn_at = get_language(), None
    invitation.answer = invitation.note = invitation.attendance = ""
    invitation.answered_at = invitation.opened_at = invitation.left_at = None
    return invitation


def answer_url(invitation):
    """Where its person answers without logging in, in the language of the moment."""
    return f"{settings.SITE_URL}{reverse('meeting_answer', args=[token_of(invitation)])}"


def paper_url(invitation, document):
    """Where its person opens a document: with an account by logging in, else by the link itself."""
    path = document.get_absolute_url()
    if not invitation.user_id:
        path = reverse("meeting_paper", args=[token_of(invitation), document.pk])
    return f"{settings.SITE_URL}{path}"


def token_of(invitation):
    return sign("meeting", invitation.user, invitation, written_for(invitation))


def written_for(invitation):
    """What ties a link to a guest's address: a corrected address makes the old link worthless."""
    if invitation.user_id:
        return ""
    hmac = salted_hmac("meetings.invitations", invitation.email.lower(), algorithm="sha256")
    return hmac.hexdigest()[:16]


class Letter(models.Model):
    """One mail to an invited person about a meeting, and what became of it (lettera).

    `once` names a letter that must not be written twice: "reminder-10-20261130".
    """

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="letters", verbose_name=_("invitation")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=LetterKind)
    sequence = models.PositiveSmallIntegerField(default=0)
    once = models.CharField(max_length=30, blank=True)
    preface = models.TextField(_("first words"), blank=True)
    facts = models.JSONField(default=dict, editable=False)  # when and where, as it said
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    mail = models.OneToOneField(
        "post_office.Email", models.SET_NULL, null=True, related_name="letter"
    )
    created_at = models.DateTimeField(_("written on"), auto_now_add=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "once"], name="letter_written_once", condition=~Q(once="")
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.invitation}"
