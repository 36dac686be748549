"""A read replica: what visitors see may be read from a copy of the database.

Public pages alone, for they hold nothing that somebody has just written and wants to see; their
revision is read from the same copy, so that no page is kept under a revision it does not show.
Whoever is logged in, every form, every command reads where it writes.
"""

from django.db import DEFAULT_DB_ALIAS

from journal.public_pages import FOR_A_VISITOR

REPLICA = "replica"


class Router:
    """Sends what public pages ask to the replica, and all else to the database itself."""

    def db_for_read(self, model, **hints):
        return REPLICA if FOR_A_VISITOR.get() else None

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db != REPLICA
