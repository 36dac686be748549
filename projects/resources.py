"""Projects as rows of a spreadsheet, read back in: the same columns that projects/exporting.py
gives away. What a row does not name, stays; a status never comes from a file."""

import logging

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource

from cities.card_values import changes_between, values_of
from cities.cards import columns, fields_among, names_of, rows_among
from cities.models import City
from cities.tables import (
    LONGEST_CELL,
    cell_of,
    columns_of,
    key_of,
    line_of,
    lines_of,
    parts_of,
    plain,
    unguarded,
)
from documents.richtext import RichTextField
from journal.models import Event
from projects.exporting import COLUMNS
from projects.models import Project
from projects.partnerships import STANDING, Partnership

logger = logging.getLogger(__name__)

YES = {"true", "1", "yes", "sì", "si", "x", "vero"}
NO = {"false", "0", "no", "falso", ""}

# Files come by hand, and cities answer for themselves; these columns tell, and are not read.
TOLD_ONLY = {"page", "status", "published_at", "updated_at", "picture", "images", "documents"}
ROWS = [name for name in rows_among(Project, names_of(Project)) if name not in TOLD_ONLY]
FIELDS = [name for name in fields_among(Project, names_of(Project)) if name not in TOLD_ONLY]
SEVERAL = [name for name in FIELDS if Project._meta.get_field(name).many_to_many]
ONE = columns(Project, [name for name in FIELDS if name not in SEVERAL])
KEPT = {each.name: each.value for each in columns_of(Project, [*FIELDS, *ROWS])}


def words_in(cell):
    """What stands in a cell, as text."""
    if hasattr(cell, "isoformat"):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unguarded(cell_of(cell))
    if len(text) >= LONGEST_CELL:
        raise ValidationError(_("This text was cut off by the spreadsheet: leave the column out."))
    return text.strip()


def read(field, text):
    """A text as the value of a column; whoever typed it learns what is wrong with it."""
    if isinstance(field, models.BooleanField):
        if text.lower() not in YES | NO:
            raise ValidationError(_("Write true or false."))
        return text.lower() in YES
    if isinstance(field, models.DecimalField) and "." not in text:
        text = text.replace(",", ".")
    value = field.formfield().clean(text)
    if isinstance(field, RichTextField) and value:
        value = field.sanitize(value)
    return value


