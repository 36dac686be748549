"""Documents: what may come in, who may take them out, and that there is one door."""

import io
import tracemalloc
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.files import MAX_BYTES, clean_document
from documents.models import Document
from tests import make
from tests.filling import step, typed

pytestmark = pytest.mark.django_db


# The door


@pytest.mark.parametrize("audience", ["public", "delegates", "coordinators"])
def test_each_audience_gets_its_documents_and_no_others(
    client, as_user, fabriano_delegate, observer, coordinator, settings, audience
):
    settings.COORDINATORS_NEED_MFA = False
    document = make.document(owner=make.meeting(), audience=audience)
    address = document.get_absolute_url()
    inside = 200 if audience != "coordinators" else 404
    assert client.get(address).status_code == (200 if audience == "public" else 302)
    assert as_user(fabriano_delegate).get(address).status_code == inside
    assert as_user(observer).get(address).status_code == inside
    assert as_user(coordinator).get(address).status_code == 200


def test_a_visitor_is_led_to_the_login_and_back_to_the_file(client):
    address = make.document(owner=make.meeting(), audience="delegates").get_absolute_url()
    assert client.get(address)["Location"] == f"/it/accounts/login/?next={address}"


def test_someone_whose_term_is_over_is_refused(as_user):
    address = make.document(owner=make.meeting(), audience="delegates").get_absolute_url()
    assert as_user(make.user()).get(address).status_code == 404


def test_what_coordinators_keep_among_themselves_is_in_no_form_of_the_cities(
    as_user, fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano)
    closed = {"owner": project, "audience": "coordinators"}
    theirs = make.document(title_it="Parere", uploaded_by=coordinator, **closed)
    mine = make.document(title_it="Bilancio", uploaded_by=fabriano_delegate, **closed)
    client, address = as_user(fabriano_delegate), step(project, "documents")
    page = client.get(address)
    assert "Parere" not in page.content.decode()
    sent = typed(page, **{"documents-0-title_it": "Conti"})
    assert sent["documents-0-id"] == str(mine.pk)
    client.post(address, sent)
    client.post(
        address, {**sent, "documents-0-id": str(theirs.pk), "documents-0-audience": "public"}
    )
    told = set(project.documents.values_list("title_it", "audience"))
    assert told == {("Parere", "coordinators"), ("Conti", "coordinators")}


@pytest.mark.parametrize("hidden", [{"status": "draft"}, {"is_public": False}])
def test_a_public_document_of_a_hidden_meeting_stays_hidden(client, hidden):
    document = make.document(owner=make.meeting(**hidden), audience="public")
    assert client.get(document.get_absolute_url()).status_code == 302


def test_even_delegates_get_no_document_of_a_draft(as_user, fabriano_delegate):
    document = make.document(owner=make.meeting(status="draft"), audience="public")
    assert as_user(fabriano_delegate).get(document.get_absolute_url()).status_code == 404


def test_documents_of_a_draft_project_are_for_its_city(
    as_user, fabriano, fabriano_delegate, parma_delegate
):
    document = make.document(owner=make.project(lead=fabriano), audience="public")
    assert as_user(parma_delegate).get(document.get_absolute_url()).status_code == 404
    assert as_user(fabriano_delegate).get(document.get_absolute_url()).status_code == 200


def test_a_document_that_does_not_exist_is_like_one_that_is_refused(as_user, fabriano_delegate):
    address = "/it/documenti/00000000-0000-4000-8000-000000000000/"
    assert as_user(fabriano_delegate).get(address).status_code == 404


def test_a_file_that_the_disk_has_lost_is_not_found(client):
    document = make.document(owner=make.meeting())
    document.file.storage.delete(document.file.name)
    assert client.get(document.get_absolute_url()).status_code == 404


def test_it_leaves_as_a_download_under_its_title_and_can_run_nothing(client):
    document = make.document(
        owner=make.meeting(), name="Scan 0815.PDF", title_it="Verbale: città & futuro"
    )
    response = client.get(document.get_absolute_url())
    assert b"".join(response.streaming_content) == b"%PDF-1.7 test"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="verbale-citta-futuro.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


def test_the_web_server_may_hand_it_out_instead(client, settings):
    settings.X_ACCEL_PREFIX = "/private/"
    document = make.document(owner=make.meeting())
    response = client.get(document.get_absolute_url())
    assert response["X-Accel-Redirect"] == f"/private/documents/{document.pk}.pdf"
    assert response["Content-Disposition"] == 'attachment; filename="ordine-del-giorno.pdf"'
    assert response.content == b""


def test_the_web_server_is_not_asked_for_what_is_refused(client, settings):
    settings.X_ACCEL_PREFIX = "/private/"
    document = make.document(owner=make.meeting(), audience="delegates")
    assert "X-Accel-Redirect" not in client.get(document.get_absolute_url())


