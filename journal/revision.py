"""The content revision: a number that every change of public content moves on.

The database moves it by itself, with triggers on the tables that public pages are made of, in the
same transaction as the change, whoever makes it: a form, the admin, a command, a shell. Where two
readers see the same number they see the same content, on whatever worker, machine or replica.
"""

from functools import lru_cache, wraps
from hashlib import sha256
from typing import NamedTuple

from django.apps import apps
from django.db import (
    DEFAULT_DB_ALIAS,
    InterfaceError,
    OperationalError,
    connections,
    models,
    router,
    transaction,
)
from django.utils import timezone
from django.utils.translation import get_language


class Revision(models.Model):
    """How far changes moved the content (revisione dei contenuti); the revision is all together.

    In PostgreSQL each transaction has a row of its own, so that none waits for another. What is
    added is random, so that no number comes back after a backup was restored.
    """

    key = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()

    def __str__(self):
        return str(self.number)


class Public(NamedTuple):
    """A model that public pages are made of, and which of its changes they cannot show."""

    model: str  # "projects.Project"
    columns: tuple = ()  # only changes of these count; of all, where none is named
    hidden: str = ""  # condition on a {row}: nobody but those inside sees it

    @property
    def table(self):
        return apps.get_model(self.model)._meta.db_table


def current_revision():
    """The revision of what pages are read from now. Takes one query.

    It also finds out whether a connection that was kept still stands, and opens another.
    """
    connection = connections[router.db_for_read(Revision)]
    if connection.connection is not None and not connection.in_atomic_block:
        connection.health_check_done = True
        try:
            return read_revision(connection)
        except (OperationalError, InterfaceError):
            connection.close()
    return read_revision(connection)


def read_revision(connection):
    with connection.cursor() as cursor:
        if connection.in_atomic_block and connection.vendor == "postgresql":  # it may move again
            moved = "set_config('content.moved', '', true)"
            cursor.execute(f"SELECT sum(number), {moved} FROM journal_revision")  # noqa: S608
        else:
            cursor.execute("SELECT sum(number) FROM journal_revision")
        return int(cursor.fetchone()[0] or 0)


def kept_until_change(ask):
    """The function ask(*values), which names nothing but public content, as one that keeps its
    answers, in each language, until that content changes or a new day begins: then it takes one
    query. Nobody may change what it answers."""

    @lru_cache(maxsize=8)
    def kept(_revision, _day, _language, *values):
        return ask(*values)

    @wraps(ask)
    def answer(*values):
        return kept(current_revision(), timezone.localdate(), get_language(), *values)

    return answer


def fold_revisions():
    """A duty: make one row of many, which together are as much. It tells nobody: answers 0."""
    with transaction.atomic():
        rows = list(Revision.objects.exclude(key=0).select_for_update())
        if rows:
            moved = sum(row.number for row in rows)
            Revision.objects.get_or_create(key=0, defaults={"number": 0})
            Revision.objects.filter(key=0).update(number=models.F("number") + moved)
            Revision.objects.filter(key__in=[row.key for row in rows]).delete()
    return 0


def install_triggers(publics, using=DEFAULT_DB_ALIAS):
    """Put the triggers on the tables of these models where they are missing or have changed."""
    connection = connections[using]
    speech = {"sqlite": SQLite, "postgresql": PostgreSQL}[connection.vendor]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if Revision._meta.db_table not in tables:
            return
        wanted = {
            (public.table, name_of(statement)): statement
            for public in publics
            if public.table in tables
            for statement in speech.triggers(public)
        }
        for statement in speech.BEFORE:
            cursor.execute(statement)
        cursor.execute(speech.INSTALLED)
        installed = set(cursor.fetchall())
        for table, name in installed - wanted.keys():
            cursor.execute(speech.DROP.format(table=table, name=name))
        for table, name in wanted.keys() - installed:
            cursor.execute(wanted[table, name].format(name=name))


def name_of(statement):
    """A name for what a trigger does, so that another one gets another name."""
    return f"content_revision_{sha256(statement.encode()).hexdigest()[:12]}"


def is_hidden(public, *rows):
    """The condition under which nobody outside sees the row before or after the change."""
    return " AND ".join(f"({public.hidden.format(row=row)})" for row in rows if public.hidden)


def of_columns(public):
    columns = ", ".join(f'"{column}"' for column in public.columns)
    return f" OF {columns}" if columns else ""


class SQLite:
    """Writers come one after the other, so that one row is enough for all of them."""

    BEFORE = ()
    INSTALLED = "SELECT tbl_name, name FROM sqlite_master WHERE name LIKE 'content_revision%'"
    DROP = 'DROP TRIGGER "{name}"'
    MOVE = (
        "BEGIN INSERT INTO journal_revision (key, number)"
        " VALUES (0, 1 + abs(random() % 2147483647))"
        " ON CONFLICT (key) DO UPDATE SET number = number + excluded.number; END"
    )

    @classmethod
    def triggers(cls, public):
        for change, rows in [
            ("INSERT", ["NEW"]),
            (f"UPDATE{of_columns(public)}", ["OLD", "NEW"]),
            ("DELETE", ["OLD"]),
        ]:
            hidden = is_hidden(public, *rows)
            when = f" WHEN NOT ({hidden})" if hidden else ""
            yield f'CREATE TRIGGER "{{name}}" AFTER {change} ON "{public.table}"{when} {cls.MOVE}'


class PostgreSQL:
    """Asked once a statement, or once a row where it depends on the row; once a transaction is
    enough, for the versions of a row that one transaction writes make it slower and slower. The
    condition is an argument, since a WHEN clause may not look into other tables (its manual, CREATE
    TRIGGER); in it, $1 is the row before and $2 the row after."""

    BEFORE = (
        """
        CREATE OR REPLACE FUNCTION content_revision_moves() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            hidden boolean;
        BEGIN
            IF current_setting('content.moved', true) = 'yes' THEN
                RETURN NULL;
            END IF;
            IF TG_NARGS > 0 THEN
                EXECUTE 'SELECT ' || TG_ARGV[0] INTO hidden USING OLD, NEW;
            END IF;
            IF hidden IS NOT TRUE THEN
                INSERT INTO journal_revision (key, number)
                VALUES (txid_current(), 1 + floor(random() * 2147483647)::bigint)
                ON CONFLICT (key) DO UPDATE SET number = journal_revision.number + excluded.number;
                PERFORM set_config('content.moved', 'yes', true);
            END IF;
            RETURN NULL;
        END $$
        """,
    )
    INSTALLED = """
        SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE tgname LIKE 'content_revision%' AND relnamespace = current_schema()::regnamespace
    """
    DROP = 'DROP TRIGGER "{name}" ON "{table}"'

    @classmethod
    def triggers(cls, public):
        by = "ROW" if public.hidden else "STATEMENT"
        for change, rows, each in [
            ("INSERT", ["($2)"], by),
            (f"UPDATE{of_columns(public)}", ["($1)", "($2)"], by),
            ("DELETE", ["($1)"], by),
            ("TRUNCATE", [], "STATEMENT"),
        ]:
            hidden = is_hidden(public, *rows).replace("'", "''")
            yield (
                f'CREATE TRIGGER "{{name}}" AFTER {change} ON "{public.table}" FOR EACH {each}'
                f" EXECUTE FUNCTION content_revision_moves({hidden and f"'{hidden}'"})"
            )
