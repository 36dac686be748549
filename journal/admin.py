from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from post_office.admin import Email, LogInline
from post_office.models import STATUS

from journal.delivery import in_doubt, send_again
from journal.models import Event


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """The journal, to read."""

    list_display = ["at", "sentence", "comment"]
    list_filter = [("content_type", admin.RelatedOnlyFieldListFilter), "at"]
    list_select_related = ["actor", "content_type"]
    date_hierarchy = "at"
    search_fields = ["comment", "actor__first_name", "actor__last_name"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_targets()

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("what happened"))
    def sentence(self, event):
        return event.sentence_html


admin.site.unregister(Email)


class Arrival(admin.SimpleListFilter):
    """Mails that somebody should look at."""

    title = _("arrival")
    parameter_name = "arrival"

    def lookups(self, request, model_admin):
        return [("no", _("given up")), ("doubt", _("may not have arrived"))]

    def queryset(self, request, queryset):
        if self.value() == "no":
            return queryset.filter(status=STATUS.failed)
        return in_doubt(queryset) if self.value() == "doubt" else queryset


@admin.register(Email)
class OutboxAdmin(admin.ModelAdmin):
    """What became of each mail. Not what is in it: letters carry links that let people in.

    What did not go out, or may not have, is sent again from here; what has arrived never is.
    """

    list_display = ["subject", "to", "status", "created", "last_updated"]
    list_filter = [Arrival, "status", "created"]
    search_fields = ["to", "subject"]
    date_hierarchy = "created"
    fields = list_display
    inlines = [LogInline]
    actions = ["send_again"]
    change_form_template = "admin/change_form.html"  # theirs would send also what has arrived

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=_("Send again what did not arrive, or may not have"))
    def send_again(self, request, queryset):
        many = send_again(queryset)
        text = ngettext("%(many)d mail waits again.", "%(many)d mails wait again.", many)
        level = messages.SUCCESS if many else messages.WARNING
        self.message_user(request, text % {"many": many}, level)
