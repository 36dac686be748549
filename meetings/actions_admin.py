"""Actions in the admin: the coordinators' table, and one more that no minutes hold."""

from django.contrib import admin
from django.db.models import Case, When
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from journal.admin_verbs import VerbAdmin
from meetings.actions import Action, entrust
from meetings.states import TOOK_PLACE, UNDONE

# What the minutes say of it, and cities were told: from then on it changes by verbs alone.
TOLD = ["meeting", "title_it", "title_en", "cities", "due_on"]


class LateFilter(admin.SimpleListFilter):
    """Those whose day has passed, and those that are still to be done."""

    title = _("by when")
    parameter_name = "late"

    def lookups(self, request, model_admin):
        return [("overdue", _("overdue")), ("undone", _("to do"))]

    def queryset(self, request, queryset):
        return getattr(queryset, self.value())() if self.value() else queryset


@admin.register(Action)
class ActionAdmin(VerbAdmin):
    """What cities took on: overdue first. None is ever deleted."""

    list_display = ["title", "whose", "due_on", "late", "status", "last_said", "meeting"]
    list_filter = [
        LateFilter,
        "status",
        ("cities", admin.RelatedOnlyFieldListFilter),
        ("line", admin.RelatedOnlyFieldListFilter),
        "is_public",
    ]
    list_select_related = ["meeting"]
    ordering = [
        Case(When(status__in=UNDONE, then="due_on")).asc(nulls_last=True),
        "-due_on",
    ]
    search_fields = ["title_it", "title_en", "cities__name_it", "meeting__title_it"]
    autocomplete_fields = ["cities", "project"]
    fields = [
        "meeting",
        ("title_it", "title_en"),
        "cities",
        ("due_on", "status"),
        ("line", "project"),
        "is_public",
    ]

    class Media:
        css = {"all": ["css/admin_meetings.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).with_last_word().prefetch_related("cities")

    def get_readonly_fields(self, request, obj=None):
        told = TOLD if obj and obj.status_is_told else []
        return [*super().get_readonly_fields(request, obj), *told]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "meeting":
            field.queryset = field.queryset.filter(status__in=TOOK_PLACE)
        return field

    def has_delete_permission(self, request, obj=None):
        return False

    def verbs(self):
        """All but the shift, which asks for a day too and has a page of its own."""
        return {name: verb for name, verb in super().verbs().items() if name != "shift"}

    def verb_url(self, thing, verb):
        return verb.get("url") or super().verb_url(thing, verb)

    def save_related(self, request, form, formsets, change):
        """An action that is added to circulated minutes is entrusted at once."""
        super().save_related(request, form, formsets, change)
        if not change and form.instance.status_is_told:
            entrust(form.instance.meeting, by=request.user)

    @admin.display(description=_("cities"))
    def whose(self, action):
        return ", ".join(str(city) for city in action.cities.all())

    @admin.display(description=_("late"))
    def late(self, action):
        days = action.days_late
        if not days:
            return ""
        text = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
        return format_html('<strong class="late">{}</strong>', text)

    @admin.display(description=_("last said"))
    def last_said(self, action):
        return Truncator(action.last_word or "").chars(80)
