"""Files that mean harm, or that something happened to on their way, as people send them."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import make

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
LAUGHS = b"""<!DOCTYPE l [<!ENTITY a "ha">%s]><l>&z;</l>""" % b"".join(
    b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(98, 123)
)
PDF = b"%PDF-1.7\n%%EOF\n"
TYPES = "[Content_Types].xml"


def packed(**files):
    """A ZIP archive; `word__document` stands for word/document.xml."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(TYPES if name == "types" else name.replace("__", "/"), content)
    return buffer.getvalue()


def swollen(packed, size):
    """The same archive, which says of its first file that it has this many bytes."""
    at = packed.index(b"PK\x01\x02")
    return packed[: at + 24] + struct.pack("<I", size) + packed[at + 28 :]


def crowded(many):
    """An archive of one file whose list names so many."""
    local = b"PK\3\4" + struct.pack("<5H3I2H", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    line = b"PK\1\2" + struct.pack("<6H3I5H2I", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, *[0] * 6) + b"a"
    end = struct.pack("<4H2IH", 0, 0, many & 65535, many & 65535, len(line) * many, len(local), 0)
    return local + line * many + b"PK\5\6" + end


def png(width, height, *, colour=0):
    """A PNG of one colour: a few bytes, however large it becomes."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    packer, line = zlib.compressobj(9), bytes(1 + width * {0: 1, 6: 4}[colour])
    lines = (
        b"".join(packer.compress(line) for _ in range(height if height < 7000 else 9))
        + packer.flush()
    )
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def painted_over(times, side=6300):
    """A JPEG that is decoded all over again for each of its scans, of which each has 78 bytes."""
    tables = b"\xff\xdb" + struct.pack(">HB", 67, 0) + b"\x01" * 64
    frame = b"\xff\xc2" + struct.pack(">HBHHBBBB", 11, 8, side, side, 1, 1, 0x11, 0)
    codes = b"".join(
        b"\xff\xc4" + struct.pack(">HB", 20, kind) + bytes([1] + [0] * 15) + value
        for kind, value in [(0, b"\0"), (16, b"\xe0")]
    )
    blocks = (-(-side // 8)) ** 2
    first = b"\xff\xda" + struct.pack(">H6B", 8, 1, 1, 0, 0, 0, 0) + bytes(-(-blocks // 8))
    other = b"\xff\xda" + struct.pack(">H6B", 8, 1, 1, 0, 1, 63, 0) + bytes(blocks // 16384 * 2 + 4)
    return b"\xff\xd8" + tables + frame + codes + first + other * times + b"\xff\xd9"


WORD = {"types": "<Types/>", "word__document.xml": "<w/>"}
JPEG = make.picture_upload(size=(400, 300)).read()
GIF = make.picture_upload(format="GIF", size=(9, 9)).read()

# Neither a picture nor a document: name, content.
NOTHING = {
    "empty": ("a{}", b""),
    "HTML in disguise": ("a{}", HTML),
    "SVG in disguise": ("a{}", SVG),
    "SVG": ("a.svg", SVG),
    "a web page": ("a.html", HTML),
    "a script": ("a.php", b"<?php system($_GET[0]);"),
    "no ending": ("a", HTML),
    "two endings": ("a{}.exe", b"MZ" + bytes(99)),
    "GIF and script": ("a{}", b"GIF89a/*" + GIF[8:] + b"*/=1;alert(1)//"),
    "a path": ("../../../etc/passwd", HTML),
    "a Windows path": ("C:\\windows\\system.ini", HTML),
    "a name that reads backwards": ("a\u202efdp.exe", b"MZ"),
    "a name with a line break": ("a\r\nX-Y: z.exe", b"MZ"),
    "only an ending": (".htaccess", b"AddType text/html .jpg"),
    "a long name": ("a" * 300 + ".exe", b"MZ"),
}  # fmt: skip
PICTURES = NOTHING | {
    "GIF": ("a.gif", GIF),
    "TIFF": ("a.tiff", make.picture_upload(format="TIFF").read()),
    "PDF": ("a.jpg", PDF),
    "archive": ("a.jpg", packed(a="b")),
    "cut JPEG": ("a.jpg", JPEG[: len(JPEG) // 2]),
    "cut PNG": ("a.png", make.picture_upload(format="PNG").read()[:200]),
    "cut WebP": ("a.webp", make.picture_upload(format="WEBP").read()[:60]),
    "cut AVIF": ("a.avif", make.picture_upload(format="AVIF").read()[:300]),
    "PNG that swells": ("a.png", png(90_000, 90_000)),
    "JPEG painted over": ("a.jpg", painted_over(20_000)),
}
DOCUMENTS = NOTHING | {
    "cut PDF": ("a.pdf", b"%PDF-1.7\n1 0 obj"),
    "archive behind a PDF": ("a.zip", PDF + packed(a="b")),
    "PDF behind HTML": ("a.pdf", HTML + PDF),
    "cut DOCX": ("a.docx", packed(**WORD)[:-40]),
    "cut JPEG": ("a.jpg", JPEG[: len(JPEG) // 2]),
    "cut PNG": ("a.png", make.picture_upload(format="PNG").read()[:200]),
    "macros": ("a.docx", packed(**WORD, **{"word__vbaProject.bin": "x"})),
    "a kind with macros": ("a.docm", packed(**WORD)),
    "archive that swells": ("a.zip", swollen(packed(a="b"), 4_000_000_000)),
    "ODT that swells": ("a.odt", packed(mimetype=bytes(60_000_000))),
    "endless list": ("a.zip", crowded(60_000)),
    "archive that climbs out": ("a.zip", packed(**{"..__x": "y"})),
    "archive of a drive": ("a.zip", packed(**{"C:__x": "y"})),
    "spreadsheet called DOCX": ("a.docx", packed(types="", xl__workbook="")),
    "too large": ("a.pdf", PDF + bytes(21 * 1024 * 1024)),
}
TABLES = {key: NOTHING[key] for key in ("empty", "HTML in disguise", "a path")} | {
    "PDF": ("a.xlsx", PDF),
    "cut XLSX": ("a.xlsx", packed(types="", xl__workbook="")[:-30]),
    "no workbook": ("a.xlsx", packed(types="", xl__workbook="")),
    "XLSX that swells": ("a.xlsx", swollen(packed(types="", xl__workbook=""), 4_000_000_000)),
    "XLSX with an endless list": ("a.xlsx", crowded(60_000)),
    "NUL": ("a.csv", b"slug,title_it\n,a\0b"),
    "too large": ("a.csv", b"slug\n" + bytes(6 * 1024 * 1024)),
}


def sent_as(named, ending):
    """As a browser sends it, under its own name even where Django would not let us say so."""
    name, content = named
    upload = SimpleUploadedFile("x", content, content_type="application/octet-stream")
    upload._name = name.replace("{}", ending)
    return upload
