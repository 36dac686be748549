"""Restoring: into an empty place, and all of it or nothing.

First the whole archive is read and compared with its sums. Then the tables are made as they were
when it was written, the files come, the rows come in one transaction and are read back and
compared, and only then the migrations since are applied and the search is indexed anew.
"""

import secrets

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.utils import DatabaseError

from journal.delivery import due
from journal.revision import Revision
from network.archive import REBUILT, NotPossible, rows
from network.archive.files import put_back, take_away
from network.archive.reading import opened
from network.archive.writing import fingerprint_of_the_key

# What `migrate` writes by itself. A database with nothing else is empty.
WRITTEN_BY_MIGRATE = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "sqlite_sequence",
}


def restore(path, tell=lambda line: None):
    """Put the archive into the database and storages of the settings; answers its manifest.

    Raises NotPossible, and leaves the place as empty as it was, where the archive is not whole,
    the place not empty, or the code too old.
    """
    with opened(path) as archive:
        manifest = archive.manifest
        tell(f"The archive of {manifest['made_at']}, version {manifest['version']}, is whole.")
        refuse_unless_possible(archive)
        tables_as_they_were(archive.migrations)
        written = put_back(archive.archive, archive.files, archive.sums)
        tell(f"{len(archive.files)} files are back.")
        try:
            with transaction.atomic():
                state = put_rows_back(archive)
                compare(archive, state)
        except BaseException:
            take_away(written)
            raise
    tell(f"{sum(each['rows'] for each in archive.tables.values())} rows are back, each as it was.")
    bring_up_to_date()
    tell("The database is up to this version, and the search is indexed.")
    return manifest


def bring_up_to_date():
    """Apply the migrations since, and index anew what is searched."""
    try:
        call_command("migrate", verbosity=0, interactive=False)
        # Whatever a page cache keeps from before is of another content.
        Revision.objects.update_or_create(key=0, defaults={"number": secrets.randbits(48)})
        call_command("rebuild_modelsearch_index", verbosity=0)
    except Exception as error:
        error.add_note(
            "Rows and files are back, all of them. What is missing: `manage.py migrate` and "
            "`manage.py rebuild_modelsearch_index`."
        )
        raise


def refuse_unless_possible(archive):
    """Raises NotPossible where this code or this place cannot take the archive."""
    loader = MigrationLoader(connection)
    recorded = set(archive.migrations)
    if unknown := sorted(recorded - set(loader.graph.nodes)):
        raise NotPossible(
            f"This archive was written by newer code ({rows.named(unknown[:3])}, …): bring the "
            f"code to version {archive.manifest['version']} or later first."
        )
    if full := tables_with_rows():
        raise NotPossible(
            f"This database holds data already ({', '.join(full[:4])}, …). Nothing was changed: "
            "restore into an empty one."
        )
    known = {each for each in loader.applied_migrations if each[0] in loader.migrated_apps}
    if later := sorted(known - recorded):
        raise NotPossible(
            f"This database was migrated beyond the archive already ({rows.named(later[:3])}, …). "
            "Make it anew, and restore before you migrate."
        )


def tables_with_rows():
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        full = []
        for table in sorted(set(tables) - WRITTEN_BY_MIGRATE):
            if any(table.startswith(each) for each in REBUILT):
                continue
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                full.append(table)
    return full


def tables_as_they_were(migrations):
    """Apply the migrations of the archive, and no later one."""
    executor = MigrationExecutor(connection)
    recorded, graph = set(migrations), executor.loader.graph
    last = [
        each
        for each in migrations
        if not any(
            child.key[0] == each[0] and child.key in recorded
            for child in graph.node_map[each].children
        )
    ]
    executor.migrate(last)


def put_rows_back(archive):
    """Load every table; the database itself looks at the end whether all of it fits together."""
    state = rows.State(connection)
    if set(state.models) != set(archive.tables):
        odd = sorted(set(state.models) ^ set(archive.tables))
        raise NotPossible(f"The archive and this code do not mean the same tables: {odd}.")
    with connection.cursor() as cursor:
        for table in state.models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608
    for table, model in state.models.items():
        lines = archive.rows(table)
        if next(lines) != rows.columns_of(model):
            raise NotPossible(f"The archive has other columns in {table} than this code.")
        try:
            rows.load(model, lines, connection)
        except DatabaseError as error:
            raise NotPossible(f"The database refuses rows of {table}: {error}") from error
    state.continue_after(archive.sequences)
    connection.check_constraints()
    return state


def compare(archive, state):
    """Raises NotPossible where a table does not read as it was written."""
    for table, model in state.models.items():
        if rows.sum_of(model, DEFAULT_DB_ALIAS) != archive.tables[table]:
            raise NotPossible(f"What came back of {table} is not what was written down.")


def remarks(manifest):
    """What whoever restored it should know, in sentences."""
    if manifest["key"] != fingerprint_of_the_key():
        yield (
            "SECRET_KEY is another one than the archive's: everyone must log in anew, and links in "
            "mails no longer work. Put the old key into the environment to keep them."
        )
    if manifest["gone"]:
        yield f"Files that were gone when it was written: {', '.join(manifest['gone'][:20])}."
    if waiting := due().count():
        yield (
            f"{waiting} mails wait in the outbox. If the old place went on after this archive, "
            "they went out there: look at them in the admin before you start `deliver`."
        )
