"""The minutes as a page and as a paper: who reads them when, and what stands in them."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from meetings.minutes_letters import token_for
from tests import make
from tests.test_queries_meetings import asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_a_second_factor(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def meeting(fabriano):
    """A plenary of last week whose minutes are with those who took part."""
    made = make.meeting(
        host=fabriano,
        status="circulated",
        starts_at=timezone.now() - timedelta(days=7),
        title_en="Autumn plenary",
        is_public=False,
    )
    make.minutes(meeting=made, comments_until=timezone.localdate() + timedelta(days=3))
    item = make.agenda_item(meeting=made, title_en="The call")
    make.section(item=item, text_en="<p>The call is <strong>read</strong>.</p><p>It is good.</p>")
    make.decision(meeting=made, item=item, text_en="The call is open.", year=2026, number=1)
    make.action(meeting=made, item=item, cities=[fabriano], title_en="Publish the call")
    return made


def page(client, meeting):
    return client.get(f"/en/meetings/{meeting.slug}/minutes/")


def set_status(meeting, status):
    type(meeting).objects.filter(pk=meeting.pk).update(status=status)


def test_it_tells_everything_in_order(as_user, meeting, parma_delegate, parma):
    make.invitation(meeting=meeting, user=parma_delegate, city=parma, attendance="present")
    answer = page(as_user(parma_delegate), meeting)
    html = answer.text
    places = [
        html.index(each)
        for each in [
            "Autumn plenary</h1>",
            "Those present</h2>",
            'scope="row">Piero',
            "Agenda and minutes</h2>",
            "The call</span></h3>",
            "The call is <strong>read</strong>.",
            "Decision 2026/1",
            "The call is open.",
            "Publish the call",
        ]
    ]
    assert places == sorted(places)
    assert 'name="robots" content="noindex"' in html


READERS = """
              held  circulated  closed
visitor       login login       login
delegate      404   200         200
invited       404   200         200
observer      404   404         200
invited_observer 404 404        200
former        404   404         404
coordinator   200   200         200
"""


@pytest.mark.parametrize("line", READERS.strip().splitlines()[1:])
def test_each_reads_it_when_it_is_theirs(line, client, meeting, request, fabriano):
    who, *expected = line.split()
    people = {
        "delegate": lambda: request.getfixturevalue("parma_delegate"),
        "invited": lambda: invited(meeting, role="guest"),
        "observer": lambda: request.getfixturevalue("observer"),
        "invited_observer": lambda: invited(meeting, role="observer"),
        "former": lambda: make.delegate(city=fabriano, ends_on=timezone.localdate() - timedelta(1)),
        "coordinator": lambda: request.getfixturevalue("coordinator"),
    }
    if who in people:
        client.force_login(people[who]())
    found = []
    for status in ("held", "circulated", "closed"):
        set_status(meeting, status)
        for address in ("minutes/", "minutes.pdf"):
            answer = client.get(f"/en/meetings/{meeting.slug}/{address}")
            sent = answer.status_code == 302 and "/login/" in answer["Location"]
            found.append("login" if sent else str(answer.status_code))
    assert found == [each for each in expected for _door in range(2)]


def invited(meeting, **fields):
    """A person with an account who acts for no city."""
    person = make.user()
    make.invitation(meeting=meeting, user=person, **fields)
    return person


def test_coordinators_see_before_that_it_is_a_preview(as_user, coordinator, meeting):
    set_status(meeting, "held")
    assert "A preview: these minutes have not been circulated yet." in (
        page(as_user(coordinator), meeting).text
    )


def test_a_guest_reads_it_by_the_link_of_the_letter(client, meeting):
    guest = make.invitation(meeting=meeting, name="Lucia", email="lucia@example.org")
    token = token_for(guest)
    answer = client.get(f"/en/minutes/{token}/")
    assert answer.status_code == 200
    assert "The call is <strong>read</strong>." in answer.text
    paper = client.get(f"/en/minutes/{token}/pdf/")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "why", ["forged", "taken back", "account closed", "address", "observer", "held"]
)
def test_a_link_that_is_not_good_any_more_says_so(client, meeting, why):
    fields = {"withdrawn_at": timezone.now()} if why == "taken back" else {}
    fields |= {"role": "observer"} if why == "observer" else {}
    fields |= {"user": make.user(is_active=False)} if why == "account closed" else {}
    token = token_for(make.invitation(meeting=meeting, **fields))
    if why == "forged":
        token = f"{token}x"
    if why == "address":
        meeting.invitations.update(email="corrected@example.org")
    if why == "held":
        set_status(meeting, "held")
    for address in (f"/en/minutes/{token}/", f"/en/minutes/{token}/pdf/"):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "This link no longer works" in answer.text


def test_an_observer_without_an_account_reads_the_final_ones(client, meeting):
    observer = make.invitation(meeting=meeting, role="observer")
    set_status(meeting, "closed")
    address = f"/en/minutes/{token_for(observer)}/"
    assert client.get(address).status_code == 200


def test_visitors_read_nothing_of_it_on_the_page_of_the_meeting(client, meeting):
    type(meeting).objects.update(is_public=True, status="closed")
    answer = client.get(f"/en/meetings/{meeting.slug}/")
    assert "The call is <strong>read</strong>." not in answer.text
    assert "/minutes/" not in answer.text


def test_the_paper_says_the_same_in_the_readers_language(as_user, coordinator, meeting):
    client = as_user(coordinator)
    english = client.get(f"/en/meetings/{meeting.slug}/minutes.pdf")
    reader = PdfReader(io.BytesIO(english.content))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "The call is read." in text
    assert "Decision 2026/1" in text
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata["/Title"] == "Minutes: Autumn plenary"
    assert english["Content-Disposition"] == f'inline; filename="{meeting.slug}.pdf"'
    with translation.override("it"):
        italian = client.get(reverse("meeting_minutes_pdf", args=[meeting.slug]))
    reader = PdfReader(io.BytesIO(italian.content))
    assert reader.trailer["/Root"]["/Lang"] == "it"


def test_what_is_not_translated_says_that_it_is_italian(as_user, coordinator, meeting):
    item = make.agenda_item(meeting=meeting, position=2, title_it="Varie", title_en="")
    make.section(item=item, text_it="<p>Nulla.</p>", text_en="")
    html = page(as_user(coordinator), meeting).text
    assert '<span lang="it">Varie</span>' in html
    assert '<div class="prose" lang="it"><p>Nulla.</p></div>' in html


def test_what_people_typed_is_shown_escaped(as_user, coordinator, meeting):
    make.invitation(meeting=meeting, name="<script>alert(1)</script>", attendance="present")
    html = page(as_user(coordinator), meeting).text
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_it_asks_the_same_questions_however_long_it_is(as_user, meeting, parma_delegate):
    client = as_user(parma_delegate)
    make.invitation(meeting=meeting, user=parma_delegate, attendance="present")
    address = f"/en/meetings/{meeting.slug}/minutes/"
    one = asked(client, address)
    for position in range(2, 5):
        item = make.agenda_item(meeting=meeting, position=position)
        make.section(item=item)
        make.decision(meeting=meeting, item=item)
        make.action(meeting=meeting, item=item, cities=[make.city(), make.city()])
        make.invitation(meeting=meeting, city=make.city(), attendance="remote")
    assert asked(client, address) == one
    assert one <= 17  # one for each kind of thing; final ones are read at once


def test_final_ones_are_read_at_once(as_user, meeting, parma_delegate, coordinator):
    meeting.approve(by=coordinator)
    assert asked(as_user(parma_delegate), f"/en/meetings/{meeting.slug}/minutes/") <= 12
