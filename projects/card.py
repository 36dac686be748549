"""The card of a project as data: to keep it, compare it, say it, and take a change back."""

from functools import partial

from django.db import transaction

from cities import card_values
from cities.card_values import brings_files, changes_between, kept_among, put_back, values_of
from cities.cards import columns, names_of, rows_among
from journal.models import Event
from projects.models import Project

FIELDS = columns(Project, kept_among(Project, names_of(Project)))
ROWS = rows_among(Project, names_of(Project))
WITH_FILES = [name for name in ROWS if brings_files(Project, name)]

label_of = partial(card_values.label_of, Project)
said = partial(card_values.said, Project)

__all__ = [
    "FIELDS", "ROWS", "WITH_FILES", "changes_between", "label_of", "restore", "said", "values_of",
]  # fmt: skip


def restore(project, changes, *, by):
    """Bring back what a card held before these changes; answers the names that stay as they are.

    Recorded with its own changes, so that a restore can be taken back too.
    """
    with transaction.atomic():
        project.lock_status()
        project.refresh_from_db()
        before = values_of(project)
        stay = put_back(project, changes)
        if len(stay) < len(changes):
            project._history_user = by
            project.save()
            done = changes_between(before, values_of(project))
            Event.objects.record(
                project, "restore", by=by, tell=project.keepers(), details={"changes": done}
            )
    return stay
