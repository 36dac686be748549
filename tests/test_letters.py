"""Letters of reviews and invitations, at a real mail server, in the reader's language."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from projects.models import Project
from projects.partnerships import Partnership
from tests import make
from tests.test_mail import mailbox  # noqa: F401  a real mail server

pytestmark = pytest.mark.django_db(transaction=True)


def parts(letter):
    return [letter.get_body((kind,)).get_content() for kind in ("plain", "html")]


def subject(letter):
    """Where a long one is folded on its way, white space may have grown (RFC 5322, 2.2.3)."""
    return " ".join(letter["Subject"].split())


@pytest.fixture
def letters(mailbox, db):  # noqa: F811
    """Deliver what waits; answers {address: (subject, text, html)}."""

    def deliver():
        mailbox.letters.clear()
        call_command("deliver")
        return {to[0]: (subject(letter), *parts(letter)) for to, letter in mailbox.letters}

    return deliver


def test_a_review_with_remarks_arrives_in_both_languages(
    letters, settings, fabriano, fabriano_delegate, coordinator
):
    settings.COORDINATORS_NEED_MFA = False
    make.delegate(city=fabriano, email="english@example.org", language="en", first_name="Ann")
    project = make.project(
        lead=fabriano, status="submitted", title_it="Carta & colla", title_en="Paper & glue"
    )
    browser = Client()
    browser.force_login(coordinator)
    browser.post(
        reverse("project_review", args=[project.slug]),
        {"send_back": "yes", "comment": "Quasi", "remark-title_it": "Più <b>breve</b>"},
    )

    arrived = letters()
    assert set(arrived) == {"fabriano@example.org", "english@example.org"}
    subject, text, html = arrived["english@example.org"]
    assert "Paper & glue" in subject
    assert "Title, in Italian: “Più <b>breve</b>”" in text
    assert "Quasi" in text
    assert "Più &lt;b&gt;breve&lt;/b&gt;" in html
    assert f"http://testserver/en/projects/{project.slug}/" in text
    subject, text, html = arrived["fabriano@example.org"]
    assert "Carta & colla" in subject
    assert "Titolo, in italiano: “Più <b>breve</b>”" in text
    assert f"http://testserver/it/progetti/{project.slug}/" in text


def test_an_invitation_arrives_in_both_languages_with_its_words_and_a_way_to_answer(
    letters, fabriano, parma, fabriano_delegate, parma_delegate
):
    make.delegate(city=parma, email="english@example.org", language="en")
    project = make.project(lead=fabriano, title_it="Carta & colla", title_en="Paper & glue")
    Partnership.objects.invite(project, parma, by=fabriano_delegate, message="Venite con noi?")

    arrived = letters()
    assert set(arrived) == {"parma@example.org", "english@example.org"}
    for address, title in [
        ("parma@example.org", "Carta & colla"),
        ("english@example.org", "Paper & glue"),
    ]:
        subject, text, html = arrived[address]
        assert "Parma" in subject
        assert title in text
        assert "Venite con noi?" in text
        assert "Venite con noi?" in html
        link = re.search(r"http://testserver\S+", text)[0]
        assert f'href="{link}"' in html
        assert Client().get(link.removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        ("approve", "submitted"),
        ("archive", "published"),
        ("republish", "archived"),
        ("withdraw", "published"),
        ("reopen", "withdrawn"),
    ],
)
def test_every_decision_is_written_to_the_author_at_once(
    letters, fabriano, fabriano_delegate, coordinator, verb, status
):
    project = make.project(lead=fabriano, status=status, title_it="Carta & colla")
    getattr(Project.objects.get(), verb)(by=coordinator)
    subject, text, html = letters()[fabriano_delegate.email]
    assert "Carta & colla" in subject
    assert project.slug in text
    assert project.slug in html


def test_an_invitation_to_a_meeting_arrives_in_both_languages_with_its_calendar(
    mailbox,  # noqa: F811
    parma,
    parma_delegate,
    coordinator,
):
    meeting = make.meeting(status="draft", title_it="Assemblea già", title_en="Assembly")
    make.invitation(meeting=meeting, user=parma_delegate, city=parma, sent=False)
    guest = {"name": "Ann", "email": "ann@example.org", "language": "en"}
    make.invitation(meeting=meeting, sent=False, **guest)
    meeting.convene(by=coordinator)
    call_command("deliver")

    arrived = {to[0]: letter for to, letter in mailbox.letters}
    assert set(arrived) == {"parma@example.org", "ann@example.org"}
    for address, title in [("parma@example.org", "Assemblea già"), ("ann@example.org", "Assembly")]:
        letter = arrived[address]
        choices, attached = letter.iter_parts()
        kinds = [part.get_content_type() for part in choices.iter_parts()]
        assert kinds == ["text/plain", "text/html", "text/calendar"]
        *_others, calendar = choices.iter_parts()
        assert calendar["Content-Type"].params["method"] == "REQUEST"
        assert f"SUMMARY:{title}" in calendar.get_content()
        assert f"mailto:{address}" in calendar.get_content().replace("\r\n ", "").replace("\n ", "")
        assert attached.get_filename() == "invite.ics"
        assert title in subject(letter)
        assert all(title in part for part in parts(letter))
        assert all("?answer=in_person" in part for part in parts(letter))
