"""Pictures handed in as documents keep their quality, but not where, when and by whom they were
taken: what cameras and programs write beside the picture is left out, without encoding it anew.
"""

import io
import re

from django.core.files.base import ContentFile
from PIL import Image

from documents.files import PICTURES, extension_of

ORIENTATION = 0x0112  # a tag of Exif: how the picture must be turned to stand upright
# JPEG (ITU T.81, B.1.1): segments with a length, and marks that stand alone.
BEGIN, END, SCAN = 0xD8, 0xD9, 0xDA
ALONE = {0x00, 0x01, *range(0xD0, 0xD9)}
LOOKS = {0xE0, 0xE2, 0xEE}  # of the segments for programs: JFIF, colour profile, Adobe's colours
AFTER_SCAN = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
# PNG (W3C PNG 3, 11.3): texts, Exif and the hour of the last change.
TOLD = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}


def without_traces(file, name):
    """The file as it is kept: of a PNG or JPEG only the picture, of others all."""
    kind = PICTURES.get(extension_of(name))
    if kind is None:
        return file
    file.seek(0)
    content = file.read()
    clean = b"".join(_of_png(content) if kind == "PNG" else _of_jpeg(content))
    return ContentFile(clean, name=name)


def _of_png(content):
    """Its chunks, up to the last one of the picture."""
    yield content[:8]
    at, kind = 8, b""
    while kind != b"IEND" and at + 8 <= len(content):
        kind = content[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(content[at : at + 4])
        if kind not in TOLD:
            yield content[at:end]
        at = end


def _of_jpeg(content):
    """Its segments, up to the end of the picture: others may follow, with traces of their own."""
    yield bytes([0xFF, BEGIN]) + _turning(content)
    at = content.find(b"\xff", 2)
    while 0 <= at < len(content) - 1:
        mark = content[at + 1]
        if mark == END:
            break
        if mark == 0xFF or mark in ALONE:
            at = content.find(b"\xff", at + (1 if mark == 0xFF else 2))
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if mark == SCAN:
            after = AFTER_SCAN.search(content, end)
            end = after.start() if after else len(content)
        if _is_picture(mark, content[at + 4 : at + 15]):
            yield content[at:end]
        at = content.find(b"\xff", end)
    yield bytes([0xFF, END])


def _is_picture(mark, begins):
    if mark == 0xE2:
        return begins == b"ICC_PROFILE"
    return mark in LOOKS or mark < 0xE0  # above are only programs' own segments and comments


def _turning(content):
    """A segment that says how the picture is turned, and nothing else; none if it is upright."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
        turned = image.getexif().get(ORIENTATION, 1)
    if turned not in range(2, 9):
        return b""
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    told = exif.tobytes()
    return b"\xff\xe1" + (len(told) + 2).to_bytes(2) + told
