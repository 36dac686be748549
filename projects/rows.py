"""The rows of a project's card, as its people fill them in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.card_rows import GenericRows, InlineRows, RowForm, rows_of
from documents.models import Audience, Document
from projects.models import Project


class FileInput(forms.ClearableFileInput):
    """Leads to the file through the door, by which alone private files leave."""

    template_name = "components/file_input.html"
    use_fieldset = False

    def is_initial(self, value):
        return bool(value)


class ImageForm(RowForm):
    """A picture of the gallery: none without a picture, nor without words for it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["picture"].required = self.fields["picture_alt_it"].required = True
        self.fields["position"].required = False
        self.fields["position"].help_text = _("Empty: it comes last.")
        if not self.instance.pk:
            self.initial["position"] = None

    def clean_position(self):
        """Without a place a picture comes after all others."""
        place = self.cleaned_data["position"]
        return LAST if place is None else place


LAST = 999


class ImageRows(InlineRows):
    """The gallery, whose places are counted anew: whoever is moved to a place gets it."""

    def write(self, thing):
        super().write(thing)
        moved = {form.instance.pk for form in self.forms if "position" in form.changed_data}
        images = sorted(thing.images.all(), key=lambda i: (i.position, i.pk not in moved, i.pk))
        for place, image in enumerate(images, 1):
            if image.position != place:
                thing.images.filter(pk=image.pk).update(position=place)


class DocumentForm(RowForm):
    """A file with its title and who may open it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget = FileInput()
        self.fields["audience"].choices = Audience.of(Project)


class DocumentRows(GenericRows):
    """The documents; remembers who brought them, and keeps what is replaced. What coordinators
    keep among themselves is not here."""

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, queryset=Document.objects.kept_by(by), **kwargs)

    def save_new(self, form, commit=True):
        form.instance.uploaded_by = self.by
        return super().save_new(form, commit=commit)

    def write_row(self, form):
        if "file" in form.written:
            form.row.replace(form.row.file, by=self.by)
        super().write_row(form)

    def delete_existing(self, obj, commit=True):
        obj.throw_away_files()
        super().delete_existing(obj, commit=commit)


ROWS = {
    "external_partners": rows_of(Project, "external_partners"),
    "fundings": rows_of(Project, "fundings"),
    "results": rows_of(Project, "results"),
    "images": rows_of(Project, "images", form=ImageForm, rows=ImageRows),
    "documents": rows_of(Project, "documents", form=DocumentForm, rows=DocumentRows),
    "links": rows_of(Project, "links"),
}