class ProjectResource(ModelResource):
    """Projects as a coordinator writes them in a spreadsheet: rows without a key become drafts,
    rows with one change their project where they differ from it."""

    class Meta:
        model = Project
        fields = ["slug"]
        import_id_fields = []
        clean_model_instances = True
        report_skipped = True
        skip_diff = True  # theirs is HTML with styles in it; ours: each cell before and after
        store_instance = True
        use_transactions = True

    def __init__(self, *, by):
        super().__init__()
        self.by = by
        self.fields = {each.name: Field(each.name, each.name) for each in COLUMNS}
        self.existing = {}

    @cached_property
    def named(self):
        """What the keys in cells stand for, by column."""
        things = {name: Project._meta.get_field(name).related_model.objects for name in SEVERAL}
        things |= {"lead": City.objects, "lines": things["lines"].select_related("agreement")}
        return {name: {str(key_of(each)): each for each in things[name].all()} for name in things}

    def before_import(self, dataset, **kwargs):
        """Refuse a file whose columns or keys cannot be meant so; read what it speaks of."""
        strange = [str(name) for name in dataset.headers if name not in self.fields]
        if strange:
            raise ValidationError(
                _("These columns are not known: %(names)s.") % {"names": ", ".join(strange)}
            )
        if "slug" not in dataset.headers:
            raise ValidationError(
                _("The column “slug” is missing. It may be empty: then the project is a new one.")
            )
        slugs = [words_in(slug) for slug in dataset["slug"] if slug]
        if twice := {slug for slug in slugs if slugs.count(slug) > 1}:
            raise ValidationError(_("In more than one row: %(keys)s.") % {"keys": ", ".join(twice)})
        projects = Project.objects.filter(slug__in=slugs).select_related("lead", "contact")
        rows = projects.prefetch_related(*SEVERAL, *ROWS, "partnerships__city")
        self.existing = {each.slug: each for each in rows}

    def get_instance(self, instance_loader, row):
        slug = words_in(row["slug"])
        if slug and slug not in self.existing:
            raise ValidationError(
                {"slug": _("There is no such project. Leave it empty for a new one.")}
            )
        return self.existing.get(slug)

    def init_instance(self, row=None):
        return Project(created_by=self.by)

    def import_instance(self, instance, row, **kwargs):
        """Take over what the row says, and note which cells differ."""
        instance.differing, instance.to_set, errors = {}, {}, {}
        for name in [*ONE, *SEVERAL, *ROWS]:
            if name not in row:
                continue
            try:
                before = self.cell_now(instance, name)
                after = self.take(instance, name, words_in(row[name]))
                if before != after:
                    instance.differing[name] = (before, after)
            except ValidationError as error:
                errors[name] = error
        if not instance.pk:
            instance.slug = Project.free_slug(instance.title_it or "")
            if not instance.lead_id and "lead" not in errors:
                errors["lead"] = ValidationError(_("A new project needs its lead city."))
        if errors:
            raise ValidationError(errors)

    def cell_now(self, instance, name):
        if name == "partners":
            return line_of(key_of(city) for city in partners_of(instance))
        return cell_of(KEPT[name](instance)) if instance.pk else ""

    def take(self, instance, name, text):
        """Take over one cell; answers it as it would be written again."""
        if name in ROWS:
            rows = instance.to_set[name] = rows_from(name, text)
            parts = parts_of(Project._meta.get_field(name).related_model)
            return cell_of([{part: plain(row, part) for part in parts} for row in rows])
        if name in SEVERAL:
            keys = {key.strip() for line in lines_of(text) for key in line if key.strip()}
            things = [self.thing_named(name, key) for key in sorted(keys)]
            if name == "partners":  # a file invites; nobody is sent away by it
                things = list(dict.fromkeys([*partners_of(instance), *things]))
                instance.to_set[name] = things
                return line_of(map(key_of, things))
            instance.to_set[name] = [each for each in self.named[name].values() if each in things]
            return cell_of([key_of(each) for each in instance.to_set[name]])
        if name == "lead":
            instance.lead = self.thing_named(name, text)
        elif name == "contact":
            instance.contact = office_of(instance, text)
        else:
            setattr(instance, name, read(Project._meta.get_field(name), text))
        return cell_of(KEPT[name](instance))

    def thing_named(self, name, key):
        if key not in self.named[name]:
            raise ValidationError(_("There is no “%(key)s”.") % {"key": key})
        return self.named[name][key]

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """As the library does, but for the status, which only verbs may touch."""
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(exclude={"status", *errors})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return bool(instance.pk) and not instance.differing and not import_validation_errors

    def do_instance_save(self, instance, is_create):
        """Write the columns that differ, and no others: somebody may be editing them."""
        instance._history_user = self.by
        if is_create:
            instance.before = {}
            return instance.save(force_insert=True)
        instance.lock_status()
        instance.before = values_of(Project.objects.get(pk=instance.pk))
        changed = [name for name in ONE if name in instance.differing]
        return instance.save(update_fields=[*changed, "updated_at"])

    def save_m2m(self, instance, row, *, dry_run, **kwargs):
        """Write what belongs to the project, and record what was done."""
        for name, things in instance.to_set.items():
            if name not in instance.differing or name == "partners":
                continue
            if name in ROWS:
                getattr(instance, name).all().delete()
                for each in things:
                    each.project = instance
                getattr(instance, name).model.objects.bulk_create(things)
            else:
                getattr(instance, name).set(things)
        if dry_run:
            return
        after = Project.objects.get(pk=instance.pk)
        details = {"changes": changes_between(instance.before, values_of(after))}
        verb = "update" if instance.before else "create"
        Event.objects.record(
            instance,
            verb,
            by=self.by,
            tell=instance.keepers(),
            details=details if instance.before else None,
        )
        asked = partners_of(instance)
        for city in instance.to_set.get("partners", []):
            if city not in asked and city.pk != instance.lead_id:
                Partnership.objects.invite(after, city, by=self.by)

    def after_import(self, dataset, result, **kwargs):
        """What nobody foresaw goes to the log; the person learns which row it is."""
        for number, errors in result.row_errors():
            for each in errors:
                logger.error("Row %d of an import: %s", number, each.traceback)

    def after_import_row(self, row, row_result, **kwargs):
        """For the preview: what changes."""
        if row_result.instance is not None:
            row_result.diff = [
                (name, *cells) for name, cells in row_result.instance.differing.items()
            ]


def partners_of(project):
    """The cities that take part, or are asked to."""
    if not project.pk:
        return []
    return [each.city for each in project.partnerships.all() if each.status in STANDING]


def office_of(project, name):
    """The office of the lead city that is called so."""
    office = project.lead_id and project.lead.offices.filter(name_it=name).first()
    if name and not office:
        raise ValidationError(_("The lead city has no office of this name."))
    return office or None


def rows_from(name, text):
    """The rows that stand in a cell, one a line."""
    model = Project._meta.get_field(name).related_model
    parts = parts_of(model)
    rows = []
    for number, line in enumerate(lines_of(text), 1):
        if len(line) != len(parts):
            raise ValidationError(
                _("Line %(number)d has %(count)d parts instead of %(most)d: %(parts)s.")
                % {
                    "number": number,
                    "count": len(line),
                    "most": len(parts),
                    "parts": " | ".join(parts),
                }
            )
        values = dict(zip(parts, map(str.strip, line), strict=True))
        rows.append(
            model(
                **{part: read(model._meta.get_field(part), text) for part, text in values.items()}
            )
        )
    return rows
