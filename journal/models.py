from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import models, transaction
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import MailChoice
from journal import revision  # noqa: F401  its model belongs to this room
from journal.diffs import Change
from journal.harmless import harmless


def targets(lookup="target"):
    """Prefetch the things that events are about, with what their names are made of.

    A model whose name needs others says so: `NAMED_WITH = ["city", "project"]`.
    """
    models_named_with_others = [m for m in apps.get_models() if getattr(m, "NAMED_WITH", None)]
    return GenericPrefetch(
        lookup,
        [m._default_manager.select_related(*m.NAMED_WITH) for m in models_named_with_others],
    )


class EventQuerySet(models.QuerySet):
    def about(self, thing, *others):
        concerned = models.Q()
        for each in [thing, *others]:
            kind = ContentType.objects.get_for_model(each)
            concerned |= models.Q(content_type=kind, object_id=each.pk)
        return self.filter(concerned)

    def recent(self):
        return self.select_related("actor").order_by("-at", "-pk")

    def with_targets(self):
        return self.prefetch_related(targets())

    def record(
        self, target, verb, *, by, tell=(), comment="", details=None, at_once=False, always=False
    ):
        """Write that `by` did `verb` to `target`, and a notification for each person in `tell`.

        Nobody is told what they did themselves. With `at_once`, which may name some of them, the
        mail goes into the outbox with it; everything else waits for the daily digest. People
        choose how much mail they get, except for what is `always` sent.
        """
        from journal.mail import send_notifications

        with transaction.atomic():
            event = self.create(
                target=target, verb=verb, actor=by, comment=comment, details=details or {}
            )
            people = {user.pk: user for user in tell if user != by}
            hurried = people.values() if at_once is True or always else at_once or ()
            urgent = {user.pk for user in hurried if always or user.is_told_at_once}
            notifications = Notification.objects.bulk_create(
                Notification(event=event, user=user, at_once=user.pk in urgent)
                for user in people.values()
            )
            send_notifications([each for each in notifications if each.at_once])
        return event


class Event(models.Model):
    """Something that happened to a thing of the network (avvenimento): who, what, when, and why."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, verbose_name=_("about what"))
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    verb = models.CharField(_("verb"), max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="events",
        verbose_name=_("by"),
    )
    comment = models.TextField(_("comment"), blank=True)
    # What only some events know: "remarks" {field: what was said of it}, "changes" {field:
    # [before, after]}, "card" {field: value} as it was handed in.
    details = models.JSONField(_("details"), default=dict, blank=True, editable=False)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "-at"], name="event_target"),
            models.Index(fields=["-at", "-id"], name="event_recent"),
        ]

    def __str__(self):
        return self.sentence

    @property
    def sentence(self):
        """The one text of this event, for the timeline, the desk and the mail."""
        return self._template.format(actor=self._actor_name, thing=self.target)

    @property
    def sentence_html(self):
        """The same sentence with the thing as a link."""
        if self.target is None:
            return self.sentence
        thing = format_html('<a href="{}">{}</a>', self.target_url, self.target)
        return format_html(self._template, actor=self._actor_name, thing=thing)

    @property
    def _template(self):
        if self.target is None:
            return gettext("{actor} changed something that is no longer here")
        return str(self.target.SENTENCES.get(self.verb, _("{actor} changed “{thing}”")))

    @property
    def _actor_name(self):
        return harmless(self.actor) if self.actor else gettext("The portal")

    @property
    def target_url(self):
        return self.target.get_absolute_url() if self.target else ""

    @property
    def remarks(self):
        """What was said of single parts of the thing: (what it is called, what was said)."""
        said = self.details.get("remarks", {}) if self.target else {}
        return [(self.target.label_of(name), text) for name, text in said.items()]

    @property
    def changes(self):
        """What it changed, in words. Things of which changes are recorded have `label_of(name)`,
        what a part of them is called, and `said(name, value)`, its value in words."""
        changed = self.details.get("changes", {}) if self.target else {}
        thing = self.target
        return [
            Change(name, thing.label_of(name), thing.said(name, before), thing.said(name, after))
            for name, (before, after) in changed.items()
        ]

    def url_for(self, user):
        """Where a letter leads this person: to the thing, or to where they answer at once."""
        letter = getattr(self.target, "mail_url", None)
        return letter(user, self) if letter else self.target_url


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def waiting(self):
        """What no mail has told yet and the next digest will, to those who want one."""
        return self.filter(mailed_at=None, at_once=False).exclude(user__mail_choice=MailChoice.NONE)

    def keep_to_the_desk(self):
        """Let no digest bring what no mail has told so far."""
        return self.filter(mailed_at=None).update(at_once=True)


class Notification(models.Model):
    """That one person is told of one event (avviso), on the desk and by mail."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="notifications")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    at_once = models.BooleanField(_("at once"), default=False)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="told_once"),
        ]
        indexes = [models.Index(fields=["user", "read_at"], name="notification_unread")]

    def __str__(self):
        return f"{self.user}: {self.event}"


class PresenceQuerySet(models.QuerySet):
    FRESH = timedelta(minutes=2)

    def note(self, thing, user):
        """That this person has the form of the thing open now; answers in words who else has."""
        self.mark(thing, user)
        return said_present(self.others_at([thing], user).get(thing.pk, []))

    def mark(self, thing, user):
        """That this person has the form of the thing open now."""
        place = {
            "content_type": ContentType.objects.get_for_model(thing),
            "object_id": thing.pk,
        }
        now = timezone.now()
        self.bulk_create(
            [Presence(**place, user=user, seen_at=now)],
            update_conflicts=True,
            unique_fields=[*place, "user"],
            update_fields=["seen_at"],
        )

    def others_at(self, things, user):
        """Who else has the forms of these things, all of one kind, open: {key: names}."""
        if not things:
            return {}
        fresh = self.filter(
            content_type=ContentType.objects.get_for_model(things[0]),
            object_id__in=[thing.pk for thing in things],
            seen_at__gte=timezone.now() - self.FRESH,
        )
        people = {}
        for each in fresh.exclude(user=user).select_related("user"):
            people.setdefault(each.object_id, []).append(str(each.user))
        return people


def said_present(people):
    """Who else has the form open, in one sentence; nothing where nobody has."""
    if not people:
        return ""
    return ngettext(
        "%(people)s has this form open too.", "%(people)s have this form open too.", len(people)
    ) % {"people": ", ".join(people)}


class Presence(models.Model):
    """That a person has the form of a thing open, so that others are told (presenza)."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "user"], name="one_presence_a_person"
            )
        ]

    def __str__(self):
        return f"{self.user}, {self.seen_at}"


class LoadedRecord(models.Model):
    """What the loader last wrote to a thing, so that edits made since are never overwritten."""

    key = models.CharField(max_length=200, unique=True)
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("loaded record")
        verbose_name_plural = _("loaded records")

    def __str__(self):
        return self.key
