"""Judge files in a process of its own; of each a line: what became of it, MB, seconds."""

import resource
import sys
import time
from pathlib import Path

import django

django.setup()

from django.core.exceptions import ValidationError  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402

from documents.files import clean_document  # noqa: E402
from documents.pictures import clean_picture  # noqa: E402


def megabytes():
    """The most memory that this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


for path in map(Path, sys.argv[1:]):
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    before, began = megabytes(), time.process_time()
    try:
        (clean_document if path.suffix == ".zip" else clean_picture)(upload)
        became = "kept"
    except ValidationError:
        became = "refused"
    print(became, megabytes() - before, time.process_time() - began)
