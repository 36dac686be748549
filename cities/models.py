from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cities.dates import known_date, precision_field
from cities.regions import REGIONS_OF, Region
from cities.search import Searchable, SearchableQuerySet
from documents.pictures import Illustrated, PictureField
from documents.richtext import RichTextField


class DatedQuerySet(models.QuerySet):
    """Rows with `starts_on` and `ends_on` (empty: no end), both days included."""

    def current(self, on=None):
        on = on or timezone.localdate()
        return self.filter(Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on))


def ends_after_start(name):
    return models.CheckConstraint(
        condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
        name=name,
        violation_error_message=_("The end cannot come before the beginning."),
    )


class CreativeFieldQuerySet(SearchableQuerySet):
    def visible_to(self, user):
        """All: the eight fields are UNESCO's and known."""
        return self

    def covered(self):
        """Fields in which Italy has a member city."""
        return self.filter(Exists(Designation.objects.filter(field=OuterRef("pk"), ended_on=None)))


class CreativeField(Searchable, models.Model):
    """One of UNESCO's eight creative fields, whose cities form a cluster (campo creativo)."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), blank=True)
    responsible = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="reviewed_fields",
        blank=True,
        verbose_name=_("responsible coordinators"),
        help_text=_("They are told of projects of this field. Without any, all coordinators are."),
    )
    colour = models.CharField(_("colour"), max_length=7)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = CreativeFieldQuerySet.as_manager()

    SEARCHED = ["name", "description"]

    class Meta:
        verbose_name = _("creative field")
        verbose_name_plural = _("creative fields")
        ordering = ["order"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cluster_detail", args=[self.slug])


def designations_now(**which):
    return Designation.objects.filter(city=OuterRef("pk"), ended_on=None, **which)


class CityQuerySet(SearchableQuerySet):
    def members(self):
        return self.filter(Exists(designations_now()))

    def candidates(self):
        return self.exclude(Exists(designations_now()))

    def visible_to(self, user):
        """Member cities for everyone; candidates too for those who take part."""
        return self if user.is_authenticated and user.takes_part else self.members()

    def served_by(self, user):
        """Cities for which this person is a delegate today."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            pk__in=Delegate.objects.current().filter(user=user).order_by().values("city")
        )

    def editable_by(self, user):
        return self if user.is_authenticated and user.is_coordinator else self.served_by(user)

    def in_macro_area(self, area):
        return self.filter(region__in=REGIONS_OF[area])

    def with_field(self):
        """With the designations that `city.field` reads, in one query for all."""
        return self.prefetch_related(
            Prefetch("designations", Designation.objects.select_related("field"))
        )

    def with_since(self):
        """With `since`: the day of the designation in force."""
        return self.annotate(since=Subquery(designations_now().values("designated_on")))

    def of_field(self, field):
        return self.filter(Exists(designations_now(field=field)))

    def with_role(self, role):
        """Cities that lead, support or host today."""
        return self.filter(
            pk__in=Mandate.objects.current().filter(role=role).order_by().values("city")
        )


class City(Illustrated, Searchable):
    """A city of the network or one that wishes to join it (città)."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    region = models.CharField(_("region"), max_length=2, choices=Region)
    province_code = models.CharField(_("province"), max_length=2, blank=True)
    istat_code = models.CharField(_("ISTAT code"), max_length=6, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True)
    summary = models.CharField(_("in one sentence"), max_length=300, blank=True)
    text = RichTextField(_("text"))
    logo = PictureField(
        verbose_name=_("logo"),
        width_field="logo_width",
        height_field="logo_height",
        help_text=_("The city’s own mark as a Creative City: JPEG, PNG or WebP."),
    )
    logo_width = models.PositiveIntegerField(null=True, editable=False)
    logo_height = models.PositiveIntegerField(null=True, editable=False)
    official_website = models.URLField(_("site of the municipality"), blank=True)
    creative_city_website = models.URLField(_("site of the creative city"), blank=True)
    unesco_url = models.URLField(_("page at UNESCO"), blank=True)
    checked_on = models.DateField(_("checked by the city on"), null=True, blank=True)
    coordinator_note = models.TextField(
        _("note for coordinators"),
        blank=True,
        help_text=_("What is not verified, and where facts come from. Never public."),
    )
    updated_at = models.DateTimeField(_("updated on"), auto_now=True)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    events = GenericRelation("journal.Event")

    objects = CityQuerySet.as_manager()

    SENTENCES = {"update": _("{actor} updated the page of {thing}")}

    SEARCHED = ["name", "summary", "text", "get_region_display"]

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("city_detail", args=[self.slug])

    @cached_property
    def designation(self):
        """The designation in force, or None for a candidate."""
        current = [each for each in self.designations.all() if each.ended_on is None]
        return current[0] if current else None

    @property
    def field(self):
        return self.designation.field if self.designation else None

    @property
    def is_member(self):
        return self.designation is not None

    @property
    def macro_area(self):
        return Region(self.region).macro_area

    def public_projects(self):
        """What it leads or has joined, as the public sees it."""
        return self.led_projects.model.objects.published().of_city(self)


class Designation(models.Model):
    """UNESCO's naming of a city in a creative field, with its date (designazione)."""

    city = models.ForeignKey(City, models.CASCADE, related_name="designations")
    field = models.ForeignKey(
        CreativeField, models.PROTECT, related_name="designations", verbose_name=_("field")
    )
    designated_on = models.DateField(_("designated on"))
    precision = precision_field()
    ended_on = models.DateField(
        _("ended on"), null=True, blank=True, help_text=_("When the city changed field or left.")
    )

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        ordering = ["designated_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["city"],
                condition=Q(ended_on=None),
                name="one_designation_in_force",
                violation_error_message=_("The city already has a designation in force."),
            ),
        ]

    def __str__(self):
        return f"{self.field}, {known_date(self.designated_on, self.precision)}"


