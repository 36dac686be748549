from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import COORDINATORS, DELEGATES, OBSERVERS

DORMANT_AFTER = timedelta(days=365)
NEW_FOR = timedelta(days=30)


class Language(models.TextChoices):
    """The languages of the portal, as the person reads it and is written to."""

    ITALIAN = "it", _("Italian")
    ENGLISH = "en", _("English")


class MailChoice(models.TextChoices):
    """How much mail a person wants. Convocations come always."""

    IMMEDIATE = "immediate", _("At once when something waits for me, the rest once a day")
    DAILY = "daily", _("Everything once a day")
    NONE = "none", _("No mail, except convocations: I look at my desk")


class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def coordinators(self):
        return self.active().filter(groups__name=COORDINATORS)

    def in_charge(self):
        """Those who run the network: coordinators and superusers."""
        coordinators = self.model.objects.filter(groups__name=COORDINATORS).values("pk")
        return self.active().filter(Q(is_superuser=True) | Q(pk__in=coordinators))

    def with_last_seen(self):
        """With `last_seen`: when they last logged in, or were invited, or entered here."""
        return self.annotate(last_seen=Coalesce("last_login", "invited_at", "date_joined"))

    def dormant(self, now=None):
        """Real people who have not come for a year."""
        since = (now or timezone.now()) - DORMANT_AFTER
        return self.active().filter(is_demo=False).with_last_seen().filter(last_seen__lte=since)

    def observers(self):
        return self.active().filter(groups__name=OBSERVERS)

    def invited(self):
        """People who were invited and have not come in yet."""
        return self.active().filter(invited_at__isnull=False, last_login=None)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email, password=None, **fields):
        """Create a person who may log in. Without a password, an invitation lets them set one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        user = self.create_user(email, password, is_superuser=True, **fields)
        user.confirm_email()
        return user

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in: delegate, coordinator or observer (persona)."""

    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("Someone with this address is already here.")},
    )
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.ITALIAN
    )
    mail_choice = models.CharField(
        _("mail"), max_length=10, choices=MailChoice, default=MailChoice.IMMEDIATE
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Untick instead of deleting: what the person did stays under their name."),
    )
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)
    invited_at = models.DateTimeField(_("invited on"), null=True, editable=False)
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    privacy_accepted_at = models.DateTimeField(
        _("privacy notice read on"), null=True, editable=False
    )
    warned_at = models.DateTimeField(_("warned on"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed on"), null=True, editable=False)
    closed_as = models.JSONField(default=dict, editable=False)  # {"it": "ex …", "en": "former …"}

    happenings = GenericRelation("journal.Event")

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]
    SENTENCES = {
        "leave": _("An account was closed by its person: {thing}"),
        "close": _("{actor} closed an account: {thing}"),
        "expire": _("The portal closed an account that nobody used: {thing}"),
    }

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_an_email"),
        ]

    def __str__(self):
        return self.get_full_name() or self.email

    def get_absolute_url(self):
        """Where coordinators find the person; others are led to the log-in or to nothing."""
        return reverse("admin:accounts_user_change", args=[self.pk])

    def get_full_name(self):
        if self.closed_at:
            return self.closed_as.get(get_language()) or self.closed_as.get("it", "")
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self):
        return self.first_name or self.email

    def clean(self):
        super().clean()
        self.email = self.email.lower()

    @cached_property
    def roles(self):
        """What this person is today, asked once: names of groups, and DELEGATES with a city."""
        delegates = self.delegates.current().order_by().values_list(Value(DELEGATES))
        return {name for (name,) in self.groups.values_list("name").union(delegates)}

    @property
    def is_coordinator(self):
        return self.is_active and (self.is_superuser or COORDINATORS in self.roles)

    @property
    def is_observer(self):
        return self.is_active and OBSERVERS in self.roles

    @property
    def takes_part(self):
        """Whether this person is inside the network today; a delegate's rights end with a date."""
        return self.is_active and (self.is_superuser or bool(self.roles))

    @property
    def is_told_at_once(self):
        return self.mail_choice == MailChoice.IMMEDIATE

    @property
    def is_new(self):
        """Whether this person came in by invitation within the last month."""
        since = self.privacy_accepted_at
        return since is not None and timezone.now() - since < NEW_FOR

    @property
    def is_dormant(self):
        """Whether nobody has come in by this account for a year (see `with_last_seen`)."""
        return timezone.now() - self.last_seen >= DORMANT_AFTER

    @property
    def is_last_in_charge(self):
        """Whether nobody would run the network without this person."""
        in_charge = User.objects.in_charge()
        others = in_charge.exclude(pk=self.pk).exclude(last_login=None)
        return in_charge.filter(pk=self.pk).exists() and not others.exists()

    @property
    def is_staff(self):
        """Django's admin asks for this name: coordinators are its staff."""
        return self.is_coordinator

    def confirm_email(self):
        """Hold the address as verified: whoever opened a link sent to it, owns it."""
        EmailAddress.objects.update_or_create(
            user=self, email=self.email, defaults={"verified": True, "primary": True}
        )
