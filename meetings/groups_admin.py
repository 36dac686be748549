from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from meetings.models import WorkingGroup


@admin.register(WorkingGroup)
class WorkingGroupAdmin(admin.ModelAdmin):
    """The working groups, and who works in them."""

    list_display = ["name", "members", "meeting_count"]
    search_fields = ["name_it", "name_en", "people__first_name", "people__last_name"]
    fields = [("name_it", "name_en"), ("text_it", "text_en"), "people"]
    autocomplete_fields = ["people"]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                person_count=Count("people", distinct=True),
                meetings_held=Count("meetings", distinct=True),
            )
        )

    @admin.display(description=_("people"), ordering="person_count")
    def members(self, group):
        return group.person_count

    @admin.display(description=_("meetings"), ordering="meetings_held")
    def meeting_count(self, group):
        return group.meetings_held
