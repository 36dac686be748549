"""Lists as files: CSV, XLSX or JSON, one row after the other, however many there are.

The columns follow a model's card. In a cell, what a thing belongs to is named by slug or number
(`film|music`), and rows of its own stand one a line, their parts apart by `|`, quoted as in CSV.
What leaves as a file comes back the same way (see projects/resources.py).
"""

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.core.files import File
from django.db import models
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from cities.cards import columns, is_rows

FORMATS = ["csv", "xlsx", "json"]
LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
A_CHUNK = 500
MOST_IN_XLSX = 10_000  # a workbook is made whole before it leaves
LONGEST_CELL = 32_767  # what spreadsheets can hold
# What begins a formula, also behind the mark at which the Excel of many countries divides a CSV.
BEGINS = r"'*[=+\-@\t\r\n＝＋－＠]"
FORMULA, GUARDED = re.compile(rf"(^|;)({BEGINS})"), re.compile(rf"(^|;)'({BEGINS})")


class Column(NamedTuple):
    """A column of a table: its name in the file, what it is called, how it is read from a thing."""

    name: str
    label: Any
    explained: list
    value: Callable


def columns_of(model, names, special=None):
    """The columns of these names of a card; `special` reads some of them in another way."""
    special = special or {}
    found = []
    for name in names:
        field = model._meta.get_field(name)
        if is_rows(model, name):
            parts = parts_of(field.related_model)
            label, explained = (
                field.related_model._meta.verbose_name_plural,
                [_("One a line: %(parts)s.") % {"parts": " | ".join(parts)}],
            )
            found.append(Column(name, label, explained, special.get(name) or rows_reader(name)))
            continue
        for column in columns(model, [name]):
            one = model._meta.get_field(column)
            read = special.get(column) or field_reader(one)
            found.append(Column(column, one.verbose_name, explain(one), read))
    return found


def parts_of(model):
    """The columns of a kind of rows."""
    return columns(model, model.COLUMNS)


def rows_reader(name):
    def read(thing):
        return [
            {part: plain(row, part) for part in parts_of(type(row))}
            for row in getattr(thing, name).all()
        ]

    return read


def field_reader(field):
    if field.many_to_many:
        return lambda thing: [key_of(each) for each in getattr(thing, field.name).all()]
    return lambda thing: plain(thing, field.name)


def key_of(thing):
    """What a thing is called in a file: its slug or number, else its Italian name."""
    if thing is None:
        return ""
    if hasattr(thing, "agreement"):
        return f"{thing.agreement.slug}/{thing.number}"
    for name in ("slug", "number", "name_it"):
        if hasattr(thing, name):
            return getattr(thing, name)
    return thing.pk


def plain(thing, name):
    """A value as JSON holds it; files as the address at which they are."""
    value = getattr(thing, name)
    if isinstance(value, models.Model):
        return key_of(value)
    if isinstance(value, File):
        return address_of(thing, value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)


def address_of(thing, file):
    """Where a file is to be had: documents through their door, pictures where they lie."""
    if not file:
        return ""
    is_document = hasattr(thing, "audience")
    return urljoin(settings.SITE_URL, thing.get_absolute_url() if is_document else file.url)


def explain(field):
    """What a reader of the file must know of a column, in sentences."""
    said = [field.help_text] if getattr(field, "help_text", "") else []
    if field.is_relation:
        several = _("Slugs or numbers, with | between them.")
        return [*said, several if field.many_to_many else _("Slug or name.")]
    if field.choices:
        return [*said, *(f"{key}: {label}" for key, label in field.choices if key)]
    if isinstance(field, models.BooleanField):
        return [*said, "true, false"]
    if isinstance(field, models.DateTimeField):
        return [*said, "2026-11-22T10:00:00+01:00"]
    if isinstance(field, models.DateField):
        return [*said, "2026-11-22"]
    return said


# Cells


def cell_of(value):
    """A value in one cell, as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, list):
        return str(value)
    if value and isinstance(value[0], dict):
        return "\n".join(line_of(map(cell_of, row.values())) for row in value)
    return line_of(value) if value else ""


def line_of(values):
    """Values with | between them; quoted where they hold a | or a line break themselves."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter="|", lineterminator="").writerow(values)
    return buffer.getvalue()


def lines_of(cell):
    """The lines of a cell, each as the list of its values: what line_of wrote."""
    return [line for line in csv.reader(io.StringIO(cell), delimiter="|") if any(line)]


def guarded(text):
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return FORMULA.sub(r"\1'\2", text)


def unguarded(text):
    """What was meant by a guarded text."""
    return GUARDED.sub(r"\1\2", text)


# Files


class Table(NamedTuple):
    """A list that leaves as a file: its name there, its columns, where it comes from."""

    name: str
    title: Any
    columns: list
    source: str
    explained_at: str

    def about(self):
        """What every file says of itself."""
        return {
            "title": str(self.title),
            "publisher": settings.OWNER["name"],
            "source": self.source,
            "licence": LICENCE,
            "licence_url": LICENCE_URL,
            "made_at": timezone.localtime().isoformat(timespec="seconds"),
            "columns": self.explained_at,
        }

    def record(self, thing):
        """A thing as an object, by column."""
        return {column.name: column.value(thing) for column in self.columns}

    def response(self, format, things):
        """The things as a file of this format."""
        make = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}[format]
        name = f"{self.name}-{timezone.localdate():%Y-%m-%d}.{format}"
        return make(self, things.iterator(chunk_size=A_CHUNK), name)


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def as_csv(table, things, name):
    """Commas as RFC 4180 has them, for programs; the mark at the beginning lets Excel read the
    accents. Whoever works in an Italian Excel, which wants semicolons, takes the workbook."""
    writer = csv.writer(Echo())

    def rows():
        yield "\ufeff"
        yield writer.writerow([column.name for column in table.columns])
        for thing in things:
            yield writer.writerow([in_csv(column.value(thing)) for column in table.columns])

    return attached(StreamingHttpResponse(rows(), content_type="text/csv; charset=utf-8"), name)


def as_json(table, things, name):
    """One object with what the file is, and the things."""
    head = json.dumps({"about": table.about()}, ensure_ascii=False, indent=1)[:-2]

    def parts():
        yield f'{head},\n "{table.name}": ['
        for number, thing in enumerate(things):
            comma = "," if number else ""
            yield f"{comma}\n  {json.dumps(table.record(thing), ensure_ascii=False)}"
        yield "\n ]\n}\n"

    return attached(StreamingHttpResponse(parts(), content_type="application/json"), name)


def as_xlsx(table, things, name):
    """A workbook, written row by row to a file of the moment; its second sheet explains it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.name)
    sheet.freeze_panes = "B2"
    sheet.append([column.name for column in table.columns])
    for thing in things:
        sheet.append([in_workbook(column.value(thing)) for column in table.columns])
    about = book.create_sheet("about")
    for row in table.about().items():
        about.append(row)
    about.append([])
    for column in table.columns:
        about.append([column.name, str(column.label), " ".join(map(str, column.explained))])
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    book.save(file)
    file.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return attached(FileResponse(file, content_type=kind), name)


def is_number(value):
    """Which stays one in a file, also below zero."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def in_csv(value):
    return value if is_number(value) else guarded(cell_of(value))


def in_workbook(value):
    if is_number(value):
        return value
    return guarded(ILLEGAL_CHARACTERS_RE.sub("", cell_of(value)))[:LONGEST_CELL]


def attached(response, name):
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
