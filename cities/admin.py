from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cities.card_values import changes_between, values_of
from cities.dates import known_date
from cities.models import Checkup, City, CreativeField, Delegate, Designation, Fact, Mandate, Office
from cities.regions import MacroArea
from documents.admin import IllustratedAdmin
from journal.admin_verbs import HistoryAdmin
from journal.models import Event


class MembershipFilter(admin.SimpleListFilter):
    title = _("membership")
    parameter_name = "membership"

    def lookups(self, request, model_admin):
        return [("member", _("members")), ("candidate", _("candidates"))]

    def queryset(self, request, queryset):
        if self.value() == "member":
            return queryset.members()
        return queryset.candidates() if self.value() == "candidate" else queryset


class FieldFilter(admin.SimpleListFilter):
    title = _("creative field")
    parameter_name = "field"

    def lookups(self, request, model_admin):
        return [(field.slug, field.name) for field in CreativeField.objects.all()]

    def queryset(self, request, queryset):
        field = CreativeField.objects.filter(slug=self.value()).first()
        return queryset.of_field(field) if field else queryset


class MacroAreaFilter(admin.SimpleListFilter):
    title = _("part of Italy")
    parameter_name = "area"

    def lookups(self, request, model_admin):
        return MacroArea.choices

    def queryset(self, request, queryset):
        known = self.value() in MacroArea.values
        return queryset.in_macro_area(self.value()) if known else queryset


class FocalPointFilter(admin.SimpleListFilter):
    title = _("focal point")
    parameter_name = "focal_point"

    def lookups(self, request, model_admin):
        return [("none", _("cities without one"))]

    def queryset(self, request, queryset):
        return queryset.without_focal_point() if self.value() == "none" else queryset


