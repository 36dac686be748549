from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.dates import known_date
from cities.models import City, CreativeField, Delegate, Designation, Mandate, Office
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


class CityForm(forms.ModelForm):
    class Meta:
        widgets = dict.fromkeys(["summary_it", "summary_en"], forms.Textarea({"rows": 4}))


@admin.register(City)
class CityAdmin(IllustratedAdmin, HistoryAdmin):
    """The cities, with the designations that make them members and the offices that answer."""

    form = CityForm
    list_display = ["name", "field", "since", "region", "led", "joined", "checked_on", "is_demo"]
    list_filter = [MembershipFilter, FieldFilter, MacroAreaFilter, FocalPointFilter, "is_demo"]
    search_fields = ["name_it", "name_en", "slug", "province_code"]
    ordering = ["name"]
    prepopulated_fields = {"slug": ["name_it"]}
    readonly_fields = ["is_demo"]
    inlines = [DesignationInline, OfficeInline]
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
                    "picture_credit",
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
            .annotate(
                led_count=Count("led_projects", distinct=True),
                joined_count=Count("partnerships", filter=accepted, distinct=True),
            )
        )

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            Event.objects.record(obj, "update", by=request.user)

    @admin.display(description=_("creative field"), empty_value=_("candidate"))
    def field(self, city):
        return city.field

    @admin.display(description=_("since"), ordering="since")
    def since(self, city):
        current = city.designation
        return known_date(current.designated_on, current.precision) if current else None

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
    fields = [("name_it", "name_en"), ("description_it", "description_en"), "slug", "colour"]
    readonly_fields = ["slug", "colour"]

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
