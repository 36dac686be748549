"""What the migration drill asks of a portal's database, beside tests.drills.inside."""

import hashlib
import sqlite3

from tests.drills.inside import plain


def age(*, path):
    """Make this empty database what that SQLite file is: its tables as of then, and its rows."""
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    applied = migrations_of(path)
    state = executor.migrate(last_of(executor.loader.graph, applied))
    with old_database(path) as alias, transaction.atomic():
        models = [
            model
            for model in state.apps.get_models(include_auto_created=True)
            if model._meta.managed and model._meta.app_label != "modelsearch"  # each has its own
        ]
        for model in models:
            model._base_manager.all().delete()
        many = sum(copy(model, alias) for model in models)
    with connection.cursor() as cursor:
        for statement in sequences(connection, models):
            cursor.execute(statement)
    return many


def migrations_of(path):
    with sqlite3.connect(path) as old:
        return {tuple(row) for row in old.execute("SELECT app, name FROM django_migrations")}


def last_of(graph, applied):
    """Of each app the last migrations that had been applied."""
    known = applied & set(graph.nodes)
    followed = {parent.key for key in known for parent in graph.node_map[key].parents}
    return sorted(
        key for key in known if key not in {each for each in followed if each[0] == key[0]}
    )


class old_database:
    """The SQLite file as a second database, for as long as the block lasts."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        from django.db import connections

        sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": self.path}
        connections.databases["old"] = connections.configure_settings(
            {"default": sqlite, "old": sqlite}
        )["old"]
        return "old"

    def __exit__(self, *_error):
        from django.db import connections

        connections["old"].close()
        del connections["old"], connections.databases["old"]


def copy(model, alias):
    rows = list(model._base_manager.using(alias).all())
    for row in rows:
        row._state.db = None
    model._base_manager.bulk_create(rows, batch_size=500)
    keep_moments(model, alias)
    return len(rows)


def keep_moments(model, alias):
    """What Django would set to now is as it was."""
    names = [
        field.attname
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    if names:
        for row in model._base_manager.using(alias).values("pk", *names):
            model._base_manager.filter(pk=row.pop("pk")).update(**row)


def sequences(connection, models):
    from django.core.management.color import no_style

    return connection.ops.sequence_reset_sql(no_style(), models)


def values(*, path=None, columns=None):
    """Each table's rows, as digests of every value by key and column; of the columns there were."""
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    if path:
        with old_database(path) as alias:
            loader = MigrationLoader(connections["default"])
            known = migrations_of(path)
            state = loader.project_state(last_of(loader.graph, known))
            return digests(state.apps, alias, None)
    from django.apps import apps

    return digests(apps, "default", columns)


# Made anew after each migration: permissions, kinds of things, the index of the search.
MADE_ANEW = ("auth_permission", "auth_group_permissions", "django_content_type", "modelsearch")


def digests(apps, alias, columns):
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table.startswith(MADE_ANEW) or not model._meta.managed:
            continue
        if columns is not None and table not in columns:
            continue
        names = {field.attname for field in model._meta.concrete_fields}
        names = sorted(names & set(columns[table]) if columns else names)
        found[table] = {"columns": names, "rows": rows_of(model, alias, names)}
    return found


def rows_of(model, alias, names):
    rows = model._base_manager.using(alias).order_by().values_list("pk", *names)
    return {
        str(pk): hashlib.sha256(repr([plain(each) for each in row]).encode()).hexdigest()[:12]
        for pk, *row in rows.iterator()
    }


def file_names(*, path):
    """Every file that a row names, as folder and name."""
    from django.apps import apps
    from django.db.models import FileField

    names = set()
    with sqlite3.connect(path) as old:
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, FileField) and has_column(old, model, field):
                    folder = "private" if "private" in str(field.storage.location) else "media"
                    asked = f'SELECT "{field.column}" FROM "{model._meta.db_table}"'
                    names |= {f"{folder}/{name}" for (name,) in old.execute(asked) if name}
    return sorted(names)


def has_column(old, model, field):
    columns = old.execute(f'PRAGMA table_info("{model._meta.db_table}")')
    return field.column in {row[1] for row in columns}
