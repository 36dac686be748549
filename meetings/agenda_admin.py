"""The agenda in the admin: on the meeting's form, and each item with its documents."""

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.models import City
from documents.admin import DocumentInline, DocumentsGoToo
from documents.models import throw_away_with
from meetings.agenda import AgendaItem, put_in_order
from meetings.carrying import open_actions_for
from meetings.states import MINUTED


class AgendaFormSet(forms.BaseInlineFormSet):
    """Items without a number come after the others, in the order in which they were written."""

    def get_queryset(self):
        """The items, each with its place."""
        items = super().get_queryset()
        if not hasattr(self, "cities"):
            self.cities = [("", "—"), *((city.pk, str(city)) for city in City.objects.all())]
            if self.instance.pk:
                put_in_order(self.instance, items)
        return items

    def add_fields(self, form, index):
        """Every line offers the same cities, which are asked for once."""
        super().add_fields(form, index)
        self.get_queryset()
        form.fields["city"].choices = self.cities

    def clean(self):
        super().clean()
        written = [form for form in self.forms if form.instance.pk or form.has_changed()]
        numbers = [form.cleaned_data.get("position") for form in written]
        last = max(filter(None, numbers), default=0)
        for form, number in zip(written, numbers, strict=True):
            if not number:
                last += 1
                form.instance.position = last
        for form in self.deleted_forms:
            if form.instance.is_minuted:
                text = gettext("“%(item)s” has a text in the minutes: empty that first.")
                raise forms.ValidationError(text % {"item": form.instance})

    def delete_existing(self, obj, commit=True):
        throw_away_with([obj])
        super().delete_existing(obj, commit=commit)


class AgendaItemForm(forms.ModelForm):
    """One item of the agenda."""

    position = forms.IntegerField(
        label=_("Position"),
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


class AgendaInline(admin.StackedInline):
    """The agenda: lines give the order, minutes the hours."""

    model = AgendaItem
    fk_name = "meeting"
    form = AgendaItemForm
    formset = AgendaFormSet
    template = "admin/meetings/agenda_inline.html"
    view_on_site = False
    fields = [
        ("position", "is_sub", "starts", "title_it", "title_en"),
        ("kind", "minutes", "presenter", "city", "project", "papers"),
        "carries",
    ]
    readonly_fields = ["starts", "papers", "carries"]
    autocomplete_fields = ["project"]

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 3

    def get_queryset(self, request):
        items = super().get_queryset(request).select_related("meeting", "minutes_of", "section")
        return items.annotate(document_count=Count("documents"))

    def has_add_permission(self, request, obj=None):
        return self.is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self.is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.is_open(obj) and super().has_delete_permission(request, obj)

    def is_open(self, meeting):
        """Once the minutes are with others, the agenda stands."""
        return meeting is None or meeting.status not in MINUTED

    @admin.display(description=_("No. and hour"))
    def starts(self, item):
        """Where it stands and when it begins; kept up in the page by agenda.js."""
        place = getattr(item, "place", None)
        if place is None:
            return ""
        hour = place.starts_at and f"{timezone.localtime(place.starts_at):%H:%M}"
        return " · ".join(filter(None, [place.number, hour]))

    @admin.display(description=_("documents"))
    def papers(self, item):
        if not item.pk:
            return gettext("After saving")
        label = gettext("documents (%(n)s)") % {"n": item.document_count}
        address = reverse("admin:meetings_agendaitem_change", args=[item.pk])
        return format_html('<a href="{}">{}</a>', address, label)

    @admin.display(description=_("from earlier meetings"))
    def carries(self, item):
        """What the portal itself has put on the agenda brings with it."""
        if item.lists_actions:
            return open_actions_in_words(item.meeting)
        if item.minutes_of:
            address = reverse("admin:meeting_amendments", args=[item.minutes_of_id])
            return format_html('<a href="{}">{}</a>', address, item.minutes_of)
        return ""


def open_actions_in_words(meeting):
    """The open actions as a short list, the most urgent first."""
    actions = list(open_actions_for(meeting).prefetch_related("cities"))
    text = ngettext("%(n)s open action.", "%(n)s open actions, by their day.", len(actions))
    lines = format_html_join(
        "",
        '<li><span class="nowrap">{}</span> {} <span class="quiet">({})</span></li>',
        (
            (f"{each.due_on:%d/%m/%Y}", each.title, ", ".join(map(str, each.cities.all())))
            for each in actions
        ),
    )
    return format_html("{}<ul>{}</ul>", text % {"n": len(actions)}, lines)


@admin.register(AgendaItem)
class AgendaItemAdmin(DocumentsGoToo, admin.ModelAdmin):
    """One item with its documents, reached from its line."""

    fields = [("title_it", "title_en"), ("kind", "minutes"), ("presenter", "city"), "project"]
    autocomplete_fields = ["city", "project"]
    inlines = [DocumentInline]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("meeting")

    def has_module_permission(self, request):
        return False

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """It goes, alone or with its meeting, as long as the minutes do not speak of it."""
        is_minuted = obj is not None and obj.is_minuted
        return not is_minuted and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Documents may come later; what the minutes were written of stays."""
        stands = obj is not None and obj.meeting.status in MINUTED
        own = ["title_it", "title_en", "kind", "minutes", "presenter", "city", "project"]
        return own if stands else []

    def changelist_view(self, request, extra_context=None):
        return redirect("admin:meetings_meeting_changelist")

    def response_change(self, request, obj):
        """Back to the agenda, unless there is more to do here."""
        if "_continue" in request.POST:
            return super().response_change(request, obj)
        self.message_user(request, gettext("Saved: “%(item)s”.") % {"item": obj})
        address = reverse("admin:meetings_meeting_change", args=[obj.meeting_id])
        return redirect(f"{address}#agenda-group")
