"""The search index in the database, asked for the newest hits alone, of several kinds at once.

modelsearch keeps it: FTS5 on SQLite, GIN on PostgreSQL. Its own questions cost as much as there are
hits, and a word that stands in most of a hundred thousand projects has as many. Here nothing is
read beyond the newest hits of each kind. So that FTS5 can tell the kinds apart without reading any
entry, each holds a word for its kind. In an entry, `autocomplete` has all words of a thing, `body`
those of its title.

FTS5 lists every hit of a beginning before it gives the first, and so for each kind anew; the hits
of whole words it gives one by one. So it is asked once which words begin so, and then for these.
"""

from functools import cache

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from modelsearch.backends import database
from modelsearch.utils import get_content_type_pk

KIND = "qqkind"  # begins no word that people look for
OLDEST = 100
LAST = "\U0010ffff"  # comes after any other letter
MOST_WORDS = 250  # that begin alike: of more, whole words take as long as their beginning

# All words of the index (https://www.sqlite.org/fts5.html, 8), as the connection sees it.
VOCABULARY = """
    CREATE VIRTUAL TABLE IF NOT EXISTS temp.modelsearch_words
    USING fts5vocab('main', 'modelsearch_indexentry_fts', 'row')"""
BEGINNING = f"""
    SELECT ' AND ' || CASE WHEN count(*) BETWEEN 1 AND {MOST_WORDS}
        THEN '(' || group_concat('"' || term || '"', ' OR ') || ')' ELSE %s END AS asked
    FROM (
        SELECT term FROM temp.modelsearch_words WHERE term >= %s AND term < %s
        LIMIT {MOST_WORDS + 1})"""  # noqa: S608  a number alone

NEWEST = {
    "sqlite": """
        SELECT {number}, {in_title}, entry.object_id
        FROM modelsearch_indexentry_fts AS words
        JOIN modelsearch_indexentry AS entry ON entry.id = words.rowid
        WHERE words.modelsearch_indexentry_fts MATCH %s || (SELECT asked FROM beginnings) || ')'
        ORDER BY words.rowid DESC LIMIT {most}""",
    "postgresql": """
        SELECT {number}, {in_title}, object_id
        FROM modelsearch_indexentry
        WHERE content_type_id = {kind} AND {column} @@ to_tsquery('simple', %s)
        ORDER BY id DESC LIMIT {most}""",
}


def kind_of(model):
    """The word that each entry of a model holds."""
    return KIND + model._meta.model_name


def in_fts5(column, kind, stems):
    """As SQLite is asked (https://www.sqlite.org/fts5.html, 3); the words come from BEGINNING."""
    return f'{column} : ("{kind}"'


def in_tsquery(column, kind, stems):
    """As PostgreSQL is asked (its manual, 8.11.2); it tells the kinds apart by their column."""
    return " & ".join(f"{stem}:*" for stem in stems)


def beginnings(connection, stems):
    """What goes before the question for NEWEST, and what is given to it: for SQLite, the words of
    the index that begin with the stems. Other letters than ASCII may stand otherwise in the index,
    which folds them its own way: it is asked for words that begin so."""
    if connection.vendor != "sqlite":
        return "", []
    connection.ensure_connection()
    connection.connection.execute(VOCABULARY)
    given = []
    for stem in stems:
        given += [f'"{stem}"*', stem, f"{stem}{LAST}" if stem.isascii() else stem]
    parts = " UNION ALL ".join([BEGINNING] * len(stems))
    joined = f"SELECT group_concat(asked, '') AS asked FROM ({parts})"  # noqa: S608  constants
    return f"WITH beginnings AS MATERIALIZED ({joined}) ", given


class NewestHits:
    """A backend of modelsearch that also answers with the newest hits of several models at once."""

    def newest(self, models, stems, most):
        """{model: (keys of those with all words in the title, keys of those with them anywhere)},
        of each at most `most`, the newest first. Takes one query, whatever is looked for."""
        connection = self.get_index_for_model(models[0]).read_connection
        asked = in_fts5 if connection.vendor == "sqlite" else in_tsquery
        before, words = beginnings(connection, stems)
        parts = []
        for number, model in enumerate(models):
            for in_title, column in [(1, "body"), (0, "autocomplete")]:
                part = NEWEST[connection.vendor].format(
                    number=number,
                    in_title=in_title,
                    column=column,
                    kind=get_content_type_pk(model),
                    most=int(most),
                )
                parts.append(f"SELECT * FROM ({part}) AS part")  # noqa: S608  numbers alone
                words.append(asked(column, kind_of(model), stems))
        found = {model: ([], []) for model in models}
        with connection.cursor() as cursor:
            cursor.execute(before + " UNION ALL ".join(parts), words)
            for number, in_title, key in cursor.fetchall():
                found[models[number]][0 if in_title else 1].append(int(key))
        return found


@cache
def lean(backend):
    """A backend of modelsearch that asks as we do, and spares its look over the whole index after
    each save, which weighs titles that no entry of ours has."""

    class Index(backend.index_class):
        def _refresh_title_norms(self, full=False):
            pass

    return type("LeanBackend", (NewestHits, backend), {"index_class": Index})


def SearchBackend(params):
    """The backend for the database in use; words are compared as they stand, not by a grammar."""
    params = {"SEARCH_CONFIG": "simple", **params}
    return lean(type(database.SearchBackend(params)))(params)


def renew(*, using, **kwargs):
    """Index everything again after an upgrade from entries that do not name their kind yet; once
    all tables are as the models have them."""
    from modelsearch.models import IndexEntry

    connection = connections[using]
    if IndexEntry._meta.db_table not in connection.introspection.table_names():
        return
    oldest = IndexEntry.objects.using(using).order_by("pk").values_list("body", flat=True)
    if all(oldest[:OLDEST]):
        return
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("rebuild_modelsearch_index", verbosity=0)
