"""Coordinators prepare a meeting on one page of the admin: agenda, documents, verbs."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from documents.models import Document
from journal.models import Event
from meetings.models import AgendaItem, Meeting
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
LIST = "/admin/meetings/meeting/"
ADD = f"{LIST}add/"
PAPERS = "documents-document-content_type-object_id"


@pytest.fixture
def office(as_user, coordinator, settings):
    """A browser at the coordinator's desk, who needs no second factor here."""
    settings.COORDINATORS_NEED_MFA = False
    return as_user(coordinator)


def change(meeting):
    return f"{LIST}{meeting.pk}/change/"


def inline(prefix, rows, initial=0):
    """An inline's rows as its form sends them."""
    numbers = {"TOTAL_FORMS": len(rows), "INITIAL_FORMS": initial, "MIN_NUM_FORMS": 0}
    data = {f"{prefix}-{name}": number for name, number in numbers.items()}
    for index, row in enumerate(rows):
        data |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return data


def filled(*, agenda=(), documents=(), photos=(), initial=None, **fields):
    """The whole form, with what every meeting needs."""
    initial = initial or {}
    return {
        "title_it": "Assemblea di primavera",
        "title_en": "Spring assembly",
        "kind": "plenary",
        "track": "technical",
        "mode": "in_person",
        "starts_at_0": "01/07/2026",
        "starts_at_1": "10:00",
        "ends_at_0": "01/07/2026",
        "ends_at_1": "13:00",
        "precision": "time",
        "reminders": "10,3",
        "remind_coming": "1",
        "is_public": "on",
        **fields,
        **inline("agenda", agenda, initial.get("agenda", 0)),
        **inline(PAPERS, documents, initial.get("documents", 0)),
        **inline("photos", photos),
    }


def item(title, *, position="", minutes=15, **fields):
    names = {"title_it": title, "title_en": "", "kind": "discussion", "presenter": ""}
    return {**names, "position": position, "minutes": minutes, **fields}


def paper(upload, *, audience="delegates"):
    return {"title_it": "Ordine del giorno", "title_en": "", "file": upload, "audience": audience}


def errors_beside(response, name):
    """The messages that the page shows beside a field of the meeting."""
    return response.context["adminform"].form.errors.get(name, [])


# Creating


def test_a_meeting_is_created_with_its_agenda_and_documents(office, coordinator, fabriano):
    data = filled(
        host=fabriano.pk,
        agenda=[item("Saluti", minutes=20), item("Programma", minutes=40)],
        documents=[paper(make.pdf_upload(), audience="public")],
    )

    response = office.post(ADD, data)

    meeting = Meeting.objects.get()
    assert response["Location"] == change(meeting)
    assert (meeting.slug, meeting.status) == ("assemblea-di-primavera", "draft")
    assert meeting.host == fabriano
    assert meeting.starts_at == datetime(2026, 7, 1, 10, tzinfo=ROME)
    agenda = [(each.position, each.title_it) for each in meeting.agenda.all()]
    assert agenda == [(1, "Saluti"), (2, "Programma")]
    document = meeting.documents.get()
    assert (document.audience, document.uploaded_by) == ("public", coordinator)
    event = Event.objects.get()
    assert (event.verb, event.actor, event.target) == ("create", coordinator, meeting)


def test_two_meetings_of_one_title_have_two_addresses_that_stay(office):
    for _each in range(2):
        office.post(ADD, filled())
    first, second = Meeting.objects.order_by("pk")
    assert (first.slug, second.slug) == ("assemblea-di-primavera", "assemblea-di-primavera-2")

    office.post(change(first), filled(title_it="Un altro titolo"))

    first.refresh_from_db()
    assert (first.title_it, first.slug) == ("Un altro titolo", "assemblea-di-primavera")
    assert first.history.first().history_user == Event.objects.first().actor


def test_the_end_before_the_beginning_is_refused_beside_the_field(office, coordinator):
    coordinator.language = "en"
    coordinator.save()
    response = office.post(ADD, filled(starts_at_0="2026-07-01", ends_at_0="2026-06-30"))
    assert errors_beside(response, "ends_at") == ["The end cannot come before the beginning."]
    assert not Meeting.objects.exists()


def test_without_an_hour_only_the_day_is_known(office):
    office.post(ADD, filled(starts_at_1="", ends_at_0="", ends_at_1=""))
    meeting = Meeting.objects.get()
    assert meeting.precision == "day"
    assert meeting.starts_at == datetime(2026, 7, 1, 0, tzinfo=ROME)
    assert meeting.ends_at is None


def test_a_meeting_needs_an_italian_title_and_a_day(office):
    response = office.post(ADD, filled(title_it="", starts_at_0="", starts_at_1=""))
    assert errors_beside(response, "title_it")
    assert errors_beside(response, "starts_at")


