"""Judge one file in a process of its own, and tell what it took: MB and seconds of work."""

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
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(path, kind):
    is_archive = kind.startswith("archive")
    clean, name = (clean_document, "a.zip") if is_archive else (clean_picture, "a.jpg")
    upload = SimpleUploadedFile(name, Path(path).read_bytes())
    before, began = megabytes(), time.process_time()
    try:
        clean(upload)
    except ValidationError as refused:
        print(refused.messages)
    print(megabytes() - before, time.process_time() - began)


main(*sys.argv[1:])
