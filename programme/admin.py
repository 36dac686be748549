from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from cities.dates import known_date
from programme.models import Agreement, StrategicLine, SustainableGoal


class StrategicLineForm(forms.ModelForm):
    class Meta:
        widgets = dict.fromkeys(["text_it", "text_en"], forms.Textarea({"rows": 4}))


class StrategicLineInline(admin.StackedInline):
    model = StrategicLine
    form = StrategicLineForm
    extra = 0
    fields = [("number", "is_reading"), ("title_it", "title_en"), ("text_it", "text_en")]


@admin.register(Agreement)
class AgreementAdmin(admin.ModelAdmin):
    """What the cities signed, with its strategic lines."""

    list_display = ["title", "signed", "place", "is_founding", "signatory_count", "line_count"]
    list_filter = ["is_founding"]
    list_select_related = ["place"]
    search_fields = ["title_it", "title_en", "text_it", "text_en"]
    autocomplete_fields = ["place", "signatories"]
    prepopulated_fields = {"slug": ["title_it"]}
    inlines = [StrategicLineInline]
    fieldsets = [
        (None, {"fields": [("title_it", "title_en"), "slug", ("text_it", "text_en")]}),
        (
            _("Signature"),
            {"fields": [("signed_on", "precision"), "place", "signatories", "source_url"]},
        ),
        (None, {"fields": ["quorum_percent", "is_founding"]}),
    ]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                signatories_number=Count("signatories", distinct=True),
                lines_number=Count("lines", distinct=True),
            )
        )

    @admin.display(description=_("signed on"), ordering="signed_on")
    def signed(self, agreement):
        return known_date(agreement.signed_on, agreement.precision)

    @admin.display(description=_("signatories"), ordering="signatories_number")
    def signatory_count(self, agreement):
        return agreement.signatories_number

    @admin.display(description=_("strategic lines"), ordering="lines_number")
    def line_count(self, agreement):
        return agreement.lines_number


@admin.register(StrategicLine)
class StrategicLineAdmin(admin.ModelAdmin):
    """The lines of all agreements, with the projects that follow them."""

    list_display = ["__str__", "agreement", "is_reading", "project_count"]
    list_filter = ["agreement", "is_reading"]
    list_select_related = ["agreement"]
    search_fields = ["title_it", "title_en"]
    autocomplete_fields = ["agreement"]
    fields = [
        "agreement",
        ("number", "is_reading"),
        ("title_it", "title_en"),
        ("text_it", "text_en"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(projects_number=Count("projects"))

    @admin.display(description=_("projects"), ordering="projects_number")
    def project_count(self, line):
        return line.projects_number


@admin.register(SustainableGoal)
class SustainableGoalAdmin(admin.ModelAdmin):
    """The seventeen goals: they are the United Nations', so only their words change here."""

    list_display = ["number", "title", "project_count"]
    list_display_links = ["title"]
    search_fields = ["number", "title_it", "title_en"]
    fields = ["number", ("title_it", "title_en")]
    readonly_fields = ["number"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(projects_number=Count("projects"))

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("projects"), ordering="projects_number")
    def project_count(self, goal):
        return goal.projects_number
