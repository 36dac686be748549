from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from cities.cards import columns, fields_among, in_languages
from cities.models import CreativeField
from documents.admin import IllustratedAdmin
from journal.admin_verbs import VerbAdmin
from journal.models import Event
from projects.models import Project
from projects.partnerships import Partnership
from projects.parts import ProjectLink
from projects.states import PartnershipStatus, ProjectStatus


def admin_fields(names):
    """A section of the card; partner cities have rows of their own, the picture is shown."""
    names = [name for name in fields_among(Project, names) if name != "partners"]
    shown = {"picture": ("picture", "picture_now")}
    return [shown.get(each, each) for each in in_languages(Project, names)]


class ProjectAdminForm(forms.ModelForm):
    class Meta:
        widgets = {name: forms.Textarea({"rows": 4}) for name in columns(Project, ["summary"])}


class FieldFilter(admin.SimpleListFilter):
    title = _("creative field")
    parameter_name = "field"

    def lookups(self, request, model_admin):
        return [(field.slug, field.name) for field in CreativeField.objects.all()]

    def queryset(self, request, queryset):
        return queryset.filter(fields__slug=self.value()) if self.value() else queryset


class PartnershipInline(admin.TabularInline):
    model = Partnership
    extra = 0
    fields = ["city", "status", "answered_at", "reason"]
    readonly_fields = ["status", "answered_at", "reason"]
    autocomplete_fields = ["city"]
    verbose_name_plural = _("partner cities: each answers for itself")


class ProjectLinkInline(admin.TabularInline):
    model = ProjectLink
    extra = 0
    fields = ["url", "label_it", "label_en"]


@admin.register(Project)
class ProjectAdmin(IllustratedAdmin, VerbAdmin):
    """The cards of all projects, with what waits for review."""

    form = ProjectAdminForm
    list_display = [
        "title", "lead", "status", "phase", "partner_count", "published_at", "is_demo",
    ]  # fmt: skip
    list_filter = [
        "status", "phase", FieldFilter, ("lead", admin.RelatedOnlyFieldListFilter),
        "lines", "looking_for_partners", "is_demo",
    ]  # fmt: skip
    list_select_related = ["lead"]
    list_per_page = 50
    search_fields = [*columns(Project, ["title", "summary"]), "lead__name_it", "lead__name_en"]
    date_hierarchy = "published_at"
    autocomplete_fields = ["lead", "fields", "lines", "goals"]
    readonly_fields = ["published_at", "created_by", "is_demo"]
    inlines = [PartnershipInline, ProjectLinkInline]
    fieldsets = [
        *(
            (section.heading, {"fields": admin_fields(section.names)})
            for section in Project.CARD
            if fields_among(Project, section.names)
        ),
        (
            _("For coordinators"),
            {
                "fields": [
                    ("status", "published_at"),
                    "coordinator_note",
                    ("created_by", "is_demo"),
                ]
            },
        ),
    ]

    def get_queryset(self, request):
        accepted = Q(partnerships__status=PartnershipStatus.ACCEPTED)
        return (
            super()
            .get_queryset(request)
            .annotate(partners_number=Count("partnerships", filter=accepted))
        )

    def save_model(self, request, obj, form, change):
        if not change:
            obj.slug, obj.created_by = Project.free_slug(obj.title_it), request.user
        super().save_model(request, obj, form, change)
        if form.changed_data or not change:
            Event.objects.record(obj, "update" if change else "create", by=request.user)

    def view_on_site(self, obj):
        """A draft has no page that coordinators could see."""
        return None if obj.status == ProjectStatus.DRAFT else obj.get_absolute_url()

    @admin.display(description=_("partners"), ordering="partners_number")
    def partner_count(self, project):
        return project.partners_number
