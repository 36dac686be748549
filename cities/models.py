from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import Exists, FilteredRelation, OuterRef, Q, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cities.card_values import label_of, said
from cities.cards import DATA, PAGE, REPORT, Section
from cities.dates import known_date, precision_field
from cities.delegates import Delegate, DelegateRole
from cities.important import A_YEAR, Important
from cities.mandates import Mandate, MandateRole
from cities.parts import Checkup, Fact, Office, OfficeRole
from cities.regions import REGIONS_OF, Region
from cities.search import Searchable, SearchableQuerySet
from documents.pictures import Illustrated, PictureField
from documents.richtext import RichTextField
from journal.models import Event

# Those of the room's other modules too.
__all__ = [
    "Checkup", "City", "CreativeField", "Delegate", "DelegateRole", "Designation", "Fact",
    "Mandate", "MandateRole", "Office", "OfficeRole",
]  # fmt: skip


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
    def members(self, on=None):
        """Those that are in UNESCO's network today, or were on a day."""
        if on is None:
            return self.filter(Exists(designations_now()))
        then = Designation.objects.filter(city=OuterRef("pk"), designated_on__lte=on)
        return self.filter(Exists(then.filter(Q(ended_on=None) | Q(ended_on__gt=on))))

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

    def peopled_by(self, user):
        """Cities whose people this person names: all for coordinators, else as focal point."""
        if user.is_authenticated and user.is_coordinator:
            return self
        return self.served_by(user).filter(
            pk__in=Delegate.objects.current().focal_points().filter(user=user.pk).values("city")
        )

    def without_focal_point(self):
        """Cities for which nobody who can log in is focal point today."""
        return self.exclude(
            pk__in=Delegate.objects.current().active().focal_points().values("city")
        )

    def to_be_asked(self, due):
        """Members for three months, with people, that were not asked whether their page is right
        on this day or since."""
        known = designations_now(designated_on__lte=due - Checkup.NEW)
        asked = Checkup.objects.filter(city=OuterRef("pk"), asked_on__gte=due)
        people = Delegate.objects.current().active().filter(city=OuterRef("pk"))
        return self.filter(Exists(known), ~Exists(asked), Exists(people))

    def with_amber(self):
        """With `is_amber`: the city has been asked, and has not answered for too long."""
        overdue = Checkup.objects.overdue().filter(city=OuterRef("pk"))
        return self.annotate(is_amber=Exists(overdue))

    def with_keeping(self, user):
        """With what its page says to those who keep it: `is_mine` for its people, `is_kept` also
        for coordinators, and `asked_on`, since when it owes an answer."""
        if not user.is_authenticated:
            return self
        mine = Exists(Delegate.objects.current().filter(user=user, city=OuterRef("pk")))
        asked = Checkup.objects.unanswered().filter(city=OuterRef("pk")).order_by("asked_on")
        return self.with_amber().annotate(
            is_mine=mine,
            is_kept=Value(True) if user.is_coordinator else mine,
            asked_on=Subquery(asked.values("asked_on")[:1]),
        )

    def in_macro_area(self, area):
        return self.filter(region__in=REGIONS_OF[area])

    def with_field(self):
        """With the designation that `city.field` reads, in the same query."""
        in_force = FilteredRelation("designations", condition=Q(designations__ended_on=None))
        known = self.annotate(in_force=in_force, knows_field=Value(True))
        return known.select_related("in_force__field")

    def on_cards(self):
        """With what cards and the map show, and without the long texts of their own pages."""
        return self.with_field().defer("text_it", "text_en", "coordinator_note")

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

    # The card: what a city tells of itself, in the steps in which it is asked for and shown.
    CARD = [
        Section("words", _("In words"), ["summary", "text"], [PAGE, DATA]),
        Section(
            "picture",
            _("Picture and logo"),
            [
                "picture", "picture_alt", "picture_credit", "picture_licence", "picture_focus",
                "logo",
            ],
            [PAGE],
        ),
        Section("facts", _("In figures"), ["facts"], [PAGE, REPORT, DATA]),
        Section("contacts", _("Contacts"), ["offices"], [PAGE, DATA]),
        Section(
            "links",
            _("Links"),
            ["official_website", "creative_city_website", "unesco_url"],
            [PAGE, DATA],
        ),
    ]  # fmt: skip

    IMPORTANT = [
        Important("italian", _("Words in Italian"), ["summary_it", "text_it"]),
        Important("english", _("Words in English"), ["summary_en", "text_en"]),
        Important("picture", _("Picture"), ["picture"]),
        Important(
            "picture_words",
            _("What the picture shows"),
            ["picture_alt_it", "picture_alt_en"],
            asked=lambda: ~Q(picture=""),
        ),
        Important("logo", _("Logo"), ["logo"]),
        Important("figures", _("Figures"), ["facts"]),
        Important("contact", _("Address to write to"), ["offices__email"]),
        Important("site", _("Site"), ["official_website"]),
        Important("check", _("Checked this year"), ["checked_on"], lasts=A_YEAR),
    ]

    SENTENCES = {
        "update": _("{actor} updated the page of {thing}"),
        "restore": _("{actor} took back a change to the page of {thing}"),
        "confirm": _("{actor} confirmed that the page of {thing} is right"),
    }

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
        """The designation in force, or None for a candidate; of with_field() without a query."""
        if "knows_field" in self.__dict__:
            return self.__dict__.get("in_force")
        return self.designations.filter(ended_on=None).select_related("field").first()

    @property
    def field(self):
        return self.designation.field if self.designation else None

    @property
    def is_member(self):
        return self.designation is not None

    @property
    def macro_area(self):
        return Region(self.region).macro_area

    def people(self):
        """Who acts for it today and can log in."""
        today = Delegate.objects.current().filter(city=self).order_by()
        return get_user_model().objects.active().filter(pk__in=today.values("user"))

    def keepers(self):
        """Who hears what changes on its page: its people and the coordinators."""
        return self.people() | get_user_model().objects.coordinators()

    def confirm(self, *, by):
        """That its page is right, as one of its people says: answers whatever it was asked."""
        today = timezone.localdate()
        with transaction.atomic():
            City.objects.select_for_update().get(pk=self.pk)
            City.objects.filter(pk=self.pk).update(checked_on=today)
            self.checkups.unanswered().update(answered_on=today, answered_by=by)
            Event.objects.record(self, "confirm", by=by)
        self.checked_on = today

    def label_of(self, name):
        """What a column of its card is called."""
        return label_of(City, name)

    def said(self, name, value):
        """A value of its card in words."""
        return said(City, name, value)

    def mail_url(self, user, event):
        """Where a letter about it leads: to what changed, if anything did."""
        if event.details.get("changes"):
            return reverse("city_history", args=[self.slug]) + f"#event-{event.pk}"
        return self.get_absolute_url()

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
