"""Rows as lines of text that every database understands alike, and lines as rows.

A line is a JSON list in the order of the columns: exact to the microsecond and the last decimal,
with what a database keeps in its own order (JSON's keys) in one order.
"""

import base64
import json
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import batched

from django.db.migrations.loader import MigrationLoader

from network.archive import REBUILT, NotPossible

AT_ONCE = 1000  # rows in memory


def said(value):
    """What JSON has no word for: days, moments, decimals, numbers of things, bytes."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return str(value)


dump = partial(json.dumps, sort_keys=True, separators=(",", ":"), default=said)


@dataclass
class Sum:
    """How many lines there were, and a digest of them in whatever order they came."""

    rows: int = 0
    digest: int = 0

    def add(self, line):
        self.rows += 1
        self.digest = (self.digest + int.from_bytes(sha256(line).digest())) % 2**256

    def told(self):
        return {"rows": self.rows, "digest": f"{self.digest:064x}"}


class State:
    """The tables of a database as the migrations that were applied to it describe them.

    Not as the code of today does: an archive can be made before an upgrade's migrations, and an
    old one restored into newer code.
    """

    def __init__(self, connection):
        loader = MigrationLoader(connection)
        self.connection, self.graph = connection, loader.graph
        self.applied = sorted(
            each for each in loader.applied_migrations if each[0] in loader.migrated_apps
        )
        if unknown := [each for each in self.applied if each not in self.graph.nodes]:
            raise NotPossible(
                f"This database was migrated by newer code ({named(unknown)}). "
                "Bring the code to that version first."
            )
        self.apps = loader.project_state(self.applied).apps

    @property
    def models(self):
        """The models with a table of their own, by its name, links between them included."""
        return {
            model._meta.db_table: model
            for model in sorted(
                self.apps.get_models(include_auto_created=True), key=lambda m: m._meta.db_table
            )
            if model._meta.managed
            and not model._meta.proxy
            and not REBUILT & {model._meta.app_label, model._meta.db_table}
        }

    def sequences(self):
        """The highest number each table has ever given out, so that none is given twice."""
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "sqlite":
                cursor.execute("SELECT name, seq FROM sqlite_sequence")
                last = dict(cursor.fetchall())
                return {table: last[table] for table in self.models if last.get(table)}
            numbers = {}
            for table, name in self._counters(cursor):
                cursor.execute("SELECT pg_sequence_last_value(%s::regclass)", [name])
                numbers[table] = cursor.fetchone()[0]
        return {table: last for table, last in numbers.items() if last}

    def continue_after(self, sequences):
        """Let each table number its new rows from here on."""
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "sqlite":
                cursor.executemany(
                    "DELETE FROM sqlite_sequence WHERE name = %s", [(name,) for name in sequences]
                )
                cursor.executemany("INSERT INTO sqlite_sequence VALUES (%s, %s)", sequences.items())
                return
            for table, name in self._counters(cursor):
                if table in sequences:
                    cursor.execute("SELECT setval(%s, %s)", [name, sequences[table]])

    def _counters(self, cursor):
        for table in self.models:
            for each in self.connection.introspection.get_sequences(cursor, table):
                yield table, each["name"]


def columns_of(model):
    return [field.column for field in model._meta.local_concrete_fields]


def lines_of(model, using):
    """Each row as a line, AT_ONCE at a time in memory."""
    names = [field.attname for field in model._meta.local_concrete_fields]
    rows = model._base_manager.using(using).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield dump(row).encode()


def sum_of(model, using):
    total = Sum()
    for line in lines_of(model, using):
        total.add(line)
    return total.told()


def load(model, lines, connection):
    """Write these lines as rows, as they are: no default, no date of today, no file touched."""
    fields = model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    insert = "INSERT INTO {} ({}) VALUES ({})".format(  # noqa: S608  names of our own models
        quote(model._meta.db_table),
        ", ".join(quote(field.column) for field in fields),
        ", ".join(["%s"] * len(fields)),
    )
    with connection.cursor() as cursor:
        for some in batched(lines, AT_ONCE):
            cursor.executemany(
                insert,
                [
                    [
                        field.get_db_prep_save(field.to_python(value), connection)
                        for field, value in zip(fields, json.loads(line), strict=True)
                    ]
                    for line in some
                ],
            )


def named(migrations):
    return ", ".join(".".join(each) for each in migrations)
