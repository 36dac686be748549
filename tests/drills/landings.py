"""Make the databases of earlier landings anew: `python -m tests.drills.landings`, with git history.

Each is what `make run` made at that commit: the real network and the demonstration.
"""

import gzip
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import serving

FILES = "django.core.files.storage.FileSystemStorage"  # there was no other then
KEPT = Path(__file__).parent / "data"
LANDINGS = {"072615f": "first", "142079a": "second", "2f44578": "third"}


def make(commit, name):
    """Check the code of that commit out elsewhere, let it fill a database, and keep that."""
    with tempfile.TemporaryDirectory(prefix="portal-landing-") as place:
        code, data = Path(place, "code"), Path(place, "data")
        code.mkdir()
        archive = subprocess.run(
            ["git", "archive", commit], cwd=serving.ROOT, check=True, capture_output=True
        )
        subprocess.run(["tar", "-x", "-C", code], input=archive.stdout, check=True)
        path = data / "portal.sqlite3"
        environment = serving.production(
            database_url=f"sqlite:///{path}",
            data_dir=data,
            MEDIA_STORAGE=FILES,
            PRIVATE_STORAGE=FILES,
        )
        for command in (["migrate"], ["load_network"], ["load_demo", "--force"]):
            subprocess.run(
                [sys.executable, "manage.py", *command], cwd=code, env=environment, check=True
            )
        lean(path)
        KEPT.mkdir(exist_ok=True)
        (KEPT / f"{name}.sqlite3.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def lean(path):
    """Leave out what is made anew from the rest: the index of the search."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("DELETE FROM modelsearch_indexentry")
    database.execute("VACUUM")
    database.close()


if __name__ == "__main__":
    for commit, name in LANDINGS.items():
        make(commit, name)
