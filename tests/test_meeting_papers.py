"""The documents of a meeting: who opens which, all at once, and guests by the link of a letter."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from post_office.models import Email

from documents.models import Audience
from journal.signed_links import sign
from meetings.invitations import written_for
from meetings.letters import send_invitation
from meetings.papers import plain
from tests import make

pytestmark = pytest.mark.django_db


def archive(response):
    """What is in the archive, by name."""
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    content = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert content.testzip() is None
    return {name: content.read(name) for name in content.namelist()}


def papers_at(meeting):
    return f"/en/meetings/{meeting.slug}/documents.zip"


def token_of(invitation):
    return sign("meeting", invitation.user, invitation, written_for(invitation))


def one_for_each(meeting):
    """A document for each audience, named after it."""
    return {
        audience: make.document(
            owner=meeting, audience=audience, title_it=audience, title_en=audience
        )
        for audience in Audience.values
    }


# Those invited


@pytest.mark.parametrize("of", ["meeting", "item"])
def test_what_is_for_those_invited_opens_to_them_alone(
    client, as_user, fabriano_delegate, parma_delegate, observer, coordinator, settings, of
):
    settings.COORDINATORS_NEED_MFA = False
    meeting = make.meeting()
    make.invitation(meeting=meeting, user=fabriano_delegate)
    waiting = make.delegate(city=make.city())
    make.invitation(meeting=meeting, user=waiting, sent=False)
    gone = make.delegate(city=make.city())
    make.invitation(meeting=meeting, user=gone, withdrawn_at=timezone.now())
    owner = meeting if of == "meeting" else make.agenda_item(meeting=meeting)
    address = make.document(owner=owner, audience="participants").get_absolute_url()
    assert client.get(address)["Location"] == f"/it/accounts/login/?next={address}"
    answers = {
        fabriano_delegate: 200, coordinator: 200,
        parma_delegate: 404, observer: 404, waiting: 404, gone: 404, make.user(): 404,
    }  # fmt: skip
    assert {each: as_user(each).get(address).status_code for each in answers} == answers


def test_an_invited_observer_opens_it_too(as_user, observer):
    meeting = make.meeting()
    make.invitation(meeting=meeting, user=observer, role="observer")
    document = make.document(owner=meeting, audience="participants")
    assert as_user(observer).get(document.get_absolute_url()).status_code == 200


def test_a_guest_with_an_account_and_no_role_opens_what_they_are_invited_to(as_user):
    meeting = make.meeting(is_public=False)
    guest = make.invitation(meeting=meeting, user=make.user(), role="guest")
    papers = one_for_each(meeting)
    reader = as_user(guest.user)
    assert "Your answer" in reader.get(f"/en/meetings/{meeting.slug}/").text
    assert reader.get("/en/desk/").status_code == 200
    opened = {each: reader.get(papers[each].get_absolute_url()).status_code for each in papers}
    assert opened == {"public": 200, "participants": 200, "delegates": 404, "coordinators": 404}
    assert as_user(make.user()).get(meeting.get_absolute_url()).status_code == 404


def test_the_link_of_a_letter_leads_through_the_login_to_the_file(client, fabriano_delegate):
    meeting = make.meeting()
    make.invitation(meeting=meeting, user=fabriano_delegate)
    document = make.document(owner=meeting, audience="participants")
    login = client.get(document.get_absolute_url())["Location"]
    sent = {"login": fabriano_delegate.email, "password": make.PASSWORD}
    after = client.post(login, sent)
    assert after["Location"] == document.get_absolute_url()
    file = client.get(after["Location"])
    assert b"".join(file.streaming_content) == b"%PDF-1.7 test"


# The documents of an item


def test_they_stand_at_their_item_and_only_for_those_who_may_open_them(client):
    meeting = make.meeting()
    item = make.agenda_item(meeting=meeting)
    shown = make.document(owner=item, title_en="Budget")
    make.document(owner=item, title_en="Confidential", audience="delegates")
    text = client.get(f"/en/meetings/{meeting.slug}/").text
    start = text.index(f'id="item-{item.pk}"')
    assert f"/en/documents/{shown.pk}/" in text[start : text.index("</section>", start)]
    assert "Confidential" not in text


# All at once


def test_the_archive_holds_what_the_reader_may_open(
    client, as_user, fabriano_delegate, parma_delegate, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    meeting = make.meeting()
    make.invitation(meeting=meeting, user=fabriano_delegate)
    one_for_each(meeting)
    seen = {
        None: {"public"},
        parma_delegate: {"public", "delegates"},
        fabriano_delegate: {"public", "delegates", "participants"},
        coordinator: set(Audience.values),
    }
    for person, audiences in seen.items():
        browser = as_user(person) if person else client
        found = archive(browser.get(papers_at(meeting)))
        assert set(found) == {f"{audience}.pdf" for audience in audiences}


def test_folders_are_items_and_names_are_titles_that_every_system_can_write(client):
    meeting = make.meeting(slug="plenaria")
    main = make.agenda_item(meeting=meeting, position=1, title_en="Budget: 2027?")
    sub = make.agenda_item(meeting=meeting, position=2, is_sub=True, title_en="Città & perché")
    for owner, title in [(meeting, "Agenda"), (main, "Costs"), (main, "costs"), (sub, "È così/no")]:
        make.document(owner=owner, title_en=title, content=f"%PDF-1.7 {title}".encode())
    response = client.get(papers_at(meeting))
    assert response["Content-Disposition"] == 'attachment; filename="plenaria.zip"'
    assert archive(response) == {
        "Agenda.pdf": b"%PDF-1.7 Agenda",
        "1 Budget 2027/Costs.pdf": b"%PDF-1.7 Costs",
        "1 Budget 2027/costs (2).pdf": b"%PDF-1.7 costs",
        "1.1 Città & perché/È così no.pdf": "%PDF-1.7 È così/no".encode(),
    }


def test_names_beyond_ascii_are_marked_as_such_so_that_windows_reads_them(client):
    meeting = make.meeting()
    make.document(owner=meeting, title_en="Perché no", name="a.pdf")
    content = b"".join(client.get(papers_at(meeting)).streaming_content)
    (info,) = zipfile.ZipFile(io.BytesIO(content)).infolist()
    assert info.flag_bits & 0x800  # APPNOTE.TXT, 4.4.4: bit 11


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc passwd"), ("CON", "_CON"), ("nul.txt", "_nul.txt"),
        ("fine. ", "fine"), ('a<b>:"c"|d?*', "a b c d"), ("\u202efdp.exe", "fdp.exe"),
        ("Citta\u0300", "Città"), ("...", "_"), ("x" * 200, "x" * 80), ("a\x00b\nc", "ab c"),
    ],
)  # fmt: skip
def test_names_lose_what_no_system_or_only_some_can_write(title, name):
    assert plain(title) == name


def test_what_the_disk_has_lost_is_told_in_a_note_inside(client):
    meeting = make.meeting()
    make.document(owner=meeting, title_en="Here")
    lost = make.document(owner=meeting, title_en="Gone")
    lost.file.storage.delete(lost.file.name)
    found = archive(client.get(papers_at(meeting)))
    assert set(found) == {"Here.pdf", "Missing files.txt"}
    assert found["Missing files.txt"].decode() == "These files are missing:\r\nGone.pdf\r\n"


def test_it_is_made_while_it_is_sent(client):
    meeting = make.meeting()
    for _each in range(3):
        make.document(owner=meeting, content=b"%PDF-1.7" + b"x" * 300_000)
    pieces = [len(piece) for piece in client.get(papers_at(meeting)).streaming_content]
    assert max(pieces) <= 70_000
    assert sum(pieces) > 900_000


@pytest.mark.parametrize("fields", [{}, {"is_public": False}, {"status": "draft"}])
def test_a_visitor_with_nothing_to_open_is_sent_to_log_in(client, fields):
    meeting = make.meeting(**fields)
    make.document(owner=meeting, audience="public" if fields else "delegates")
    address = papers_at(meeting)
    assert client.get(address)["Location"] == f"/en/accounts/login/?next={address}"


def test_somebody_inside_with_nothing_to_open_finds_nothing(as_user, fabriano_delegate):
    meeting = make.meeting()
    make.document(owner=meeting, audience="coordinators")
    assert as_user(fabriano_delegate).get(papers_at(meeting)).status_code == 404
    assert as_user(fabriano_delegate).get("/en/meetings/none/documents.zip").status_code == 404


def test_the_page_offers_it_where_there_are_several(client):
    meeting = make.meeting()
    make.document(owner=meeting)
    make.document(owner=meeting, audience="delegates")
    page = f"/en/meetings/{meeting.slug}/"
    assert papers_at(meeting) not in client.get(page).text
    make.document(owner=make.agenda_item(meeting=meeting))
    assert papers_at(meeting) in client.get(page).text


def test_its_questions_do_not_grow(client, django_assert_max_num_queries):
    meeting, counts = make.meeting(), []
    for _each in range(2):
        for _more in range(2):
            make.document(owner=make.agenda_item(meeting=meeting))
        with django_assert_max_num_queries(4) as asked:
            archive(client.get(papers_at(meeting)))
        counts.append(len(asked))
    assert counts[0] == counts[1]


# Guests


@pytest.fixture
def guest(db):
    """A guest of an internal meeting, without an account."""
    return make.invitation(meeting=make.meeting(is_public=False))


def test_a_guest_opens_what_is_public_and_for_those_invited_and_nothing_else(client, guest):
    papers = one_for_each(guest.meeting)
    token = token_of(guest)
    for audience, document in papers.items():
        answer = client.get(f"/en/meetings/answer/{token}/documents/{document.pk}/")
        assert answer.status_code == (200 if audience in ("public", "participants") else 404)
    found = archive(client.get(f"/en/meetings/answer/{token}/documents.zip"))
    assert set(found) == {"public.pdf", "participants.pdf"}


def test_a_guest_finds_them_on_the_page_of_the_letter(client, guest):
    item = make.agenda_item(meeting=guest.meeting)
    document = make.document(owner=item, audience="participants")
    make.document(owner=guest.meeting)
    token = token_of(guest)
    text = client.get(f"/en/meetings/answer/{token}/").text
    assert f'href="/en/meetings/answer/{token}/documents/{document.pk}/"' in text
    assert f'href="/en/meetings/answer/{token}/documents.zip"' in text


def test_a_guest_opens_no_document_of_another_meeting(client, guest):
    other = make.document(owner=make.meeting())
    address = f"/en/meetings/answer/{token_of(guest)}/documents/{other.pk}/"
    assert client.get(address).status_code == 404


def test_whoever_has_an_account_is_led_to_the_door(client, fabriano_delegate):
    invitation = make.invitation(meeting=make.meeting(), user=fabriano_delegate)
    document = make.document(owner=invitation.meeting, audience="participants")
    token = token_of(invitation)
    answer = client.get(f"/en/meetings/answer/{token}/documents/{document.pk}/")
    assert answer["Location"] == f"/en/documents/{document.pk}/"
    everything = client.get(f"/en/meetings/answer/{token}/documents.zip")
    assert everything["Location"] == papers_at(invitation.meeting)


def test_a_link_that_was_taken_back_or_forged_opens_nothing(client, guest):
    document = make.document(owner=guest.meeting)
    token = token_of(guest)
    guest.withdrawn_at = timezone.now()
    guest.save()
    for each in (token, "forged"):
        one = client.get(f"/en/meetings/answer/{each}/documents/{document.pk}/")
        everything = client.get(f"/en/meetings/answer/{each}/documents.zip")
        assert (one.status_code, everything.status_code) == (410, 410)


def test_when_the_meeting_is_over_the_link_is_too(client):
    guest = make.invitation(meeting=make.meeting(starts_at=timezone.now() - timedelta(days=2)))
    document = make.document(owner=guest.meeting)
    address = f"/en/meetings/answer/{token_of(guest)}/documents/{document.pk}/"
    assert client.get(address).status_code == 410


def test_letters_lead_guests_to_the_files_themselves_and_others_to_the_door(
    client, fabriano_delegate, coordinator
):
    meeting = make.meeting(is_public=False)
    guest = make.invitation(meeting=meeting, sent=False, language="en")
    make.invitation(meeting=meeting, user=fabriano_delegate, sent=False, role="focal_point")
    paper = make.document(owner=meeting, audience="participants", title_it="Bilancio")
    door = f"http://testserver{paper.get_absolute_url()}"
    make.document(owner=meeting, audience="delegates", title_it="Interno")
    for invitation in meeting.invitations.all():
        send_invitation(invitation, by=coordinator)
    to_guest = Email.objects.get(to=guest.email).message
    (link,) = re.findall(r"http://testserver(/\S+/documents/\S+)", to_guest)
    assert b"".join(client.get(link).streaming_content) == b"%PDF-1.7 test"
    assert "Interno" not in to_guest
    to_delegate = Email.objects.get(to=fabriano_delegate.email).message
    assert door in to_delegate
    assert ("Interno" in to_delegate, "Bilancio" in to_delegate) == (True, True)
