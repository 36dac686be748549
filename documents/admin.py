from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.contrib.contenttypes.admin import GenericStackedInline
from django.contrib.contenttypes.forms import BaseGenericInlineFormSet
from django.db import models, transaction
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from documents.models import Audience, Document, throw_away_with


class IllustratedAdmin:
    """The picture as it is now, beside the field that replaces it: `("picture", "picture_now")`."""

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "picture_now"]

    @admin.display(description=_("picture as it is now"))
    def picture_now(self, thing):
        if not thing.picture:
            return "–"
        return format_html('<img src="{}" alt="" width="320">', thing.picture.url)


class DoorFileWidget(AdminFileWidget):
    """Leads to the file through the door, by which alone private files leave."""

    template_name = "documents/file_widget.html"
    use_fieldset = False

    def is_initial(self, value):
        return bool(value)


class DocumentFormSet(BaseGenericInlineFormSet):
    """The documents of one thing; remembers who brought them, and keeps what is replaced."""

    uploaded_by = None

    def save_new(self, form, commit=True):
        form.instance.uploaded_by = self.uploaded_by
        return super().save_new(form, commit=commit)

    def save_existing(self, form, obj, commit=True):
        if "file" in form.changed_data:
            obj.replace(form.initial["file"], by=self.uploaded_by)
        return super().save_existing(form, obj, commit=commit)

    def delete_existing(self, obj, commit=True):
        obj.throw_away_files()
        super().delete_existing(obj, commit=commit)


class DocumentInline(GenericStackedInline):
    """The documents of a meeting or a project, each with its audience."""

    model = Document
    formset = DocumentFormSet
    formfield_overrides = {models.FileField: {"widget": DoorFileWidget}}
    fields = [("title_it", "title_en"), ("file", "audience")]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).for_lists()

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.uploaded_by = request.user
        return formset

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "audience":
            kwargs["choices"] = Audience.of(self.parent_model)
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class DocumentsGoToo:
    """The admin of things with documents: when they are deleted, no file stays behind."""

    def delete_model(self, request, obj):
        throw_away_with([obj])
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        throw_away_with(queryset)
        super().delete_queryset(request, queryset)


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    """All documents that they may open, to find and read; they are kept where they belong."""

    list_display = ["title", "audience", "kind", "belongs_to", "uploaded_at", "uploaded_by"]
    list_filter = [
        "audience", ("content_type", admin.RelatedOnlyFieldListFilter), "uploaded_at",
    ]  # fmt: skip
    list_select_related = ["content_type", "uploaded_by"]
    search_fields = ["title_it", "title_en"]
    date_hierarchy = "uploaded_at"
    fields = [
        "title_it",
        "title_en",
        "audience",
        "kind",
        "belongs_to",
        "uploaded_at",
        "uploaded_by",
    ]

    def get_queryset(self, request):
        seen = super().get_queryset(request).visible_to(request.user)
        return seen.prefetch_related("owner")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("file"))
    def kind(self, document):
        size = f", {filesizeformat(document.size)}" if document.size else ""
        return format_html(
            '<a href="{}">{}{}</a>', document.get_absolute_url(), document.extension, size
        )

    @admin.display(description=_("belongs to"))
    def belongs_to(self, document):
        if document.owner is None:
            return None
        return format_html('<a href="{}">{}</a>', document.owner.get_absolute_url(), document.owner)
