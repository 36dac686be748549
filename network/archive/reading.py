"""Reading: an archive that is whole, of ours, and leads nowhere else; or a clear refusal."""

import json
import zipfile
import zlib
from contextlib import contextmanager

from network.archive import NotPossible
from network.archive.files import digest_of, split
from network.archive.writing import FORMAT

# What Python's reader raises at an archive that is cut, damaged or packed in another way.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError)


@contextmanager
def opened(path):
    """The archive as a Reader whose every byte has been compared with its sum before.

    Raises NotPossible for one that is cut, damaged, of another program or of a later format.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            reader = Reader(archive)
            reader.prove()
            yield reader
    except FileNotFoundError as error:
        raise NotPossible(f"There is no such file: {path}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise NotPossible(
            f"This archive is cut or damaged ({error}). Nothing was restored: take another one."
        ) from error


class Reader:
    """An archive, its manifest and the sums of its members."""

    def __init__(self, archive):
        self.archive = archive
        try:
            self.manifest = json.loads(archive.read("manifest.json"))
            lines = archive.read("SHA256SUMS").decode().splitlines()
            self.sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
            ours = self.manifest["portal"] == "creative-cities"
            self.migrations = [tuple(each) for each in self.manifest["migrations"]]
            self.tables, self.sequences = self.manifest["tables"], self.manifest["sequences"]
        except (*DAMAGED, TypeError) as error:
            raise NotPossible("This is not an archive of the portal, or it is damaged.") from error
        if not ours or self.manifest["format"] > FORMAT:
            raise NotPossible("This archive was made by another program, or by a later version.")

    @property
    def files(self):
        return [name for name in self.sums if name.startswith("files/")]

    def prove(self):
        """Every member is named once, means no harm, and is as it was written."""
        names = [info.filename for info in self.archive.infolist()]
        if sorted(names) != sorted([*self.sums, "SHA256SUMS"]):
            raise NotPossible("This archive is damaged: it does not hold what its list names.")
        for name in self.files:
            split(name)
        for name, digest in self.sums.items():
            with self.archive.open(name) as member:
                if digest_of(member) != digest:
                    raise NotPossible(f"This archive is damaged: {name} is not as it was written.")

    def rows(self, table):
        """The columns of a table, and its lines one by one."""
        with self.archive.open(f"rows/{table}.jsonl") as member:
            yield json.loads(next(member))
            for line in member:
                yield line.rstrip(b"\n")
