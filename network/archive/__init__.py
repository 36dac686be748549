"""The archive: the whole portal in one file, read from one database and put into any other.

A ZIP with `rows/<table>.jsonl` (a line with the columns, then one for each row), the files of the
storages under `files/media/` and `files/private/`, `manifest.json`, and `SHA256SUMS` of all others
as `sha256sum -c` reads it.

- `rows.py`: rows as lines and back, whatever the database; models as the migrations describe them
- `files.py`: the files of both storages
- `writing.py`: one consistent archive while people go on writing
- `reading.py`: an archive that is whole and means no harm, or a clear refusal
- `restoring.py`: into an empty place, of this version or a later one
"""

REBUILT = {"modelsearch", "journal_revision"}  # a room or a table that is made anew, not kept


class NotPossible(Exception):
    """What was asked cannot be done; says in a sentence why, and that nothing was changed."""
