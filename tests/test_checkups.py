"""Twice a year the people of each city are asked whether its page is still right."""

import re
from datetime import date

import pytest
import time_machine
from django.utils import timezone
from post_office.models import Email

from cities.checkups import ask_cities, last_due
from cities.models import Checkup, City
from journal.models import Event
from tests import make

pytestmark = pytest.mark.django_db

FIRST_OF_MARCH = "2027-03-01 09:00+01:00"


@pytest.fixture(autouse=True)
def clock():
    """The tests begin on the first day of March."""
    with time_machine.travel(FIRST_OF_MARCH, tick=False) as traveller:
        yield traveller


@pytest.fixture
def colleague(fabriano):
    return make.delegate(
        city=fabriano, email="english@example.org", first_name="Emma", last_name="Bianchi",
        language="en",
    )  # fmt: skip


def letters():
    """What is in the outbox after the cities have been asked, by whom it goes to."""
    ask_cities()
    return {letter.to[0]: letter for letter in Email.objects.all()}


def link_in(letter):
    return re.search(r"http://testserver(\S+)", letter.message)[1]


def link_for(person):
    return link_in(letters()[person.email])


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2027, 3, 1), date(2027, 3, 1)),
        (date(2027, 8, 31), date(2027, 3, 1)),
        (date(2027, 9, 1), date(2027, 9, 1)),
        (date(2027, 2, 28), date(2026, 9, 1)),
    ],
)
def test_cities_are_asked_in_march_and_in_september(today, due):
    assert last_due(today) == due


def test_each_person_of_a_city_gets_one_letter_in_their_language(
    fabriano, fabriano_delegate, colleague
):
    make.delegate(city=fabriano, ends_on=date(2026, 12, 31))
    make.delegate(city=fabriano, is_active=False)
    sent = letters()
    assert set(sent) == {fabriano_delegate.email, colleague.email}
    english = sent[colleague.email]
    assert english.subject == "Is the page of Fabriano still right?"
    assert link_in(english).startswith("/en/cities/checkup/")
    assert link_in(english) != link_in(sent[fabriano_delegate.email])
    assert link_in(english) in english.html_message


def test_a_city_is_asked_once_for_each_term(clock, fabriano_delegate):
    assert ask_cities() == 1
    assert ask_cities() == 0
    clock.move_to("2027-03-15 09:00+01:00")  # asked a second time below, as a reminder
    assert ask_cities() == 1
    clock.move_to("2027-09-01 09:00+02:00")
    assert ask_cities() == 1
    assert Checkup.objects.count() == 2


def test_a_day_on_which_the_portal_was_off_is_made_up_for(clock, fabriano_delegate):
    clock.move_to("2027-03-20 09:00+01:00")
    assert ask_cities() == 1
    assert Checkup.objects.get().asked_on == date(2027, 3, 20)


def test_a_portal_that_begins_in_winter_waits_for_the_next_term(clock, fabriano_delegate):
    clock.move_to("2027-11-22 09:00+01:00")
    assert ask_cities() == 0


def test_nobody_is_asked_at_night(clock, fabriano_delegate):
    clock.move_to("2027-03-01 03:00+01:00")
    assert ask_cities() == 0


def test_a_new_city_a_candidate_and_a_city_without_people_are_not_asked(parma):
    new = make.city(member=False)
    make.designation(city=new, designated_on=date(2027, 1, 15))
    make.delegate(city=new)
    make.delegate(city=make.city(member=False))
    assert ask_cities() == 0
    assert not Checkup.objects.exists()


def test_opening_the_link_shows_the_page_and_changes_nothing(
    client, fabriano, fabriano_delegate, colleague
):
    fabriano.summary_it, fabriano.summary_en = "La città della carta", "The town of paper"
    fabriano.official_website = "https://www.comune.fabriano.example/"
    fabriano.save()
    make.office(city=fabriano, name_it="Ufficio cultura", email="cultura@example.org")
    fabriano.facts.create(name_it="Abitanti", name_en="Inhabitants", value="28 976", year=2025)
    address = link_for(colleague)
    for _ in range(2):  # a mail scanner, then the person
        page = client.get(address)
        client.head(address)
    for told in (
        "La città della carta", "The town of paper", "Ufficio cultura", "cultura@example.org",
        "Inhabitants", "28 976", "2025", "https://www.comune.fabriano.example/", "Still right",
    ):  # fmt: skip
        assert told in page.text
    assert Checkup.objects.get().answered_on is None
    assert City.objects.get(pk=fabriano.pk).checked_on is None
    assert not Event.objects.exists()


