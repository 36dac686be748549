"""Coordinators watch the answers come in, city by city."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def meeting():
    return make.meeting(mode="both")


@pytest.fixture
def desk(as_user, coordinator):
    coordinator.language = "en"
    coordinator.save()
    return as_user(coordinator)


def answers(meeting):
    return reverse("admin:meeting_answers", args=[meeting.pk])


def page(client, meeting, **headers):
    return client.get(answers(meeting), headers=headers)


def test_they_stand_city_by_city_with_notes_and_substitutes(desk, meeting, parma, fabriano):
    make.invitation(meeting=meeting, city=parma, name="Piero", answer="in_person", note="Treno")
    absent = make.invitation(meeting=meeting, city=fabriano, name="Fabia", answer="substitute")
    make.invitation(meeting=meeting, city=fabriano, name="Ada", stands_for=absent)
    make.invitation(meeting=meeting, name="Ugo")
    response = page(desk, meeting)
    groups = [
        (str(city), [each.person for each in people]) for city, people in response.context["groups"]
    ]
    assert groups == [("Fabriano", ["Ada", "Fabia"]), ("Parma", ["Piero"]), ("None", ["Ugo"])]
    assert "Treno" in response.text
    assert "instead of Fabia" in response.text


def test_they_are_counted_and_the_quorum_is_said(desk, meeting, parma, fabriano):
    make.invitation(meeting=meeting, city=parma, answer="in_person")
    make.invitation(meeting=meeting, city=fabriano, answer="remote")
    make.invitation(meeting=meeting, answer="cannot")
    make.invitation(meeting=meeting)
    response = page(desk, meeting)
    counts = {str(answer): number for answer, _label, number in response.context["counts"]}
    assert counts == {"in_person": 1, "remote": 1, "cannot": 1, "substitute": 0}
    assert "2 of 2 cities say they come; 2 are needed." in response.text


def test_who_is_silent_and_who_has_not_opened_the_letter(desk, meeting, parma):
    now = timezone.now()
    make.invitation(meeting=meeting, city=parma, answer="cannot", opened_at=now)
    opened = make.invitation(meeting=meeting, name="Ha aperto", opened_at=now - timedelta(days=1))
    closed = make.invitation(meeting=meeting, name="Non ha aperto")
    unsent = make.invitation(meeting=meeting, name="Senza lettera", sent=False)
    make.invitation(meeting=meeting, name="Tolta", withdrawn_at=now)
    context = page(desk, meeting).context
    assert {each.pk for each in context["silent"]} == {opened.pk, closed.pk}
    assert [each.pk for each in context["unopened"]] == [closed.pk]
    shown = {each.person for _city, people in context["groups"] for each in people}
    assert unsent.person in shown
    assert "Tolta" not in shown


def test_member_cities_from_which_nobody_is_invited_are_named(desk, meeting, parma, fabriano):
    make.invitation(meeting=meeting, city=parma)
    make.city(name="Napoli", member=False)
    assert page(desk, meeting).context["uninvited"] == [fabriano]
    meeting.kind = "cluster"
    meeting.save()
    assert page(desk, meeting).context["uninvited"] == []


def test_the_page_asks_for_its_answers_alone(desk, meeting, parma):
    make.invitation(meeting=meeting, city=parma, name="Piero")
    part = page(desk, meeting, **{"X-Fragment": "yes"}).text
    assert "Piero" in part
    assert "<html" not in part
    assert "data-live-news" in part


@pytest.mark.parametrize("who", ["fabriano_delegate", "observer"])
def test_nobody_else_sees_them(request, as_user, meeting, who):
    client = as_user(request.getfixturevalue(who))
    assert client.get(answers(meeting), follow=True).status_code == 404


def test_however_many_answer_the_questions_are_the_same(desk, meeting):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert page(desk, meeting).status_code == 200
        return len(queries)

    make.invitation(meeting=meeting, city=make.city())
    asked()
    one = asked()
    for _each in range(3):
        absent = make.invitation(meeting=meeting, city=make.city(), answer="substitute")
        make.invitation(meeting=meeting, city=absent.city, user=make.user(), stands_for=absent)
    assert asked() == one <= 12
