"""What a city writes when something happened in a project."""

import hashlib

from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.card_forms import PictureInput
from cities.models import City
from journal.models import Event
from projects.parts import ProjectUpdate
from projects.rights import delegates_of
from projects.states import ProjectStatus


class UpdateForm(forms.ModelForm):
    """A short dated post with a picture, for one of the cities that take part."""

    # What the texts were when the form was opened: whoever saves second sees what the first saved.
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ProjectUpdate
        fields = [
            "city", "text_it", "picture", "picture_alt_it", "picture_credit", "picture_licence",
            "posted_on", "text_en", "picture_alt_en",
        ]  # fmt: skip
        widgets = {
            "city": forms.RadioSelect,
            "text_it": forms.Textarea({"rows": 6, "lang": "it"}),
            "text_en": forms.Textarea({"rows": 6, "lang": "en"}),
            "picture": PictureInput,
            "picture_alt_it": forms.TextInput({"lang": "it"}),
            "picture_alt_en": forms.TextInput({"lang": "en"}),
            "posted_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {
            "city": _("For which city?"),
            "text_it": _("What happened, in Italian"),
            "text_en": _("What happened, in English"),
            "picture": _("Picture"),
            "picture_alt_it": _("What the picture shows, in Italian"),
            "picture_alt_en": _("What the picture shows, in English"),
            "picture_credit": _("Who made the picture"),
            "picture_licence": _("How others may use it"),
            "posted_on": _("On which day?"),
        }
        help_texts = {
            "picture_credit": "",
            "picture_alt_it": _("Needed with a picture: read aloud to those who cannot see it."),
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.cities = cities_that_tell(self.instance, by)
        self.fields["city"].queryset = self.cities
        self.fields["city"].empty_label = None
        self.only_city = self.cities[0] if len(self.cities) == 1 else None
        if self.only_city:
            self.fields["city"].widget = forms.HiddenInput()
            self.initial["city"] = self.only_city.pk
        if self.instance.pk:
            self.initial["version"] = version_of(self.instance)

    def clean_posted_on(self):
        day = self.cleaned_data["posted_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self):
        cleaned = super().clean()
        if self.instance.project.status != ProjectStatus.PUBLISHED:
            text = _("The project is no longer published. Your words are still here: copy them.")
            self.add_error(None, text)
        if cleaned.get("picture") and not cleaned.get("picture_alt_it"):
            self.add_error(
                "picture_alt_it", _("Please say what the picture shows, for who cannot see it.")
            )
        self.compare_with_what_is_saved(cleaned)
        if self.errors and "picture" in self.files and "picture" not in self.errors:
            self.add_error(
                "picture", _("Please choose the picture again: it could not be kept with the rest.")
            )
        return cleaned

    def compare_with_what_is_saved(self, cleaned):
        """Show the other's text once, where somebody saved since; sending it again insists."""
        saved = self.instance.pk and ProjectUpdate.objects.filter(pk=self.instance.pk).first()
        if not saved or cleaned.get("version") in ("", None, version_of(saved)):
            return
        self.data = self.data.copy()
        self.data["version"] = version_of(saved)
        texts = "\n".join(filter(None, [saved.text_it, saved.text_en]))
        text = _(
            "Somebody has changed it while you were writing. It now says: “%(text)s”. "
            "Yours is still here: save once more to put it in its place."
        )
        self.add_error(None, text % {"text": texts})

    def is_repeated(self):
        """Whether the same was sent before, as when a thumb presses twice."""
        same = {name: self.cleaned_data[name] for name in ("city", "text_it", "posted_on")}
        told = ProjectUpdate.objects.filter(project=self.instance.project, **same)
        return self.instance.pk is None and told.exists()

    def keep(self):
        """Save it, and tell the people of the other cities in their next digest."""
        update, is_new = self.instance, self.instance.pk is None
        project = update.project
        own = delegates_of([self.cleaned_data["city"].pk])
        with transaction.atomic():
            update.created_by = update.created_by or self.by
            self.save()
            if is_new:
                others = project.everyone().exclude(pk__in=own.values("pk"))
                Event.objects.record(project, "tell", by=self.by, tell=others)
            else:
                Event.objects.record(project, "retell", by=self.by)
        return update


def cities_that_tell(update, user):
    """Those of this person's cities that take part; or, of a written one, the city it is of."""
    if update.pk:
        return City.objects.filter(pk=update.city_id)
    joined = update.project.partnerships.accepted().order_by().values("city")
    return City.objects.served_by(user).filter(Q(pk=update.project.lead_id) | Q(pk__in=joined))


def version_of(update):
    return hashlib.sha256(f"{update.text_it}\0{update.text_en}".encode()).hexdigest()[:16]
