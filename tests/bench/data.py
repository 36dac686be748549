"""Data sets: a network of a given size, made up, and the same whenever and wherever it is made.

`python -m tests.bench.data 408 100000 2000 5000` lets a migrated database, that of DATABASE_URL,
grow to so many cities, projects, meetings and news. What is there already stays: so the pages that
are measured are the same in a small set and in the large one that has grown from it.
"""

import io
import sys
from typing import NamedTuple

SEED = "creative cities"
DELEGATE = "delegate@fabriano.example.org"  # whose desk and drafts are measured
HOME = "fabriano"
SHOWN = "bench-shown"  # the project whose page is measured
DRAFTS = 16  # one for each connection


class Size(NamedTuple):
    """How many there are of each."""

    cities: int
    projects: int
    meetings: int
    news: int


TINY = Size(16, 30, 30, 8)
SMALL = Size(16, 100, 50, 40)
MIDDLE = Size(60, 3000, 200, 200)
LARGE = Size(408, 100_000, 2000, 5000)


def grow(size):
    """Make what is missing to this size, with all that hangs on it, and tell the database."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import translation

    from tests.bench import cities, meetings, projects
    from tests.bench.words import Author

    with connection.cursor() as cursor, translation.override("it"):
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            cursor.execute("PRAGMA synchronous=OFF")
        call_command("load_network", stdout=io.StringIO())
        author = Author(f"{SEED} {size}")
        for add in (cities.add, projects.add, meetings.add, meetings.add_news):
            add(author, size)
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    import django

    django.setup()
    grow(Size(*map(int, sys.argv[1:])))
