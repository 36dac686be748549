from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from post_office.admin import Email, LogInline

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


@admin.register(Email)
class OutboxAdmin(admin.ModelAdmin):
    """What became of each mail. Not what is in it: letters carry links that let people in."""

    list_display = ["subject", "to", "status", "created", "last_updated"]
    list_filter = ["status", "created"]
    search_fields = ["to", "subject"]
    date_hierarchy = "created"
    fields = list_display
    inlines = [LogInline]
    change_form_template = "admin/change_form.html"  # theirs offers to send it again

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