def test_the_text_is_stored_clean(office):
    office.post(ADD, filled(text_it="<p>Ecco<script>alert(1)</script></p>"))
    assert Meeting.objects.get().text_it == "<p>Ecco</p>"


# Agenda


def test_the_numbers_give_the_order_and_the_minutes_the_hours(office):
    meeting = make.meeting(starts_at=datetime(2026, 7, 1, 10, tzinfo=ROME))
    make.agenda_item(meeting=meeting, position=2, title_it="Secondo", minutes=30)
    make.agenda_item(meeting=meeting, position=1, title_it="Primo", minutes=20)
    formset = office.get(change(meeting)).context["inline_admin_formsets"][0]
    shown = [
        (line.original.title_it, readonly(line)[0].contents()) for line in formset if line.original
    ]
    assert shown == [("Primo", "1 · 10:00"), ("Secondo", "2 · 10:20")]


def readonly(line):
    return [field for fieldset in line for row in fieldset for field in row if field.is_readonly]


def test_a_new_item_without_a_number_comes_last_and_others_move_by_number(office):
    meeting = make.meeting()
    first = make.agenda_item(meeting=meeting, position=1)
    second = make.agenda_item(meeting=meeting, position=2)
    rows = [
        item("Primo", id=first.pk, meeting=meeting.pk, position=3),
        item("Secondo", id=second.pk, meeting=meeting.pk, position=2),
        item("Nuovo", id="", meeting=meeting.pk),
    ]
    office.post(change(meeting), filled(agenda=rows, initial={"agenda": 2}))
    order = [(each.position, each.title_it) for each in meeting.agenda.all()]
    assert order == [(2, "Secondo"), (3, "Primo"), (4, "Nuovo")]


def test_an_item_can_be_taken_out(office):
    meeting = make.meeting()
    old = make.agenda_item(meeting=meeting)
    row = item("Via", id=old.pk, meeting=meeting.pk, position=1, DELETE="on")
    office.post(change(meeting), filled(agenda=[row], initial={"agenda": 1}))
    assert not AgendaItem.objects.exists()


# Documents


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("a.pdf", b"<html>"),
        ("a.docx", b"%PDF-1.7"),
        ("a.pdf", b""),
    ],
)
def test_a_file_that_may_not_come_in_is_refused_beside_its_field(office, name, content):
    data = filled(documents=[paper(make.pdf_upload(name=name, content=content))])
    response = office.post(ADD, data)
    errors = response.context["inline_admin_formsets"][1].formset.errors
    assert list(errors[0]) == ["file"]
    assert not Document.objects.exists()
    assert not Meeting.objects.exists()


def test_a_stored_file_is_reached_through_the_door(office):
    meeting = make.meeting()
    document = make.document(owner=meeting, audience="coordinators")
    text = office.get(change(meeting)).text
    assert f'<a href="{document.get_absolute_url()}">PDF, ' in text
    assert "/media/" not in text


def test_a_file_can_be_replaced_and_its_audience_changed(
    office, django_capture_on_commit_callbacks
):
    meeting = make.meeting()
    document = make.document(owner=meeting, audience="delegates")
    old = document.file.name
    upload = make.pdf_upload(content=b"%PDF-1.7 corrected %%EOF")
    row = {**paper(upload, audience="public"), "id": document.pk}
    with django_capture_on_commit_callbacks(execute=True):
        office.post(change(meeting), filled(documents=[row], initial={"documents": 1}))
    document.refresh_from_db()
    assert document.audience == "public"
    assert document.file.read() == b"%PDF-1.7 corrected %%EOF"
    assert document.file.name != old
    assert document.versions.get().file.name == old
    assert document.file.storage.exists(old)


