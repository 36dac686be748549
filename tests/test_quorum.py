"""Quorum: counted in member cities of the day, by the share that the agreement in force asks."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from meetings.quorum import needed_of, quorum_of
from tests import make

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def cities():
    """Sixteen member cities, as there are."""
    return [make.city() for _each in range(16)]


@pytest.fixture
def meeting():
    return make.meeting(starts_at=DAY)


@pytest.mark.parametrize(
    ("members", "percent", "needed"),
    [
        (16, None, 9),
        (11, None, 6),
        (15, None, 8),
        (2, None, 2),
        (1, None, 1),
        (16, 50, 8),
        (11, 50, 6),
        (16, 51, 9),
        (16, 66, 11),
        (15, 60, 9),
        (16, 75, 12),
        (16, 1, 1),
        (16, 100, 16),
        (200, 29, 58),
    ],
)
def test_a_share_is_rounded_up_and_half_is_plus_one(members, percent, needed):
    assert needed_of(members, percent) == needed


def test_sixteen_cities_need_nine_where_no_agreement_says_otherwise(cities, meeting):
    quorum = quorum_of(meeting)
    assert (quorum.members, quorum.needed, quorum.coming, quorum.present) == (16, 9, 0, 0)
    assert not quorum.is_promised
    assert not quorum.is_reached


def test_the_agreement_of_the_day_says_how_many(cities, meeting):
    make.agreement(signed_on=date(2020, 10, 1), quorum_percent=75)
    make.agreement(signed_on=date(2026, 11, 21), quorum_percent=25)
    assert quorum_of(meeting).needed == 12
    make.agreement(signed_on=date(2026, 11, 20), quorum_percent=33)
    assert quorum_of(meeting).needed == 6


def test_an_agreement_without_a_share_asks_for_half_plus_one(cities, meeting):
    make.agreement(signed_on=date(2020, 10, 1), quorum_percent=75)
    make.agreement(signed_on=date(2024, 10, 1))
    assert quorum_of(meeting).needed == 9


def test_only_the_members_of_the_day_count(meeting):
    early, late = make.city(), make.city(member=False)
    make.designation(city=late, designated_on=date(2026, 11, 21))
    left = make.city(member=False)
    make.designation(city=left, designated_on=date(2015, 1, 1), ended_on=date(2026, 11, 20))
    candidate = make.city(member=False)
    for city in (early, late, left, candidate):
        make.invitation(meeting=meeting, city=city, answer="in_person", attendance="present")
    quorum = quorum_of(meeting)
    assert (quorum.members, quorum.needed, quorum.coming, quorum.present) == (1, 1, 1, 1)


def test_a_city_counts_once_however_many_come(cities, meeting):
    for _each in range(3):
        make.invitation(
            meeting=meeting, city=cities[0], answer="remote", attendance="remote", role="political"
        )
    make.invitation(meeting=meeting, city=cities[0], answer="cannot", attendance="absent")
    quorum = quorum_of(meeting)
    assert (quorum.coming, quorum.present) == (1, 1)


@pytest.mark.parametrize("role", ["observer", "guest", "coordinator"])
def test_observers_guests_and_coordinators_never_count(cities, meeting, role):
    make.invitation(
        meeting=meeting, city=cities[0], role=role, answer="in_person", attendance="present"
    )
    make.invitation(meeting=meeting, role=role, answer="in_person", attendance="present")
    quorum = quorum_of(meeting)
    assert (quorum.coming, quorum.present) == (0, 0)


def test_nine_of_sixteen_reach_it_and_eight_do_not(cities, meeting):
    for city in cities[:8]:
        make.invitation(meeting=meeting, city=city, answer="in_person", attendance="present")
    quorum = quorum_of(meeting)
    assert (quorum.is_promised, quorum.is_reached) == (False, False)
    make.invitation(meeting=meeting, city=cities[8], answer="remote", attendance="remote")
    quorum = quorum_of(meeting)
    assert (quorum.is_promised, quorum.is_reached) == (True, True)


def test_whoever_has_left_is_there_no_longer_but_was(cities, meeting):
    for city in cities[:9]:
        last = make.invitation(meeting=meeting, city=city, attendance="present")
    assert quorum_of(meeting).is_reached
    last.left_at = time(11, 30)
    last.save()
    quorum = quorum_of(meeting)
    assert (quorum.present, quorum.is_reached) == (8, False)
    assert (quorum.attended, quorum.was_reached) == (9, True)


def test_the_answers_of_those_taken_back_or_replaced_do_not_count(cities, meeting):
    make.invitation(meeting=meeting, city=cities[0], answer="in_person", withdrawn_at=DAY)
    replaced = make.invitation(meeting=meeting, city=cities[1], answer="substitute")
    assert quorum_of(meeting).coming == 0
    make.invitation(meeting=meeting, city=cities[1], stands_for=replaced, answer="in_person")
    assert quorum_of(meeting).coming == 1


def test_it_says_itself_in_one_sentence(cities, meeting):
    for city in cities[:11]:
        make.invitation(meeting=meeting, city=city, answer="in_person")
    make.invitation(meeting=meeting, city=cities[11], answer="cannot", attendance="present")
    quorum = quorum_of(meeting)
    with translation.override("en"):
        assert quorum.promise == "11 of 16 cities say they come; 9 are needed."
        assert quorum.presence == "1 of 16 cities is here; 9 are needed."


def test_a_meeting_to_which_not_every_city_is_called_needs_none(cities):
    meeting = make.meeting(starts_at=DAY, kind="cluster")
    make.invitation(meeting=meeting, city=cities[0], answer="in_person", attendance="present")
    quorum = quorum_of(meeting)
    with translation.override("en"):
        assert (quorum.promise, quorum.presence) == ("1 city says it comes.", "1 city is here.")


def test_it_takes_three_questions(cities, meeting, django_assert_num_queries):
    make.invitation(meeting=meeting, city=cities[0], answer="in_person")
    with django_assert_num_queries(3):
        quorum_of(meeting)


def test_the_share_is_edited_with_the_agreement(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    agreement = make.agreement()
    page = as_user(coordinator).get(f"/admin/programme/agreement/{agreement.pk}/change/")
    assert 'name="quorum_percent"' in page.text
