from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Prefetch
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cities.card_values import changes_between, values_of
from cities.cards import columns, fields_among, in_languages
from cities.models import City, CreativeField
from documents.admin import DocumentInline, DocumentsGoToo, IllustratedAdmin
from journal.admin_verbs import VerbAdmin
from journal.models import Event
from projects.admin_rows import ROW_INLINES, UpdateInline
from projects.importing import ProjectImport
from projects.models import Project
from projects.partnerships import Partnership
from projects.states import ProjectStatus


def admin_fields(names):
    """A section of the card; partner cities have rows of their own, the picture is shown."""
    names = [name for name in fields_among(Project, names) if name != "partners"]
    shown = {"picture": ("picture", "picture_now")}
    return [shown.get(each, each) for each in in_languages(Project, names)]


class ProjectAdminForm(forms.ModelForm):
    class Meta:
        widgets = {
            name: forms.Textarea({"rows": 4})
            for name in columns(
                Project, ["summary", "objectives", "target_groups", "partners_sought"]
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "contact" in self.fields:
            offices = self.fields["contact"].queryset.select_related("city")
            if self.instance.lead_id:
                offices = offices.filter(city=self.instance.lead_id)
            self.fields["contact"].queryset = offices
            self.fields["contact"].label_from_instance = lambda each: f"{each.city}: {each}"

    def clean(self):
        cleaned = super().clean()
        contact, lead = cleaned.get("contact"), cleaned.get("lead")
        if contact and lead and contact.city_id != lead.pk:
            self.add_error("contact", _("This is an office of another city."))
        return cleaned


class FieldFilter(admin.SimpleListFilter):
    title = _("creative field")
    parameter_name = "field"

    def lookups(self, request, model_admin):
        return [(field.slug, field.name) for field in CreativeField.objects.all()]

    def queryset(self, request, queryset):
        return queryset.belonging_to("fields", slug=self.value()) if self.value() else queryset


class LeadFilter(admin.SimpleListFilter):
    """The cities of the network, read from their own short list and not from all projects."""

    title = _("lead city")
    parameter_name = "lead"

    def lookups(self, request, model_admin):
        return [(city.slug, city.name) for city in City.objects.order_by("name_it")]

    def queryset(self, request, queryset):
        return queryset.filter(lead__slug=self.value()) if self.value() else queryset


class KeeperFilter(admin.SimpleListFilter):
    title = _("who keeps it")
    parameter_name = "keeper"

    def lookups(self, request, model_admin):
        return [("nobody", _("nobody any more"))]

    def queryset(self, request, queryset):
        return queryset.without_editor() if self.value() == "nobody" else queryset


@admin.register(Project)
class ProjectAdmin(DocumentsGoToo, ProjectImport, IllustratedAdmin, VerbAdmin):
    """The cards of all projects but the drafts of others, with what waits for review.

    Fast with a hundred thousand.
    """

    form = ProjectAdminForm
    change_form_template = "admin/project_change_form.html"
    list_display = [
        "title", "lead", "status", "kept", "phase", "partner_count", "published_at", "is_demo",
    ]  # fmt: skip
    list_filter = [
        "status", KeeperFilter, "phase", FieldFilter, LeadFilter, "scope", "is_good_practice",
        "looking_for_partners", "is_demo",
    ]  # fmt: skip
    list_select_related = []  # the lead city is asked apart, so that nothing is sorted
    list_per_page = 50
    show_full_result_count = False
    search_fields = [*columns(Project, ["title"]), "lead__name_it", "lead__name_en"]
    autocomplete_fields = ["lead", "fields", "lines"]
    readonly_fields = ["published_at", "created_by", "is_demo", "keepers_now"]
    inlines = [*ROW_INLINES, DocumentInline, UpdateInline]
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
                    "keepers_now",
                    "coordinator_note",
                    ("created_by", "is_demo"),
                ]
            },
        ),
    ]

    def get_queryset(self, request):
        accepted = Prefetch("partnerships", Partnership.objects.accepted(), to_attr="taking_part")
        alone = Project.objects.without_editor().filter(pk=OuterRef("pk"))
        seen = super().get_queryset(request).visible_to(request.user)
        found = seen.annotate(is_alone=Exists(alone))
        return found.prefetch_related("lead", accepted)

    def get_search_results(self, request, queryset, search_term):
        """By the index of all words, as the public finds them: nothing reads all titles."""
        return queryset.search(search_term), False

    def save_model(self, request, obj, form, change):
        if change:
            obj.card_before = values_of(Project.objects.get(pk=obj.pk))
        else:
            obj.slug, obj.created_by = Project.free_slug(obj.title_it), request.user
        super().save_model(request, obj, form, change)
        if not change:
            Event.objects.record(obj, "create", by=request.user)

    def log_change(self, request, obj, message):
        """Called when rows and relations are saved too: only now can it be told what changed."""
        before = getattr(obj, "card_before", None)
        changes = before and changes_between(before, values_of(Project.objects.get(pk=obj.pk)))
        if changes:
            Event.objects.record(
                obj, "update", by=request.user, tell=obj.keepers(), details={"changes": changes}
            )
        return super().log_change(request, obj, message)

    def view_on_site(self, obj):
        """A draft has no page that coordinators could see."""
        return None if obj.status == ProjectStatus.DRAFT else obj.get_absolute_url()

    @admin.display(description=_("partners"))
    def partner_count(self, project):
        return len(project.taking_part)

    @admin.display(description=_("kept"))
    def kept(self, project):
        if not project.is_alone:
            return ""
        return format_html('<span class="tag tag--alone">{}</span>', _("by nobody"))

    @admin.display(description=_("kept by"))
    def keepers_now(self, project):
        """Who can edit the card today; a published one that nobody keeps says so."""
        people = ", ".join(map(str, project.keepers())) if project.pk else ""
        return people or format_html('<span class="tag tag--alone">{}</span>', _("nobody"))
