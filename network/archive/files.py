"""The files of both storages, wherever those keep them: on the disk or in an object store."""

from hashlib import sha256
from pathlib import PurePosixPath

from django.core.files import File
from django.core.files.storage import storages

from network.archive import NotPossible

STORAGES = {"media": "default", "private": "private"}  # the folder in the archive, the storage
PIECE = 1024 * 1024


def names_in(storage, folder=""):
    """Every file below the folder, as the storage calls it; none where there is no folder yet."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    start = f"{folder}/" if folder else ""
    yield from (f"{start}{name}" for name in sorted(files) if name)
    for name in sorted(folders):
        yield from names_in(storage, f"{start}{name}")


def pieces(file):
    while piece := file.read(PIECE):
        yield piece


def digest_of(file):
    digest = sha256()
    for piece in pieces(file):
        digest.update(piece)
    return digest.hexdigest()


def split(member):
    """The storage and the name of a member of the archive; NotPossible for a name that leads out.

    A name is a path below its storage: not absolute, no step up, nothing another system reads so.
    """
    _files, place, name = (*member.split("/", 2), "", "")[:3]
    path = PurePosixPath(name)
    if (
        place not in STORAGES
        or str(path) != name
        or path.is_absolute()
        or ".." in path.parts
        or not set(name).isdisjoint("\\:\0\n")
    ):
        raise NotPossible(f"The archive holds a file with a name that is none: {member!r}.")
    return storages[STORAGES[place]], name


def put_back(archive, members, sums):
    """Write these files; what lies there already, left by a try that was broken off, must be the
    same. Where one cannot be written, those that came with this try are taken away again.
    """
    written = []
    try:
        for member in members:
            storage, name = split(member)
            if storage.exists(name):
                with storage.open(name) as there:
                    if digest_of(there) != sums[member]:
                        raise NotPossible(f"There is another file already: {name}.")
                continue
            with archive.open(member) as source:
                kept = storage.save(name, File(source, name=name))
            written.append((storage, kept))
            if kept != name:
                raise NotPossible(f"The storage would not call a file {name}, but {kept}.")
    except BaseException:
        take_away(written)
        raise
    return written


def take_away(written):
    for storage, name in written:
        storage.delete(name)
