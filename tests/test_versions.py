"""Files that were replaced stay, for those who may open the document; nothing else stays."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from documents.models import Audience, Document, throw_away_with
from meetings.models import Meeting
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db


def replaced(document, *, by, content=b"%PDF-1.7 second"):
    """Replace its file as forms do."""
    before = document.file
    document.replace(before, by=by)
    document.file = make.pdf_upload(content=content)
    document.save()
    return document.versions.first()


def test_each_version_says_when_it_came_and_by_whom(coordinator, fabriano_delegate):
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        document = make.document(owner=make.meeting(), uploaded_by=fabriano_delegate)
    first = document.file.name
    with time_machine.travel(datetime(2026, 3, 5, 12, tzinfo=UTC), tick=False):
        replaced(document, by=coordinator)
    with time_machine.travel(datetime(2026, 3, 9, 12, tzinfo=UTC), tick=False):
        replaced(document, by=coordinator, content=b"%PDF-1.7 third")
    document.refresh_from_db()
    told = [(each.uploaded_at.day, each.uploaded_by) for each in document.versions.all()]
    assert told == [(5, coordinator), (1, fabriano_delegate)]
    assert (document.uploaded_at.day, document.uploaded_by) == (9, coordinator)
    assert document.versions.last().file.name == first
    assert document.versions.last().file.read() == b"%PDF-1.7 test"
    assert document.file.read() == b"%PDF-1.7 third"


def test_it_leaves_through_the_door_with_its_day_in_its_name(client, coordinator):
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        document = make.document(owner=make.meeting(), title_it="Ordine del giorno")
    version = replaced(document, by=coordinator)
    response = client.get(version.get_absolute_url())
    assert b"".join(response.streaming_content) == b"%PDF-1.7 test"
    name = 'attachment; filename="ordine-del-giorno-2026-03-01.pdf"'
    assert response["Content-Disposition"] == name
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("audience", Audience.values)
def test_it_is_for_those_who_may_open_the_document(
    client, as_user, fabriano_delegate, parma_delegate, observer, coordinator, settings, audience
):
    settings.COORDINATORS_NEED_MFA = False
    meeting = make.meeting()
    make.invitation(meeting=meeting, user=fabriano_delegate)
    document = make.document(owner=meeting, audience=audience)
    address = replaced(document, by=coordinator).get_absolute_url()
    visitor = client.get(address)
    assert visitor.status_code == (200 if audience == "public" else 302)
    for person in (fabriano_delegate, parma_delegate, observer, coordinator):
        answers = [as_user(person).get(each).status_code for each in (
            address, document.get_absolute_url(),
        )]  # fmt: skip
        assert answers[0] == answers[1]


def test_a_visitor_is_led_to_the_login_and_back_to_the_version(client, coordinator):
    document = make.document(owner=make.meeting(), audience="delegates")
    address = replaced(document, by=coordinator).get_absolute_url()
    assert client.get(address)["Location"] == f"/it/accounts/login/?next={address}"


def test_a_version_is_found_only_with_its_own_document(client, coordinator):
    open_one = make.document(owner=make.meeting())
    closed = make.document(owner=make.meeting(), audience="coordinators")
    version = replaced(closed, by=coordinator)
    address = reverse("document_version", args=[open_one.pk, version.pk])
    assert client.get(address).status_code == 302


def test_the_page_lists_earlier_versions_without_saying_who(client, coordinator):
    meeting = make.meeting()
    document = make.document(owner=meeting)
    page = f"/en/meetings/{meeting.slug}/"
    assert "Earlier versions" not in client.get(page).text
    version = replaced(document, by=coordinator)
    text = client.get(page).text
    assert "Earlier versions" in text
    assert f"/{document.pk}/{version.pk}/" in text
    assert str(coordinator) not in text


def test_coordinators_see_who_brought_it_beside_the_field(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    meeting = make.meeting()
    document = make.document(owner=meeting, uploaded_by=coordinator)
    version = replaced(document, by=make.coordinator())
    text = as_user(coordinator).get(f"/admin/meetings/meeting/{meeting.pk}/change/").text
    start = text.index(f'href="{version.get_absolute_url()}"')
    assert str(coordinator) in text[start : start + 200]


def test_what_goes_leaves_no_file(django_capture_on_commit_callbacks, fabriano, coordinator):
    project, meeting = make.project(lead=fabriano), make.meeting()
    item = make.agenda_item(meeting=meeting)
    documents = [make.document(owner=each) for each in (project, meeting, item)]
    for document in documents:
        replaced(document, by=coordinator)
    files = [
        file for document in documents for file in (document.file, document.versions.get().file)
    ]
    for things in (Meeting.objects.all(), Project.objects.all()):
        with django_capture_on_commit_callbacks(execute=True):
            throw_away_with(things)
            things.delete()
    assert not Document.objects.exists()
    assert [file.name for file in files if file.storage.exists(file.name)] == []


def test_deleting_a_meeting_in_the_admin_takes_its_files_along(
    as_user, coordinator, settings, django_capture_on_commit_callbacks
):
    settings.COORDINATORS_NEED_MFA = False
    meeting = make.meeting(status="draft")
    document = make.document(owner=make.agenda_item(meeting=meeting))
    with django_capture_on_commit_callbacks(execute=True):
        address = f"/admin/meetings/meeting/{meeting.pk}/delete/"
        as_user(coordinator).post(address, {"post": "yes"})
    assert not Meeting.objects.exists()
    assert not document.file.storage.exists(document.file.name)


def test_deleting_projects_from_the_list_takes_their_files_along(
    as_user, fabriano, coordinator, settings, django_capture_on_commit_callbacks
):
    settings.COORDINATORS_NEED_MFA = False
    document = make.document(owner=make.project(lead=fabriano, status="published"))
    ticked = {"action": "delete_selected", "_selected_action": [document.object_id], "post": "yes"}
    with django_capture_on_commit_callbacks(execute=True):
        as_user(coordinator).post("/admin/projects/project/", ticked)
    assert not Project.objects.exists()
    assert not document.file.storage.exists(document.file.name)


def test_what_nobody_is_invited_to_has_no_document_for_those_invited():
    assert "participants" in dict(Audience.of(Meeting))
    assert "participants" not in dict(Audience.of(Project))