def test_one_press_answers_for_the_city(client, clock, fabriano, fabriano_delegate, colleague):
    address = link_for(colleague)
    clock.move_to("2027-03-03 18:00+01:00")
    answer = client.post(address, follow=True)
    assert "Thank you, Emma" in answer.text
    checkup = Checkup.objects.get()
    assert (checkup.answered_on, checkup.answered_by) == (date(2027, 3, 3), colleague)
    assert City.objects.get(pk=fabriano.pk).checked_on == date(2027, 3, 3)
    event = Event.objects.about(fabriano).get()
    assert (event.verb, event.actor) == ("confirm", colleague)
    assert "Checked by the city on 3 March 2027" in client.get("/en/cities/fabriano/").text
    assert "sessionid" not in client.cookies


def test_the_link_works_once(client, clock, fabriano, fabriano_delegate):
    address = link_for(fabriano_delegate)
    client.post(address)
    clock.move_to("2027-04-01 10:00+02:00")
    answer = client.post(address, follow=True)
    assert answer.status_code == 200
    assert Event.objects.about(fabriano).count() == 1
    assert City.objects.get(pk=fabriano.pk).checked_on == date(2027, 3, 1)


def test_a_colleague_reads_who_has_answered_and_when(
    client, fabriano, fabriano_delegate, colleague
):
    sent = letters()
    client.post(link_in(sent[fabriano_delegate.email]))
    page = client.get(link_in(sent[colleague.email]))
    assert "Already answered" in page.text
    assert f"{fabriano_delegate} confirmed on 1 March 2027" in page.text


def test_a_link_ends_with_the_delegation_and_with_its_days(client, clock, fabriano_delegate):
    address = link_for(fabriano_delegate)
    clock.move_to("2027-09-25 09:00+02:00")
    assert client.get(address).status_code == 410
    clock.move_to("2027-03-02 09:00+01:00")
    assert client.get(address).status_code == 200
    fabriano_delegate.delegates.update(ends_on=date(2027, 3, 1))
    assert client.post(address).status_code == 410
    assert Checkup.objects.get().answered_on is None


def test_a_forged_link_says_where_to_turn(client):
    page = client.get("/en/cities/checkup/forged/")
    assert page.status_code == 410
    assert "This link no longer works" in page.text
    assert "/checkup/forged/" not in page.text.partition("</head>")[0]


def test_who_has_not_answered_is_reminded_once_after_two_weeks(
    clock, fabriano, parma, colleague, parma_delegate
):
    letters()
    parma.confirm(by=parma_delegate)
    Email.objects.all().delete()
    clock.move_to("2027-03-14 09:00+01:00")
    assert letters() == {}
    clock.move_to("2027-03-15 09:00+01:00")
    second = letters()
    assert set(second) == {colleague.email}
    assert second[colleague.email].subject == ("A reminder: is the page of Fabriano still right?")
    assert "on 1 March 2027 we asked" in second[colleague.email].message
    Email.objects.all().delete()
    clock.move_to("2027-03-29 09:00+02:00")
    assert letters() == {}


def test_a_city_that_does_not_answer_turns_amber_for_coordinators_alone(
    client, clock, fabriano, fabriano_delegate, parma_delegate, coordinator, observer, settings
):
    settings.COORDINATORS_NEED_MFA = False
    ask_cities()

    def sees_amber(person):
        client.logout()
        if person:
            client.force_login(person)
        return "has not answered" in client.get("/en/cities/fabriano/").text

    clock.move_to("2027-03-30 09:00+02:00")
    assert not sees_amber(coordinator)
    clock.move_to("2027-03-31 09:00+02:00")
    others = [None, parma_delegate, observer, fabriano_delegate]
    assert [sees_amber(person) for person in others] == [False] * 4
    assert sees_amber(coordinator)
    fabriano.confirm(by=fabriano_delegate)
    assert not sees_amber(coordinator)


def test_who_is_logged_in_answers_on_the_page_itself(as_user, fabriano, fabriano_delegate):
    ask_cities()
    client = as_user(fabriano_delegate)
    assert "/en/cities/fabriano/confirm/" in client.get("/en/cities/fabriano/").text
    page = client.post("/en/cities/fabriano/confirm/", follow=True)
    assert "Checked by the city on 1 March 2027" in page.text
    assert "/en/cities/fabriano/confirm/" not in page.text
    assert Checkup.objects.get().answered_by == fabriano_delegate


def test_nobody_answers_for_another_city(client, fabriano, parma_delegate, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    address = "/en/cities/fabriano/confirm/"
    assert "/login/" in client.post(address).url
    for person in (parma_delegate, coordinator):
        client.force_login(person)
        assert client.post(address).status_code == 404
    assert City.objects.get(pk=fabriano.pk).checked_on is None


def test_what_waits_for_the_cities_of_a_person(fabriano_delegate, parma_delegate, parma):
    ask_cities()
    parma.confirm(by=parma_delegate)
    assert [each.city.slug for each in Checkup.objects.answerable_by(fabriano_delegate)] == [
        "fabriano"
    ]
    assert not Checkup.objects.answerable_by(parma_delegate).exists()
    assert Checkup.objects.filter(answered_on=timezone.localdate()).count() == 1
