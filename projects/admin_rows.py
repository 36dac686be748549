"""The rows of a project's card in the admin: each kind below the card, as cities filled it in."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from documents.admin import IllustratedAdmin
from projects.partnerships import Partnership
from projects.parts import (
    ExternalPartner,
    Funding,
    ProjectImage,
    ProjectLink,
    ProjectUpdate,
    Result,
)
from projects.states import OPEN

PICTURE = [
    ("picture", "picture_now"),
    ("picture_alt_it", "picture_alt_en"),
    ("picture_credit", "picture_licence", "picture_focus"),
]


class PartnershipForm(forms.ModelForm):
    """A city that is asked; once it is, it answers for itself."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for field in self.fields.values():
                field.disabled = True


class PartnershipFormSet(forms.BaseInlineFormSet):
    """The partner cities of a project; a new row invites the city, as on the page."""

    by = None

    def clean(self):
        super().clean()
        added = [form for form in self.extra_forms if form.has_changed()]
        if added and self.instance.pk and self.instance.status not in OPEN:
            raise forms.ValidationError(
                _("The project is %(status)s: nobody can be invited now.")
                % {"status": self.instance.get_status_display()}
            )
        for form in added:
            if form.cleaned_data.get("city") == self.instance.lead:
                form.add_error("city", _("This city leads the project."))

    def save_new(self, form, commit=True):
        words = {name: form.cleaned_data[name] for name in ("message", "may_edit")}
        return Partnership.objects.invite(
            self.instance, form.cleaned_data["city"], by=self.by, **words
        )


class PartnershipInline(admin.StackedInline):
    model = Partnership
    form = PartnershipForm
    formset = PartnershipFormSet
    extra = 0
    fields = [("city", "status", "may_edit"), "message", ("answered_at", "reason")]
    readonly_fields = ["status", "answered_at", "reason"]
    autocomplete_fields = ["city"]
    verbose_name_plural = _("partner cities: each answers for itself")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("city", "project")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.by = request.user
        formset.form.base_fields["message"].widget.attrs["rows"] = 2
        return formset


class ExternalPartnerInline(admin.StackedInline):
    model = ExternalPartner
    extra = 0
    classes = ["collapse"]
    fields = [("name", "kind", "country"), ("role_it", "role_en"), "url"]


class FundingInline(admin.TabularInline):
    model = Funding
    extra = 0
    classes = ["collapse"]
    fields = ["programme", "grant_number", "amount", "is_public"]


class ResultInline(admin.StackedInline):
    model = Result
    extra = 0
    classes = ["collapse"]
    fields = [("name_it", "name_en"), ("unit_it", "unit_en"), ("value", "measured_on")]


class ImageInline(IllustratedAdmin, admin.StackedInline):
    model = ProjectImage
    extra = 0
    classes = ["collapse"]
    fields = [*PICTURE, "position"]
    readonly_fields = []


class LinkInline(admin.TabularInline):
    model = ProjectLink
    extra = 0
    classes = ["collapse"]
    fields = ["url", "label_it", "label_en"]


class UpdateInline(IllustratedAdmin, admin.StackedInline):
    """What cities wrote of the work; coordinators mend it or take it away."""

    model = ProjectUpdate
    extra = 0
    classes = ["collapse"]
    max_num = 0
    fields = [("city", "posted_on", "created_by"), ("text_it", "text_en"), *PICTURE]
    readonly_fields = ["city", "created_by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("city", "created_by")


ROW_INLINES = [
    PartnershipInline,
    ExternalPartnerInline,
    FundingInline,
    ResultInline,
    ImageInline,
    LinkInline,
]
