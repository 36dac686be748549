from datetime import time

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from cities.models import Mandate
from cities.slugs import unique_slug
from documents.admin import DocumentInline
from journal.admin_verbs import VerbAdmin
from journal.models import Event
from meetings.admin_pages import pages
from meetings.models import AgendaItem, Decision, Meeting, MomentPrecision


class MomentField(forms.SplitDateTimeField):
    """A day and, where it is known, an hour."""

    def __init__(self, **kwargs):
        super().__init__(require_all_fields=False, **kwargs)
        self.fields[1].required = False

    def compress(self, data_list):
        if data_list and data_list[0] and data_list[1] in self.empty_values:
            data_list = [data_list[0], time.min]
        return super().compress(data_list)


class MeetingForm(forms.ModelForm):
    """A meeting whose hour may still be open."""

    def clean(self):
        data = super().clean()
        hour_is_open = not self.data.get(self.add_prefix("starts_at_1"))
        if data.get("precision") == MomentPrecision.TIME and hour_is_open:
            data["precision"] = MomentPrecision.DAY
        return data


class AgendaFormSet(forms.BaseInlineFormSet):
    """Items without a number come after the others, in the order in which they were written."""

    def add_fields(self, form, index):
        """Name each field aloud: the heads of the table are no labels."""
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = field.label

    def clean(self):
        super().clean()
        written = [form for form in self.forms if form.instance.pk or form.has_changed()]
        numbers = [form.cleaned_data.get("position") for form in written]
        last = max(filter(None, numbers), default=0)
        for form, number in zip(written, numbers, strict=True):
            if not number:
                last += 1
                form.instance.position = last


class AgendaItemForm(forms.ModelForm):
    """One line of the agenda."""

    position = forms.IntegerField(
        label=_("No."),
        required=False,
        min_value=1,
        max_value=999,
        widget=forms.NumberInput(attrs={"class": "agenda-number"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["position"] = None

    def clean_position(self):
        return self.cleaned_data["position"] or 0


class AgendaInline(admin.TabularInline):
    """The agenda: numbers give the order, minutes the hours."""

    model = AgendaItem
    fk_name = "meeting"
    form = AgendaItemForm
    formset = AgendaFormSet
    fields = ["position", "starts", "title_it", "title_en", "kind", "minutes", "presenter"]
    readonly_fields = ["starts"]

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 3

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("meeting")

    @admin.display(description=_("begins"))
    def starts(self, item):
        """Counted in the page (agenda.js) from the minutes of those before it."""
        return ""


class DecisionInline(admin.StackedInline):
    """What the meeting decided; internal until it is marked as public."""

    model = Decision
    fields = [("text_it", "text_en"), "is_public", ("mandates", "projects")]
    autocomplete_fields = ["mandates", "projects"]
    extra = 0

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "mandates":
            kwargs["queryset"] = Mandate.objects.select_related("city")
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Meeting)
class MeetingAdmin(VerbAdmin):
    """A meeting from its agenda to its decisions, on one page."""

    form = MeetingForm
    formfield_overrides = {
        models.DateTimeField: {"form_class": MomentField, "widget": AdminSplitDateTime}
    }
    list_display = [
        "title", "when", "host", "status", "is_public", "items", "papers", "outcome",
        "is_demo",
    ]  # fmt: skip
    list_filter = [
        "status", "kind", "track", "mode", "is_public", "is_demo",
        ("host", admin.RelatedOnlyFieldListFilter),
    ]  # fmt: skip
    list_select_related = ["host"]
    search_fields = ["title_it", "title_en", "venue", "host__name_it", "host__name_en"]
    date_hierarchy = "starts_at"
    autocomplete_fields = ["host"]
    readonly_fields = ["is_demo"]
    inlines = [AgendaInline, DocumentInline, DecisionInline]
    fieldsets = [
        (None, {"fields": [("title_it", "title_en"), ("kind", "track", "mode")]}),
        (
            _("When"),
            {
                "fields": [("starts_at", "ends_at", "precision")],
                "description": _("Leave the hour empty while only the day is known."),
            },
        ),
        (
            _("Where"),
            {"fields": ["host", ("venue", "address"), ("map_url", "online_link")]},
        ),
        (_("What it is about"), {"fields": [("text_it", "text_en")]}),
        (
            _("For coordinators"),
            {"fields": [("status", "is_public", "is_demo"), "source_url", "coordinator_note"]},
        ),
    ]

    class Media:
        css = {"all": ["css/admin_meetings.css"]}
        js = [forms.Script("js/agenda.js", type="module")]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                item_count=Count("agenda", distinct=True),
                document_count=Count("documents", distinct=True),
                decision_count=Count("decisions", distinct=True),
            )
        )

    def get_urls(self):
        return [*pages(self.admin_site), *super().get_urls()]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.slug = unique_slug(Meeting, obj.title_it)
        super().save_model(request, obj, form, change)
        if not change:
            Event.objects.record(obj, "create", by=request.user)

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, meeting):
        return meeting.moment

    @admin.display(description=_("items"), ordering="item_count")
    def items(self, meeting):
        return meeting.item_count

    @admin.display(description=_("documents"), ordering="document_count")
    def papers(self, meeting):
        return meeting.document_count

    @admin.display(description=_("decisions"), ordering="decision_count")
    def outcome(self, meeting):
        return meeting.decision_count
