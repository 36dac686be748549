"""What the database knows of its own tables, so that it finds the short way through them."""

from django.core.cache import cache
from django.db import connection

A_DAY = 24 * 60 * 60


def measure_tables():
    """Once a day, let SQLite look how much is where. Without, it guesses, and a search among a
    hundred thousand projects takes minutes instead of milliseconds; PostgreSQL looks by itself."""
    if connection.vendor != "sqlite" or not cache.add("tables-measured", True, A_DAY):
        return 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit = 400")
        cursor.execute("ANALYZE")
    return 0
