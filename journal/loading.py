"""The loader: brings the facts of the data files in, and never touches what people decided since.

A data file is a list of blocks, each with a model and its records:

    [{"model": "cities.City", "records": [
        {"key": "alba", "sources": ["https://…"], "fields": {"slug": "alba", "name_it": "Alba"}}]}]

A relation names the key of another record, or a list of keys. What was written is remembered in
LoadedRecord: a field that no longer holds it was edited, a thing that is gone was deleted, and
both are left as people want them.
"""

import json
from collections import Counter

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_fsm import FSMFieldMixin

from journal.models import LoadedRecord


class Loader:
    """Loads data files one after the other, and counts what became of their records."""

    def __init__(self):
        self.loaded = {record.key: record for record in LoadedRecord.objects.all()}
        self.alive = {}
        self.counts = Counter()

    def load(self, path):
        for block in json.loads(path.read_text(encoding="utf-8")):
            model = apps.get_model(block["model"])
            loaded = {
                entry["key"]: self.loaded.get(key_of(model, entry)) for entry in block["records"]
            }
            things = model._base_manager.in_bulk(
                [record.object_id for record in loaded.values() if record]
            )
            for entry in block["records"]:
                record = loaded[entry["key"]]
                if record is None:
                    self._create(model, entry)
                elif record.object_id not in things:
                    self.counts["deleted"] += 1
                else:
                    self._update(things[record.object_id], record, entry["fields"])

    def _create(self, model, entry):
        """Make the thing, unless people made it by hand or what it belongs to is gone."""
        own, lists, orphan = {}, {}, False
        for name, raw in entry["fields"].items():
            field = model._meta.get_field(name)
            value = self._resolve(field, raw)
            orphan = orphan or (bool(field.many_to_one) and value is None and not field.null)
            (lists if field.many_to_many else own)[field.attname] = value
        thing = model(**own)
        if orphan or not is_new(thing):
            self.counts["left out"] += 1
            return
        thing._change_reason = _("Initial data")
        thing.save()
        for name, keys in lists.items():
            getattr(thing, name).set(keys)
        key = key_of(model, entry)
        self.loaded[key] = LoadedRecord.objects.create(
            key=key,
            content_type=ContentType.objects.get_for_model(model),
            object_id=thing.pk,
            values=entry["fields"],
        )
        self.alive.get(model._meta.label_lower, set()).add(thing.pk)
        self.counts["created"] += 1

    def _update(self, thing, record, fields):
        """Bring the fields up to the file that still hold what was written last."""
        written, own, edited = dict(record.values), False, False
        for name, raw in fields.items():
            field = thing._meta.get_field(name)
            if isinstance(field, FSMFieldMixin):
                continue  # a status is given once; from then on only verbs change it
            now = self._current(thing, field)
            wanted = self._resolve(field, raw)
            if now != wanted:
                default = [] if field.many_to_many else field.get_default()
                if now != self._resolve(field, written.get(name, default)):
                    edited = True
                    continue
                if field.many_to_many:
                    getattr(thing, name).set(wanted)
                else:
                    setattr(thing, field.attname, wanted)
                    own = True
            written[name] = raw
        if own:
            thing._change_reason = _("Initial data")
            thing.save()
        if written != record.values:
            record.values = written
            record.save(update_fields=["values"])
            self.counts["updated"] += 1
        self.counts["edited"] += edited

    def _resolve(self, field, raw):
        """What a field would hold if this were written to it."""
        if not field.is_relation:
            return field.to_python(field.get_prep_value(field.to_python(raw)))
        if field.many_to_many:
            return {pk for key in raw if (pk := self._find(field.related_model, key))}
        return self._find(field.related_model, raw)

    def _find(self, model, key):
        """The primary key of the thing that was loaded under this key, if it is still there."""
        label = model._meta.label_lower
        record = self.loaded.get(f"{label}:{key}")
        if label not in self.alive:
            self.alive[label] = set(model._base_manager.values_list("pk", flat=True))
        return record.object_id if record and record.object_id in self.alive[label] else None

    def _current(self, thing, field):
        if field.many_to_many:
            return set(getattr(thing, field.name).values_list("pk", flat=True))
        value = getattr(thing, field.attname)
        return value if field.is_relation else self._resolve(field, value)


def key_of(model, entry):
    return f"{model._meta.label_lower}:{entry['key']}"


def is_new(thing):
    """Whether nothing else holds what only one may hold: its slug, its place in a list."""
    try:
        thing.validate_unique()
        thing.validate_constraints()
    except ValidationError:
        return False
    return True
