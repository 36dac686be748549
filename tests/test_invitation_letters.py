"""A city answers an invitation from its letter, without logging in; opening it decides nothing."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from cities.models import Delegate
from journal.models import Event
from journal.signed_links import sign
from projects.models import Project
from projects.partnerships import Partnership
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(fabriano):
    return make.project(
        lead=fabriano, status="submitted", title_it="Carta viva", title_en="Living paper"
    )


def letter_to(city, project, by, **words):
    """Invite the city, and the path of the link in the letter its people get."""
    Partnership.objects.invite(project, city, by=by, **words)
    letter = Email.objects.latest("pk")
    return re.search(r"http://testserver(/\S+)", letter.message)[1]


@pytest.fixture
def link(project, parma, parma_delegate, fabriano_delegate):
    return letter_to(parma, project, fabriano_delegate, message="Portate la cucina?")


def state():
    return Partnership.objects.values_list("status", "reason").get()


def answers():
    """What was answered, and by whom."""
    return [(each.verb, each.actor) for each in Event.objects.exclude(verb="invite")]


def test_the_letter_leads_to_a_page_with_the_essentials_and_two_buttons(client, link, project):
    response = client.get(link)
    page = response.content.decode()
    assert "Carta viva" in page
    assert project.summary_it in page
    assert "Portate la cucina?" in page
    assert page.count('name="answer"') == 2
    assert 'content="noindex"' in page
    assert link not in "".join(re.findall(r"<link[^>]*>", page))
    assert "no-store" in response.headers["Cache-Control"]


def test_opening_the_letter_changes_nothing(client, link):
    for _each in range(2):
        client.get(link)
        client.head(link)
    assert state() == ("invited", "")
    assert answers() == []


def test_one_button_takes_part_in_the_name_of_who_was_written_to(client, link, parma_delegate):
    response = client.post(link, {"answer": "accept"}, follow=True)
    assert response.redirect_chain == [(link, 302)]
    assert state() == ("accepted", "")
    assert answers() == [("accept", parma_delegate)]
    assert "/accounts/login/?next=/it/progetti/" in response.content.decode()
    assert 'name="answer"' not in response.content.decode()


def test_whoever_declines_says_why(client, link, parma_delegate):
    response = client.post(link, {"answer": "decline", "comment": " "})
    assert list(response.context["form"].errors) == ["comment"]
    assert state() == ("invited", "")
    response = client.post(link, {"answer": "decline", "comment": "Manca il tempo"}, follow=True)
    assert state() == ("declined", "Manca il tempo")
    assert answers() == [("decline", parma_delegate)]
    assert "Manca il tempo" in response.content.decode()


def test_the_button_asks_for_the_token_that_strangers_do_not_have(link):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(link, {"answer": "accept"}).status_code == 403
    assert state() == ("invited", "")


def test_whoever_comes_second_reads_how_it_stands_and_keeps_the_words(
    client, link, parma, parma_delegate
):
    colleague = make.delegate(city=parma)
    Partnership.objects.get().accept(by=colleague)
    response = client.post(link, {"answer": "decline", "comment": "Parole da non perdere"})
    assert state() == ("accepted", "")
    assert answers() == [("accept", colleague)]
    assert "Parole da non perdere" in response.content.decode()
    assert 'name="answer"' not in response.content.decode()


def test_a_letter_answers_for_sixty_days(client, link):
    with time_machine.travel(timezone.now() + timedelta(days=59), tick=False):
        assert client.get(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=61), tick=False):
        assert client.get(link).status_code == 410
        assert client.post(link, {"answer": "accept"}).status_code == 410
    assert state() == ("invited", "")


def test_who_no_longer_acts_for_the_city_answers_nothing(client, link, parma_delegate):
    Delegate.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert client.post(link, {"answer": "accept"}).status_code == 410
    assert state() == ("invited", "")


def test_who_has_left_the_network_answers_nothing(client, link, parma_delegate):
    parma_delegate.is_active = False
    parma_delegate.save()
    assert client.post(link, {"answer": "accept"}).status_code == 410
    assert state() == ("invited", "")


@pytest.mark.parametrize("token", ["x", "a:b:c"])
def test_a_forged_link_opens_nothing(client, link, token):
    address = link.rsplit("/", 2)[0] + f"/{token}/"
    assert client.post(address, {"answer": "accept"}).status_code == 410
    assert state() == ("invited", "")


def test_a_link_made_for_something_else_opens_nothing(client, link, parma_delegate):
    partnership = Partnership.objects.get()
    other = sign("checkup", parma_delegate, partnership, partnership.asked_at.isoformat())
    address = link.rsplit("/", 2)[0] + f"/{other}/"
    assert client.get(address).status_code == 410


def test_an_invitation_taken_back_is_closed_in_its_letter_and_a_new_one_has_its_own(
    client, link, project, parma, fabriano_delegate
):
    Partnership.objects.get().cancel(by=fabriano_delegate)
    assert 'name="answer"' not in client.get(link).content.decode()
    client.post(link, {"answer": "accept"})
    assert state() == ("refused", "")
    newer = letter_to(parma, project, fabriano_delegate, may_edit=True)
    client.post(link, {"answer": "accept"})  # the older letter promised something else
    assert state() == ("invited", "")
    client.post(newer, {"answer": "accept"})
    assert state() == ("accepted", "")


def test_a_letter_of_a_project_withdrawn_since_answers_nothing(client, link, fabriano_delegate):
    Project.objects.get().withdraw(by=fabriano_delegate)
    assert 'name="answer"' not in client.get(link).content.decode()
    client.post(link, {"answer": "accept"})
    assert state() == ("invited", "")


@time_machine.travel("2026-03-01 12:00+00:00", tick=False)
def test_each_reads_it_in_their_language_and_other_letters_lead_to_the_thing(
    client, project, parma, fabriano, fabriano_delegate
):
    english = make.delegate(city=parma, email="english@example.org", language="en")
    address = letter_to(parma, project, fabriano_delegate)
    assert address.startswith("/en/")
    letter = Email.objects.get()
    assert letter.to == [english.email]
    assert "without logging in, until 30 April 2026" in letter.message
    assert "Living paper" in client.get(address).content.decode()
    Partnership.objects.get().accept(by=english)
    letter = Email.objects.latest("pk")
    assert letter.to == [fabriano_delegate.email]
    assert f"http://testserver/it/progetti/{project.slug}/" in letter.message
