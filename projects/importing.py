"""Projects from a spreadsheet: a coordinator sends a file, sees what each row would do, agrees."""

import csv
import io
import zipfile
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportMixin
from import_export.formats.base_formats import Format
from import_export.forms import ConfirmImportForm, ImportForm
from import_export.tmp_storages import MediaStorage
from openpyxl import load_workbook
from tablib import Dataset

from documents.files import LONGEST_INDEX
from projects.exporting import for_export, table_of
from projects.resources import ProjectResource

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS = 1000
UNREADABLE = gettext_lazy("This file cannot be read: send a CSV in UTF-8, or an Excel workbook.")


def dataset_of(rows):
    """Rows of cells as a table with the first of them as its head; empty ones are left out."""
    head, *body = [list(row) for row in rows if any(cell not in (None, "") for cell in row)] or [[]]
    while head and head[-1] in (None, ""):
        head.pop()
    if not body:
        raise ValidationError(_("There are no rows in this file."))
    if len(body) > MOST_ROWS:
        raise ValidationError(
            _("There are %(count)d rows in this file; at most %(most)d can be read at once.")
            % {"count": len(body), "most": MOST_ROWS}
        )
    names = [str(name or "").strip() for name in head]
    if len(set(names)) < len(names):
        raise ValidationError(_("Two columns have the same name."))
    width = len(names)
    rows = [(*row[:width], *[""] * (width - len(row))) for row in body]
    return Dataset(*rows, headers=names)


class Readable(Format):
    """A kind of file that can be read in; what its letters mean, it finds out itself."""

    def __init__(self, encoding=None):
        pass

    def get_title(self):
        return type(self).__name__

    def can_import(self):
        return True


class CommaSeparated(Readable):
    """CSV as programs, and as spreadsheets of any country, write it."""

    def create_dataset(self, data, **kwargs):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")  # an older Excel
        if "\0" in text:
            raise ValidationError(UNREADABLE)
        head = text.split("\n", 1)[0]
        delimiter = max(",;\t", key=head.count)
        return dataset_of(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


class Workbook(Readable):
    """The first sheet of an Excel workbook."""

    def create_dataset(self, data, **kwargs):
        end = zipfile._EndRecData(io.BytesIO(data))
        if not end or end[zipfile._ECD_SIZE] > LONGEST_INDEX:
            raise ValidationError(UNREADABLE)
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise ValidationError(UNREADABLE)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True, max_row=10 * MOST_ROWS, max_col=200)
        return dataset_of(rows)


FORMATS = [CommaSeparated, Workbook]


class Waiting(MediaStorage):
    """Files between preview and import: beside the documents, never public, for a day."""

    FOLDER = "imports"

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "MEDIA_FOLDER": self.FOLDER, "read_mode": "rb"})

    def _configure_storage(self):
        self._storage = storages["private"]

    def save(self, data):
        self.forget_old()
        super().save(data)

    def exists(self):
        return self._storage.exists(self.get_full_path())

    def forget_old(self):
        """Remove what nobody has confirmed since yesterday."""
        try:
            names = self._storage.listdir(self.FOLDER)[1]
        except FileNotFoundError:
            return
        for name in names:
            place = f"{self.FOLDER}/{name}"
            if self._storage.get_modified_time(place) < timezone.now() - timedelta(days=1):
                self._storage.delete(place)


class FileForm(ImportForm):
    """The file; which kind it is, it says itself."""

    media = forms.Media()  # without the library's guesses in JavaScript

    def __init__(self, formats, resources, **kwargs):
        super().__init__(formats, resources, **kwargs)
        self.fields["format"].required = False
        self.fields["format"].widget = forms.HiddenInput()
        self.fields["import_file"].label = _("File")
        self.fields["import_file"].widget.attrs = {"accept": ".csv,.xlsx"}
        self.fields["import_file"].help_text = _(
            "CSV or Excel workbook (XLSX), at most 5 MB and %(most)d rows."
        ) % {"most": MOST_ROWS}

    def clean(self):
        cleaned = super().clean()
        file = cleaned.get("import_file")
        if file and file.size > MOST_BYTES:
            self.add_error("import_file", _("This file is too large: at most 5 MB are possible."))
        elif file:
            is_workbook = file.read(2) == b"PK"
            file.seek(0)
            cleaned["format"] = str(int(is_workbook))
        return cleaned


class AgreeForm(ConfirmImportForm):
    """That the rows of the file that was shown are to be taken over."""

    def clean_import_file_name(self):
        name = super().clean_import_file_name()
        if not Waiting(name=name).exists():
            raise ValidationError(_("This file is no longer here: send it again."))
        return name

    def clean_format(self):
        if self.cleaned_data["format"] not in ("0", "1"):
            raise ValidationError(UNREADABLE)
        return self.cleaned_data["format"]


class ProjectImport(ImportMixin):
    """The part of the admin of projects that reads and writes spreadsheets."""

    resource_classes = [ProjectResource]
    import_formats = FORMATS
    import_form_class = FileForm
    confirm_form_class = AgreeForm
    import_template_name = "admin/import.html"
    import_export_change_list_template = "admin/import_change_list.html"
    tmp_storage_class = Waiting
    skip_admin_log = True  # the journal tells it

    def get_urls(self):
        view = self.admin_site.admin_view(self.export_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export.<slug:format>", view, name=name), *super().get_urls()]

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_import_resource_kwargs(self, request, **kwargs):
        return {"by": request.user}

    def get_confirm_form_kwargs(self, request, import_form=None):
        """A consent is always judged, also one that holds nothing."""
        kwargs = super().get_confirm_form_kwargs(request, import_form)
        return kwargs if import_form else {**kwargs, "data": request.POST}

    def get_import_context_data(self, **kwargs):
        return {"columns": table_of().columns}

    def import_action(self, request, **kwargs):
        """A file that is only refused does not wait for anybody's consent."""
        answer = super().import_action(request, **kwargs)
        shown = getattr(answer, "context_data", None) or {}
        file = "form" in shown and shown["form"].files.get("import_file")
        if hasattr(file, "tmp_storage_name") and "confirm_form" not in shown:
            Waiting(name=file.tmp_storage_name).remove()
        return answer

    def add_data_read_fail_error_to_form(self, form, error):
        form.add_error("import_file", error if isinstance(error, ValidationError) else UNREADABLE)

    def process_dataset(self, dataset, form, request, **kwargs):
        """All rows or none, also where something has changed since the preview."""
        return super().process_dataset(
            dataset, form, request, rollback_on_validation_errors=True, **kwargs
        )

    def process_result(self, result, request):
        if result.has_errors() or result.has_validation_errors():
            self.message_user(
                request,
                _("Nothing was imported: something has changed meanwhile. Send the file again."),
                "error",
            )
        return super().process_result(result, request)

    def add_success_message(self, result, request):
        new, changed = result.totals["new"], result.totals["update"]
        if not (result.has_errors() or result.has_validation_errors()):
            self.message_user(
                request,
                _("Imported: %(new)d new, %(changed)d changed, %(same)d as they were.")
                % {"new": new, "changed": changed, "same": result.totals["skip"]},
                "success",
            )

    def export_view(self, request, format):
        """The list as it is filtered, in the same columns that can be read in again."""
        if format not in ("csv", "xlsx"):
            raise Http404
        projects = self.get_changelist_instance(request).get_queryset(request)
        return table_of().response(format, for_export(projects, request.user))