def test_a_document_that_is_taken_out_leaves_the_disk_too(
    office, django_capture_on_commit_callbacks
):
    meeting = make.meeting()
    document = make.document(owner=meeting)
    row = {**paper(""), "id": document.pk, "DELETE": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        office.post(change(meeting), filled(documents=[row], initial={"documents": 1}))
    assert not Document.objects.exists()
    assert not document.file.storage.exists(document.file.name)


# Verbs


def test_the_page_offers_the_verbs_that_are_possible_now(office):
    meeting = make.meeting(status="draft")
    text = office.get(change(meeting)).text
    assert f'href="{LIST}{meeting.pk}/invite/" class="verb verb--primary"' in text
    assert f"{LIST}{meeting.pk}/verb/cancel/" in text
    assert f"{LIST}{meeting.pk}/verb/hold/" not in text


@pytest.mark.parametrize(
    ("status", "verb", "page"),
    [
        ("draft", "convene", "invite"),
        ("held", "circulate", "amendments"),
        ("circulated", "approve", "amendments"),
    ],
)
def test_some_verbs_are_used_on_a_page_of_their_own_alone(office, status, verb, page):
    meeting = make.meeting(status=status)
    address = f"{LIST}{meeting.pk}/verb/{verb}/"
    for answer in (office.get(address), office.post(address)):
        assert answer["Location"] == f"{LIST}{meeting.pk}/{page}/"
    assert f'<option value="{verb}">' not in office.get(LIST).text
    assert Meeting.objects.get().status == status


def test_several_are_marked_as_held_from_the_list(office):
    meetings = [make.meeting(), make.meeting(), make.meeting(status="draft")]
    ticked = {"action": "hold", "_selected_action": [meeting.pk for meeting in meetings]}
    assert Meeting.objects.filter(status="held").count() == 0
    office.post(LIST, ticked)
    office.post(LIST, {**ticked, "confirmed": "yes"})
    assert sorted(Meeting.objects.values_list("status", flat=True)) == ["draft", "held", "held"]


def test_the_status_is_not_a_field_of_the_form(office):
    meeting = make.meeting(status="draft")
    office.post(change(meeting), filled(status="held"))
    assert Meeting.objects.get().status == "draft"


# Finding, and who may


def test_the_list_finds_and_filters_and_counts(office, fabriano):
    meeting = make.meeting(title_it="Assemblea", host=fabriano, status="draft")
    make.meeting(title_it="Altro")
    for _each in range(2):
        make.agenda_item(meeting=meeting)
        make.document(owner=meeting)
    make.decision(meeting=meeting)
    for query in ("q=Assemblea", "q=fabriano", "status__exact=draft"):
        found = office.get(f"{LIST}?{query}").context["cl"].result_list
        assert list(found) == [meeting]
    row = found[0]
    assert (row.agenda_items, row.document_count, row.decision_count) == (2, 2, 1)


def test_a_delegate_finds_no_admin(as_user, fabriano_delegate):
    meeting = make.meeting()
    admin = as_user(fabriano_delegate)
    for address in (LIST, ADD, change(meeting), f"{LIST}{meeting.pk}/verb/cancel/"):
        response = admin.get(address, follow=True)
        assert response.status_code == 404


def test_a_visitor_is_sent_to_the_login(client):
    assert client.get(LIST)["Location"].startswith("/it/accounts/login/?next=")


def test_photographs_are_added_with_their_words(office):
    meeting = make.meeting(status="held")
    words = {"picture_alt_it": "La sala", "picture_licence": "cc-by-4.0", "picture_focus": "centre"}
    photo = {"picture": make.picture_upload(), "position": 1, **words}
    office.post(change(meeting), filled(photos=[photo]))
    assert [str(each) for each in meeting.photos.all()] == ["La sala"]
    assert "La sala" in office.get(meeting.get_absolute_url()).text


def test_an_older_version_comes_back_from_the_history(office):
    office.post(ADD, filled())
    meeting = Meeting.objects.get()
    office.post(change(meeting), filled(title_it="Titolo sbagliato"))
    assert office.get(f"{LIST}{meeting.pk}/history/").status_code == 200
    version = meeting.history.last()
    office.post(f"{LIST}{meeting.pk}/history/{version.history_id}/", filled())
    meeting.refresh_from_db()
    assert meeting.title_it == "Assemblea di primavera"


def test_taking_back_a_move_counts_as_a_move_and_moves_no_number_back(office):
    office.post(ADD, filled())
    meeting = Meeting.objects.get()
    version = meeting.history.last()
    Meeting.objects.update(status="convened", sequence=4, venue="Altrove")
    office.post(f"{LIST}{meeting.pk}/history/{version.history_id}/", filled())
    meeting.refresh_from_db()
    assert (meeting.venue, meeting.sequence, meeting.status) == ("", 5, "convened")


def test_a_meeting_made_by_mistake_goes_with_all_that_belongs_to_it(office, fabriano_delegate):
    office.post(ADD, filled(agenda=[item("Saluti")], documents=[paper(make.pdf_upload())]))
    meeting = Meeting.objects.get()
    office.post(f"{LIST}{meeting.pk}/delete/", {"post": "yes"})
    assert not Meeting.objects.exists()
    assert not Event.objects.exists()
    assert not Document.objects.exists()


def test_a_deleted_meeting_leaves_no_photograph_on_the_disk(
    office, django_capture_on_commit_callbacks
):
    meeting = make.meeting(status="held")
    row = {"picture": make.picture_upload(), "position": 1, "picture_focus": "centre"}
    office.post(change(meeting), filled(photos=[row]))
    photo = meeting.photos.get()
    folder = Path(photo.picture.path).parent
    assert list(folder.rglob("*.jpg"))
    with django_capture_on_commit_callbacks(execute=True):
        office.post(f"{LIST}{meeting.pk}/delete/", {"post": "yes"})
    assert not Meeting.objects.exists()
    assert [each for each in folder.rglob("*") if each.is_file()] == []
