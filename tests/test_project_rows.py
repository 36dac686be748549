"""The rows of a card: partners outside, money, results, gallery, documents and links."""

import pytest
from django.utils import timezone

from documents.models import Document
from tests import make
from tests.filling import step, typed

pytestmark = pytest.mark.django_db


def test_rows_are_added_changed_and_removed(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    old = project.links.create(url="https://example.org/a")
    gone = project.links.create(url="https://example.org/b")
    client = as_user(fabriano_delegate)
    sent = typed(
        client.get(step(project, "documents")),
        **{
            "links-0-url": "https://example.org/c",
            "links-1-DELETE": "on",
            "links-2-url": "https://example.org/d",
            "links-2-label_it": "Nuovo",
        },
    )
    answer = client.post(step(project, "documents"), sent | {"go": "more"})
    assert answer.headers["Location"] == f"{step(project, 'documents')}#saved"
    links = list(project.links.values_list("pk", "url", "label_it"))
    assert links[0] == (old.pk, "https://example.org/c", None)
    assert links[1][1:] == ("https://example.org/d", "Nuovo")
    assert gone.pk not in [link[0] for link in links]


def test_every_kind_of_rows_can_be_told(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    rows = {
        "partners": {
            "external_partners-0-name": "Limoges",
            "external_partners-0-kind": "creative_city",
            "external_partners-0-country": "FR",
        },
        "money": {"fundings-0-programme": "Creative Europe", "fundings-0-amount": "20000"},
        "results": {"results-0-name_it": "Visitatori", "results-0-value": "1200"},
    }
    for key, values in rows.items():
        client.post(step(project, key), typed(client.get(step(project, key)), **values))
    assert project.external_partners.get().country.code == "FR"
    assert not project.fundings.get().is_public
    assert project.results.get().measured_on == timezone.localdate()


def test_a_row_that_is_wrong_keeps_what_was_typed(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    wrong = {"links-0-url": "niente indirizzo", "links-0-label_it": "Il museo"}
    page = client.post(
        step(project, "documents"), typed(client.get(step(project, "documents")), **wrong)
    )
    assert "niente indirizzo" in page.text
    assert "Il museo" in page.text
    assert list(page.context["form"].rows["links"].errors[0]) == ["url"]
    above = page.text.partition('role="alert"')[2].partition("</ul>")[0]
    assert '<li>Link 1, <a href="#id_links-0-url">Address</a>: Enter a valid URL.</li>' in above


def test_rows_that_are_there_are_folded_until_one_is_to_be_mended(
    as_user, fabriano, fabriano_delegate
):
    project = make.project(lead=fabriano)
    project.links.create(url="https://example.org/a", label_it="Il museo")
    client, address = as_user(fabriano_delegate), step(project, "documents")
    page = client.get(address)
    _before, folded = page.content.decode().split('<details class="folded"><summary>')
    assert folded.startswith("Il museo</summary>")
    wrong = client.post(address, typed(page, **{"links-0-url": "niente indirizzo"}))
    assert 'class="folded"' not in wrong.content.decode()


def test_pictures_of_the_gallery_keep_the_order_that_was_given(
    as_user, fabriano, fabriano_delegate
):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    for words in ["Primo", "Secondo"]:
        opened = client.get(step(project, "gallery"))
        place = len(opened.context["form"].rows["images"].forms) - 1
        row = {
            f"images-{place}-picture": make.picture_upload(),
            f"images-{place}-picture_alt_it": words,
        }
        client.post(step(project, "gallery"), typed(opened, **row))
    moved = typed(client.get(step(project, "gallery")), **{"images-1-position": "1"})
    client.post(step(project, "gallery"), moved)
    assert list(project.images.values_list("picture_alt_it", "position")) == [
        ("Secondo", 1),
        ("Primo", 2),
    ]


def test_a_picture_of_the_gallery_needs_words(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    sent = typed(
        client.get(step(project, "gallery")), **{"images-0-picture": make.picture_upload()}
    )
    page = client.post(step(project, "gallery"), sent)
    assert set(page.context["form"].rows["images"].errors[0]) == {"picture_alt_it", "picture"}
    assert not project.images.exists()


def test_documents_are_brought_replaced_and_thrown_away(
    as_user, fabriano, fabriano_delegate, django_capture_on_commit_callbacks
):
    project = make.project(lead=fabriano)
    client, address = as_user(fabriano_delegate), step(project, "documents")
    row = {"documents-0-title_it": "Programma", "documents-0-audience": "public"}
    client.post(
        address, typed(client.get(address), **row, **{"documents-0-file": make.pdf_upload()})
    )
    document = Document.objects.get()
    assert (document.owner, document.uploaded_by) == (project, fabriano_delegate)
    first = document.file.path
    with django_capture_on_commit_callbacks(execute=True):
        other = make.pdf_upload(content=b"%PDF-1.7 other %%EOF")
        client.post(address, typed(client.get(address), **{"documents-0-file": other}))
    document = Document.objects.get()
    assert (document.file.read(), document.title_it) == (b"%PDF-1.7 other %%EOF", "Programma")
    assert document.file.path != first
    (version,) = document.versions.all()
    assert (version.file.path, version.file.read()) == (first, b"%PDF-1.7\n%%EOF")
    bad = make.pdf_upload(content=b"<html>")
    page = client.post(address, typed(client.get(address), **{"documents-0-file": bad}))
    assert list(page.context["form"].rows["documents"].errors[0]) == ["file"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, typed(client.get(address), **{"documents-0-DELETE": "on"}))
    assert not Document.objects.exists()
    assert not document.file.storage.exists(document.file.name)
    assert not document.file.storage.exists(first)