def test_nothing_of_the_senders_file_name_reaches_the_disk():
    document = make.document(owner=make.meeting(), name="../../Bilancio riservato.PDF")
    assert document.file.name == f"documents/{document.pk}.pdf"


# What may come in


def packed(*names, **contents):
    """A ZIP archive with these empty files, and others with contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "")
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


WORD = packed("[Content_Types].xml", "word/document.xml")
SHEET = packed("[Content_Types].xml", "xl/workbook.xml")
SLIDES = packed("[Content_Types].xml", "ppt/presentation.xml")
ODT = packed(mimetype="application/vnd.oasis.opendocument.text")
ODS = packed(mimetype="application/vnd.oasis.opendocument.spreadsheet")
PNG = make.picture_upload(format="PNG").read()
JPEG = make.picture_upload().read()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7 %%EOF"), ("A.PDF", b"%PDF-1.4\n%%EOF\n"), ("a.docx", WORD),
        ("a.xlsx", SHEET), ("a.pptx", SLIDES), ("a.odt", ODT), ("a.ods", ODS), ("a.png", PNG),
        ("a.jpg", JPEG), ("a.jpeg", JPEG), ("a.zip", packed("a.txt")),
    ],
)  # fmt: skip
def test_what_is_what_it_says_comes_in(name, content):
    upload = SimpleUploadedFile(name, content)
    clean_document(upload)
    assert upload.read() == content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.svg", SVG, "cannot be kept"), ("a.html", b"<p>", "cannot be kept"),
        ("a.exe", b"MZ", "cannot be kept"), ("a", b"%PDF-", "cannot be kept"),
        ("a.pdf.js", b"%PDF-", "cannot be kept"), ("a.pdf", b"", "empty"),
        ("a.pdf", b"<html><script>", "not a real PDF"), ("a.png", SVG, "not a real PNG"),
        ("a.jpg", PNG, "not a real JPG"), ("a.docx", SHEET, "not a real DOCX"),
        ("a.docx", b"%PDF-1.7", "not a real DOCX"), ("a.docx", WORD[:60], "not a real DOCX"),
        ("a.xlsx", packed("xl/workbook.xml"), "not a real XLSX"), ("a.odt", ODS, "not a real ODT"),
        ("a.ods", packed("content.xml"), "not a real ODS"), ("a.zip", b"PK\x03\x04", "not a real"),
    ],
)  # fmt: skip
def test_what_is_not_what_it_says_is_refused_in_words(name, content, code, translated_to_english):
    with pytest.raises(ValidationError) as refused:
        clean_document(SimpleUploadedFile(name, content))
    assert code in refused.value.messages[0]


@pytest.mark.parametrize("broken", [b"\x00", b"\xff\xff\xff\x7f"], ids=["text", "places"])
def test_a_damaged_archive_breaks_nothing_wherever_it_is_damaged(broken):
    whole = squeezed(mimetype="application/vnd.oasis.opendocument.text" * 9)
    for place in range(len(whole)):
        damaged = whole[:place] + broken + whole[place + len(broken) :]
        with pytest.raises(ValidationError):  # and nothing else: nine times the type is none
            clean_document(SimpleUploadedFile("a.odt", damaged))


def test_an_archive_that_swells_is_refused_without_unpacking_it():
    bomb = squeezed(mimetype=b"\0" * 60_000_000)
    tracemalloc.start()
    with pytest.raises(ValidationError):
        clean_document(SimpleUploadedFile("a.odt", bomb))
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def squeezed(**contents):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_too_large_a_file_is_refused_with_its_size(translated_to_english):
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.7")
    upload.size = MAX_BYTES + 5 * 1024**2
    with pytest.raises(ValidationError) as refused:
        clean_document(upload)
    assert refused.value.messages == ["This file has 25 MB; at most 20 MB are possible."]


@pytest.fixture
def translated_to_english():
    from django.utils import translation

    with translation.override("en"):
        yield


# The list in the admin


def test_coordinators_find_every_document_and_change_none(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    meeting = make.meeting(title_it="Assemblea")
    document = make.document(owner=meeting, title_it="Ordine")
    admin = as_user(coordinator)
    text = admin.get("/admin/documents/document/?q=Ordine").text
    assert f'<a href="{document.get_absolute_url()}">PDF, ' in text
    assert f'<a href="{meeting.get_absolute_url()}">Assemblea</a>' in text
    assert admin.get("/admin/documents/document/add/").status_code == 403
    admin.post(f"/admin/documents/document/{document.pk}/delete/", {"post": "yes"})
    assert Document.objects.filter(pk=document.pk).exists()
