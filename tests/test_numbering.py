"""Decisions have numbers: 2026/4, per year, in the order of the agenda, without a gap."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections, transaction

from meetings.decisions import number_decisions
from meetings.models import Decision
from tests import make

pytestmark = pytest.mark.django_db


def held(**fields):
    fields.setdefault("starts_at", datetime(2026, 3, 5, 9, tzinfo=UTC))
    return make.meeting(status="held", **fields)


def references(meeting):
    return {decision.text_it: decision.reference for decision in meeting.decisions.all()}


def test_numbers_follow_the_agenda_and_under_an_item_the_order_of_writing():
    meeting = held()
    second = make.agenda_item(meeting=meeting, position=2)
    first = make.agenda_item(meeting=meeting, position=1)
    make.decision(meeting=meeting, text_it="senza punto")
    make.decision(meeting=meeting, text_it="due", item=second)
    make.decision(meeting=meeting, text_it="uno", item=first)
    make.decision(meeting=meeting, text_it="uno bis", item=first)
    number_decisions(meeting)
    assert references(meeting) == {
        "uno": "2026/1", "uno bis": "2026/2", "due": "2026/3", "senza punto": "2026/4",
    }  # fmt: skip


def test_a_meeting_goes_on_where_the_years_last_one_stopped():
    for _each in range(2):
        meeting = held()
        make.decision(meeting=meeting, text_it="questa")
        number_decisions(meeting)
    assert references(meeting) == {"questa": "2026/2"}


def test_each_year_begins_with_one():
    for year in (2025, 2026):
        meeting = held(starts_at=datetime(year, 6, 1, 9, tzinfo=UTC))
        make.decision(meeting=meeting, text_it="questa")
        number_decisions(meeting)
        assert references(meeting) == {"questa": f"{year}/1"}


def test_the_year_is_that_of_rome():
    meeting = held(starts_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    make.decision(meeting=meeting, text_it="a Capodanno")
    number_decisions(meeting)
    assert references(meeting) == {"a Capodanno": "2027/1"}


def test_one_added_afterwards_gets_the_next_and_no_number_ever_changes():
    meeting, other = held(), held()
    first = make.agenda_item(meeting=meeting, position=1)
    make.decision(meeting=meeting, text_it="prima", item=make.agenda_item(meeting=meeting))
    number_decisions(meeting)
    make.decision(meeting=other, text_it="altrove")
    number_decisions(other)
    make.decision(meeting=meeting, text_it="da un'osservazione", item=first)
    number_decisions(meeting)
    number_decisions(meeting)
    assert references(meeting) == {"prima": "2026/1", "da un'osservazione": "2026/3"}
    assert references(other) == {"altrove": "2026/2"}


@pytest.mark.parametrize("number", [(2026, None), (None, 1), (2026, 0)])
def test_a_number_has_its_year_and_begins_with_one(number):
    year, place = number
    with pytest.raises(IntegrityError), transaction.atomic():
        make.decision(meeting=held(), year=year, number=place)


def test_no_number_is_given_twice():
    make.decision(meeting=held(), year=2026, number=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.decision(meeting=held(), year=2026, number=4)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="in memory it has one connection")
def test_two_circulations_at_once_share_no_number_and_leave_no_gap():
    meetings = [held() for _each in range(4)]
    for meeting in meetings:
        for _each in range(3):
            make.decision(meeting=meeting)
    together = Barrier(len(meetings))

    def circulate(meeting):
        together.wait()
        try:
            number_decisions(meeting)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(meetings)) as pool:
        list(pool.map(circulate, meetings))
    numbers = Decision.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 13))