class OfficeRole(models.TextChoices):
    """The two offices by which a city is reached."""

    POLITICAL = "political", _("political delegate’s office")
    FOCAL_POINT = "focal_point", _("focal point’s office")


class Office(models.Model):
    """A public contact of a city: an office, never a private person (recapito)."""

    city = models.ForeignKey(City, models.CASCADE, related_name="offices")
    role = models.CharField(_("role"), max_length=20, choices=OfficeRole)
    name = models.CharField(_("office"), max_length=160)
    email = models.EmailField(_("e-mail of the office"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["-role", "pk"]

    def __str__(self):
        return self.name


class Fact(models.Model):
    """A figure a city tells of itself: inhabitants, workshops, concerts a year (dato)."""

    city = models.ForeignKey(City, models.CASCADE, related_name="facts")
    name = models.CharField(_("what"), max_length=120)
    value = models.CharField(_("how much"), max_length=60)
    year = models.PositiveSmallIntegerField(_("in the year"), null=True, blank=True)
    source_url = models.URLField(_("source"), blank=True)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.name}: {self.value}"


class Checkup(models.Model):
    """That a city is asked, twice a year, whether its page is still right (verifica)."""

    city = models.ForeignKey(City, models.CASCADE, related_name="checkups")
    asked_on = models.DateField(_("asked on"), default=timezone.localdate)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    class Meta:
        verbose_name = _("check-up")
        verbose_name_plural = _("check-ups")
        ordering = ["-asked_on", "-pk"]
        indexes = [models.Index(fields=["city", "-asked_on"], name="checkup_of_city")]

    def __str__(self):
        return f"{self.city}, {self.asked_on}"


class DelegateRole(models.TextChoices):
    """What a person does for a city in the coordination."""

    POLITICAL = "political", _("political delegate")
    FOCAL_POINT = "focal_point", _("focal point")
    COLLABORATOR = "collaborator", _("collaborator")


class Delegate(models.Model):
    """That a person acts for a city, as what, from when until when (delegato)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="delegates", verbose_name=_("person")
    )
    city = models.ForeignKey(City, models.CASCADE, related_name="delegates", verbose_name=_("city"))
    role = models.CharField(_("role"), max_length=20, choices=DelegateRole)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Their rights end with this day.")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering = ["city", "role", "starts_on"]
        constraints = [ends_after_start("delegate_ends_after_start")]
        indexes = [models.Index(fields=["user", "starts_on", "ends_on"], name="delegate_now")]

    def __str__(self):
        return f"{self.user} – {self.city}, {self.get_role_display()}"


class MandateRole(models.TextChoices):
    """The three tasks of governance."""

    LEAD = "lead", _("lead")
    SUPPORT = "support", _("support")
    HOST = "host", _("host")


class MandateQuerySet(DatedQuerySet):
    def leads(self):
        return self.filter(role=MandateRole.LEAD)

    def with_decisions(self, user):
        """With the decisions that gave them and their meetings, as far as this person sees them."""
        decisions = self.model.decisions.rel.related_model.objects.visible_to(user)
        decisions = decisions.select_related("meeting").order_by("meeting__starts_at", "pk")
        return self.prefetch_related(Prefetch("decisions", decisions, "visible_decisions"))


class Mandate(models.Model):
    """A term in which a city leads, supports or hosts the coordination (mandato)."""

    city = models.ForeignKey(City, models.CASCADE, related_name="mandates", verbose_name=_("city"))
    role = models.CharField(_("role"), max_length=10, choices=MandateRole)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    precision = precision_field()
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["starts_on", "role", "pk"]
        constraints = [ends_after_start("mandate_ends_after_start")]

    def __str__(self):
        return f"{self.city}, {self.get_role_display()} {self.period}"

    @property
    def period(self):
        start = known_date(self.starts_on, self.precision)
        end = known_date(self.ends_on, self.precision) if self.ends_on else ""
        return start if start == end else f"{start} – {end}"

    @property
    def is_current(self):
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)

    @property
    def meetings(self):
        """The meetings that decided it; only of mandates asked for `with_decisions`."""
        return list(dict.fromkeys(decision.meeting for decision in self.visible_decisions))

    def clean(self):
        """One city leads at a time."""
        if self.role != MandateRole.LEAD or not self.starts_on:
            return
        others = Mandate.objects.leads().exclude(pk=self.pk)
        if self.ends_on:
            others = others.filter(starts_on__lte=self.ends_on)
        clash = others.filter(Q(ends_on=None) | Q(ends_on__gte=self.starts_on)).first()
        if clash:
            raise ValidationError(
                {"starts_on": _("%(other)s overlaps: one city leads at a time.") % {"other": clash}}
            )
