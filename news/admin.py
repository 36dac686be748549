from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.slugs import unique_slug
from documents.admin import IllustratedAdmin
from journal.admin_verbs import HistoryAdmin
from news.models import NewsItem, Page


class NewsItemForm(forms.ModelForm):
    class Meta:
        widgets = dict.fromkeys(["summary_it", "summary_en"], forms.Textarea({"rows": 4}))


@admin.register(NewsItem)
class NewsItemAdmin(IllustratedAdmin, HistoryAdmin):
    """Where coordinators write news, in both languages side by side."""

    form = NewsItemForm
    list_display = ["title", "published_on", "is_published", "city_names", "is_demo"]
    list_filter = ["is_published", "published_on", "cities"]
    search_fields = ["title_it", "title_en", "summary_it", "summary_en"]
    date_hierarchy = "published_on"
    autocomplete_fields = ["cities", "projects"]
    fieldsets = [
        (None, {"fields": [("is_published", "published_on")]}),
        (
            _("Text"),
            {
                "fields": [
                    ("title_it", "title_en"),
                    ("summary_it", "summary_en"),
                    ("text_it", "text_en"),
                ]
            },
        ),
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
        (_("What it speaks of"), {"fields": ["cities", "projects"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("cities")

    def save_model(self, request, item, form, change):
        if not item.slug:
            item.slug = unique_slug(NewsItem, item.title_it)
        super().save_model(request, item, form, change)

    @admin.display(description=_("cities"))
    def city_names(self, item):
        return ", ".join(city.name for city in item.cities.all())


@admin.register(Page)
class PageAdmin(HistoryAdmin):
    """Where coordinators edit the pages of the portal; the day of the last change follows."""

    list_display = ["title", "slug", "updated_on"]
    search_fields = ["title_it", "title_en", "slug"]
    fields = [("title_it", "title_en"), ("text_it", "text_en"), "slug", "updated_on"]
    readonly_fields = ["updated_on"]

    def save_model(self, request, page, form, change):
        page.updated_on = timezone.localdate()
        super().save_model(request, page, form, change)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["title_it"]}

    def get_readonly_fields(self, request, obj=None):
        """An address that is known stays."""
        return [*self.readonly_fields, *(["slug"] if obj else [])]
