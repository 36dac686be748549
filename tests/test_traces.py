"""Pictures handed in as documents leave behind where, when and by whom they were taken."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from documents.models import Document
from documents.traces import without_traces
from tests import make

SECRETS = [b"SecretCamera", b"43.33 N", b"Anna Rossi", b"preview of it"]


def photograph(kind, **how):
    """A picture as a phone makes it: turned, with place, camera, names and a second picture."""
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, "SecretCamera"
    exif.get_ifd(0x8825)[0x1D] = "43.33 N"
    image = Image.effect_noise((400, 300), 60).convert("RGB")
    about = {"exif": exif, "icc_profile": b"a profile", **how}
    if kind == "PNG":
        about["pnginfo"] = PngImagePlugin.PngInfo()
        about["pnginfo"].add_text("Author", "Anna Rossi")
        about["pnginfo"].add_itxt("Place", "43.33 N", zip=False)
    else:
        about |= {"comment": b"Anna Rossi", "xmp": b"<x>Anna Rossi</x>", "quality": 90}
    buffer = io.BytesIO()
    image.save(buffer, kind, **about)
    return buffer.getvalue() + b"\xff\xd8\xff\xe1preview of it\xff\xd9"


def opened(content):
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("a.jpg", {}), ("a.jpeg", {"progressive": True}), ("a.jpg", {"restart_marker_rows": 1}),
        ("a.png", {}),
    ],
)  # fmt: skip
def test_only_the_picture_stays_to_the_last_pixel(name, how):
    content = photograph("PNG" if name.endswith("png") else "JPEG", **how)
    assert all(secret in content for secret in SECRETS)
    kept = without_traces(io.BytesIO(content), name).read()
    assert [secret for secret in SECRETS if secret in kept] == []
    before, after = opened(content), opened(kept)
    assert after.tobytes() == before.tobytes()
    assert after.info["icc_profile"] == b"a profile"
    assert dict(after.getexif()) == ({0x0112: 6} if name != "a.png" else {})


def test_other_files_stay_as_they_are():
    file = io.BytesIO(b"%PDF-1.7 Anna Rossi %%EOF")
    assert without_traces(file, "a.pdf") is file


@pytest.mark.django_db
def test_whoever_stores_a_document_stores_it_so(fabriano):
    upload = SimpleUploadedFile("a.jpg", photograph("JPEG"))
    owner = make.project(lead=fabriano)
    document = Document.objects.create(owner=owner, title_it="Foto", file=upload)
    stored = Document.objects.get(pk=document.pk).file.read()
    assert [secret for secret in SECRETS if secret in stored] == []
    assert opened(stored).size == (400, 300)