class TermFilter(admin.SimpleListFilter):
    """Things with a beginning and an end: those of today, those to come, those gone."""

    title = _("in force")
    parameter_name = "term"

    def lookups(self, request, model_admin):
        return [("now", _("today")), ("coming", _("to come")), ("over", _("over"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        match self.value():
            case "now":
                return queryset.current()
            case "coming":
                return queryset.filter(starts_on__gt=today)
            case "over":
                return queryset.filter(ends_on__lt=today)
        return queryset


class DesignationInline(admin.TabularInline):
    model = Designation
    extra = 0
    autocomplete_fields = ["field"]


class OfficeInline(admin.StackedInline):
    model = Office
    extra = 0
    fields = ["role", ("name_it", "name_en"), ("email", "phone"), "address"]
    verbose_name_plural = _("offices: public contacts, never private ones")


class FactInline(admin.TabularInline):
    model = Fact
    extra = 0
    fields = ["name_it", "name_en", "value", "year", "source_url"]


class CheckupInline(admin.TabularInline):
    """When the city was asked whether its page is right, and who answered: the portal writes it."""

    model = Checkup
    extra = 0
    fields = readonly_fields = ["asked_on", "reminded_on", "answered_on", "answered_by"]
    verbose_name_plural = _("check-ups: is the page still right?")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("answered_by")

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class AmberFilter(admin.SimpleListFilter):
    """Cities that were asked whether their page is right, and have not answered for a month."""

    title = _("check-up")
    parameter_name = "checkup"

    def lookups(self, request, model_admin):
        return [
            ("amber", _("amber: no answer for a month")),
            ("waiting", _("asked, no answer yet")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "amber":
            return queryset.filter(is_amber=True)
        if self.value() == "waiting":
            waiting = Checkup.objects.unanswered().order_by().values("city")
            return queryset.filter(pk__in=waiting)
        return queryset


class CityForm(forms.ModelForm):
    class Meta:
        widgets = dict.fromkeys(["summary_it", "summary_en"], forms.Textarea({"rows": 4}))


@admin.register(City)
class CityAdmin(IllustratedAdmin, HistoryAdmin):
    """The cities, with the designations that make them members and the offices that answer."""

    form = CityForm
    list_display = [
        "name", "field", "since", "region", "led", "joined", "checked_on", "amber", "is_demo",
    ]  # fmt: skip
    list_filter = [
        MembershipFilter, AmberFilter, FieldFilter, MacroAreaFilter, FocalPointFilter, "is_demo",
    ]  # fmt: skip
    search_fields = ["name_it", "name_en", "slug", "province_code"]
    ordering = ["name"]
    prepopulated_fields = {"slug": ["name_it"]}
    readonly_fields = ["checked_on", "is_demo"]
    inlines = [DesignationInline, FactInline, OfficeInline, CheckupInline]
    fieldsets = [
        (None, {"fields": [("name_it", "name_en"), "slug"]}),
        (
            _("Place"),
            {
                "fields": [
                    ("region", "province_code", "istat_code"),
                    ("latitude", "longitude"),
                ]
            },
        ),
        (_("What it tells"), {"fields": [("summary_it", "summary_en"), ("text_it", "text_en")]}),
        (
            _("Picture"),
            {
                "fields": [
                    ("picture", "picture_now"),
                    ("picture_alt_it", "picture_alt_en"),
                    ("picture_credit", "picture_licence"),
                    "picture_focus",
                    "logo",
                ]
            },
        ),
        (_("Links"), {"fields": ["official_website", "creative_city_website", "unesco_url"]}),
        (_("For coordinators"), {"fields": ["checked_on", "coordinator_note", "is_demo"]}),
    ]

    def get_queryset(self, request):
        accepted = Q(partnerships__status="accepted")
        return (
            super()
            .get_queryset(request)
            .with_field()
            .with_since()
            .with_amber()
            .annotate(
                led_count=Count("led_projects", distinct=True),
                joined_count=Count("partnerships", filter=accepted, distinct=True),
            )
        )

    def save_model(self, request, obj, form, change):
        form.before = values_of(City.objects.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """What changed is recorded in its words, and the city's people are told."""
        super().save_related(request, form, formsets, change)
        city = form.instance
        changes = changes_between(form.before, values_of(city)) if change else {}
        if changes or (change and form.changed_data):
            Event.objects.record(
                city, "update", by=request.user, tell=city.people(), details={"changes": changes}
            )

    @admin.display(description=_("creative field"), empty_value=_("candidate"))
    def field(self, city):
        return city.field

    @admin.display(description=_("since"), ordering="since")
    def since(self, city):
        current = city.designation
        return known_date(current.designated_on, current.precision) if current else None

    @admin.display(description=_("check-up"), ordering="is_amber", empty_value="")
    def amber(self, city):
        if not city.is_amber:
            return None
        return format_html('<span class="tag--alone">{}</span>', _("no answer"))

    @admin.display(description=_("leads projects"), ordering="led_count")
    def led(self, city):
        return city.led_count

    @admin.display(description=_("joins projects"), ordering="joined_count")
    def joined(self, city):
        return city.joined_count


@admin.register(CreativeField)
class CreativeFieldAdmin(admin.ModelAdmin):
    """The eight fields: they are UNESCO's, so only their words change here."""

    list_display = ["name", "city_number", "project_number"]
    search_fields = ["name_it", "name_en"]
    fields = [
        ("name_it", "name_en"), ("description_it", "description_en"), "responsible", "slug",
        "colour",
    ]  # fmt: skip
    readonly_fields = ["slug", "colour"]
    filter_horizontal = ["responsible"]

    def get_queryset(self, request):
        now = Q(designations__ended_on=None)
        return (
            super()
            .get_queryset(request)
            .annotate(
                city_count=Count("designations", filter=now, distinct=True),
                project_count=Count("projects", distinct=True),
            )
        )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Only those who coordinate review projects."""
        if db_field.name == "responsible":
            kwargs["queryset"] = get_user_model().objects.coordinators()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("cities"), ordering="city_count")
    def city_number(self, field):
        return field.city_count

    @admin.display(description=_("projects"), ordering="project_count")
    def project_number(self, field):
        return field.project_count


@admin.register(Delegate)
class DelegateAdmin(admin.ModelAdmin):
    """Who acts for which city, from when until when: from here people have their rights."""

    list_display = ["user", "city", "role", "starts_on", "ends_on"]
    list_filter = [TermFilter, "role", "city"]
    list_select_related = ["user", "city"]
    search_fields = ["user__first_name", "user__last_name", "user__email", "city__name_it"]
    autocomplete_fields = ["user", "city"]
    date_hierarchy = "starts_on"
    fields = [("user", "city"), "role", ("starts_on", "ends_on")]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            obj.announce(by=request.user)


@admin.register(Mandate)
class MandateAdmin(admin.ModelAdmin):
    """Who leads, supports and hosts the coordination, term by term."""

    list_display = ["city", "role", "period", "decided"]
    list_filter = [TermFilter, "role", "city"]
    list_select_related = ["city"]
    search_fields = ["city__name_it", "city__name_en", "note_it", "note_en"]
    autocomplete_fields = ["city"]
    fields = [
        ("city", "role"),
        ("starts_on", "ends_on", "precision"),
        ("note_it", "note_en"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_decisions(request.user)

    @admin.display(description=_("period"), ordering="starts_on")
    def period(self, mandate):
        return mandate.period

    @admin.display(description=_("decided by"))
    def decided(self, mandate):
        return ", ".join(map(str, mandate.meetings))
