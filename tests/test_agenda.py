"""The agenda: order, sub-items, hours; what the portal puts on it by itself."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from meetings.agenda import duration, overrun, put_in, put_in_order
from meetings.carrying import carry_over, minutes_to_approve_at, open_actions_for, put_on_agenda
from meetings.models import AgendaItem, Meeting
from tests import make

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
JULY = datetime(2026, 7, 1, 10, tzinfo=ROME)
EARLIER = JULY - timedelta(days=90)


@pytest.fixture
def meeting():
    return make.meeting(status="draft", starts_at=JULY, hours=3)


def places(meeting):
    items = put_in_order(meeting, meeting.agenda.all())
    return [
        (item.place.number, f"{item.place.starts_at.astimezone(ROME):%H:%M}", item.title_it)
        for item in items
    ]


def titles(meeting):
    return [item.title_it for item in meeting.agenda.all()]


# Order and hours


def test_sub_items_are_numbered_under_the_item_above_and_hours_run_on(meeting):
    for position, (title, is_sub) in enumerate(
        [
            ("Saluti", False),
            ("Programma", False),
            ("Torino", True),
            ("Parma", True),
            ("Fine", False),
        ],
        start=1,
    ):
        make.agenda_item(meeting=meeting, position=position, title_it=title, is_sub=is_sub)
    assert places(meeting) == [
        ("1", "10:00", "Saluti"),
        ("2", "10:15", "Programma"),
        ("2.1", "10:30", "Torino"),
        ("2.2", "10:45", "Parma"),
        ("3", "11:00", "Fine"),
    ]


def test_what_has_nothing_above_it_is_no_sub_item(meeting):
    make.agenda_item(meeting=meeting, is_sub=True, title_it="Primo")
    assert places(meeting) == [("1", "10:00", "Primo")]


def test_hours_run_through_the_change_of_the_clock():
    night = make.meeting(starts_at=datetime(2026, 10, 25, 1, 30, tzinfo=ROME), hours=5)
    for position in (1, 2, 3):
        make.agenda_item(meeting=night, position=position, minutes=60)
    assert [hour for _number, hour, _title in places(night)] == ["01:30", "02:30", "02:30"]


def test_an_agenda_longer_than_its_meeting_is_known_by_how_much(meeting):
    assert overrun(meeting, 180) == 0
    assert overrun(meeting, 200) == 20
    for unknown in ({"ends_at": None}, {"precision": "day"}):
        assert overrun(Meeting(**{"starts_at": JULY, "ends_at": JULY, **unknown}), 200) == 0


@pytest.mark.parametrize(
    ("minutes", "words"), [(45, "45 min"), (60, "1 h"), (150, "2 h 30 min"), (1500, "25 h")]
)
def test_durations_are_said_as_people_do(minutes, words):
    assert duration(minutes) == words


@pytest.mark.parametrize(
    ("place", "order"),
    [(1, ["C", "A", "B"]), (2, ["A", "C", "B"]), (3, ["A", "B", "C"]), (None, ["A", "B", "C"])],
)
def test_an_item_goes_into_its_place_and_the_others_move_down(meeting, place, order):
    make.agenda_item(meeting=meeting, position=3, title_it="A")
    make.agenda_item(meeting=meeting, position=7, title_it="B")
    put_in(AgendaItem(meeting=meeting, title_it="C"), place)
    assert titles(meeting) == order
    assert [item.position for item in meeting.agenda.all()] == [1, 2, 3]


# Open actions of earlier meetings


def earlier(**fields):
    return make.meeting(**{"status": "closed", "starts_at": EARLIER, **fields})


def test_open_actions_are_item_one_by_themselves_the_most_urgent_first(meeting, parma):
    before = earlier()
    late = make.action(meeting=before, cities=[parma], due_on=date(2026, 9, 1))
    soon = make.action(
        meeting=before, cities=[parma], due_on=date(2026, 6, 1), status="in_progress"
    )
    make.action(meeting=before, cities=[parma], status="done")
    make.action(meeting=before, cities=[parma], status="dropped")
    make.agenda_item(meeting=meeting, title_it="Saluti")

    (item,) = put_on_agenda(meeting)

    assert list(open_actions_for(meeting)) == [soon, late]
    assert (item.position, item.lists_actions) == (1, True)
    assert (item.title_it, item.title_en) == ("Azioni aperte", "Open actions")
    assert titles(meeting)[1] == "Saluti"


def test_actions_of_later_meetings_or_of_minutes_nobody_has_read_are_not_carried(meeting, parma):
    make.action(meeting=earlier(status="held"), cities=[parma])
    make.action(meeting=earlier(starts_at=JULY + timedelta(days=9)), cities=[parma])
    assert put_on_agenda(meeting) == []
    assert not meeting.agenda.exists()


def test_what_a_coordinator_takes_off_does_not_come_back(meeting, parma):
    before = earlier()
    make.action(meeting=before, cities=[parma])
    put_on_agenda(meeting)
    meeting.agenda.all().delete()
    make.action(meeting=before, cities=[parma])
    assert put_on_agenda(Meeting.objects.get(pk=meeting.pk)) == []
    assert not meeting.agenda.exists()


def test_it_is_put_there_once(meeting, parma):
    make.action(meeting=earlier(), cities=[parma])
    put_on_agenda(meeting)
    assert put_on_agenda(meeting) == []
    assert meeting.agenda.count() == 1


def test_a_cluster_looks_at_its_cities_and_a_group_at_its_own(parma, fabriano):
    group = make.group()
    of_parma = make.action(meeting=earlier(), cities=[parma])
    of_group = make.action(meeting=earlier(group=group, kind="working_group"), cities=[fabriano])
    cluster = make.meeting(kind="cluster", starts_at=JULY)
    cluster.fields.add(make.field(slug="gastronomy"))
    gathering = make.meeting(kind="working_group", group=group, starts_at=JULY)
    bilateral = make.meeting(kind="bilateral", host=fabriano, starts_at=JULY)
    assert list(open_actions_for(cluster)) == [of_parma]
    assert list(open_actions_for(gathering)) == [of_group]
    assert list(open_actions_for(bilateral)) == [of_group]
    make.invitation(meeting=bilateral, city=parma)
    assert set(open_actions_for(bilateral)) == {of_parma, of_group}


# Minutes to approve


def to_approve(**fields):
    before = earlier(**{"status": "circulated", "title_en": "Spring plenary", **fields})
    make.minutes(meeting=before)
    return before


def test_minutes_are_approved_at_the_next_meeting_of_their_kind(meeting):
    before = to_approve()
    to_approve(kind="unesco")
    make.minutes(meeting=earlier(status="circulated"), approval="silence")

    (item,) = put_on_agenda(meeting)

    assert (item.minutes_of, item.kind, item.lists_actions) == (before, "decision", False)
    assert item.title_en == "Approval of the minutes of Spring plenary, 2 April 2026"
    assert item.title_it.startswith("Approvazione del verbale di ")


def test_minutes_stand_on_one_agenda_until_that_meeting_is_called_off(meeting):
    before = to_approve()
    put_on_agenda(meeting)
    second = make.meeting(starts_at=JULY + timedelta(days=30), status="draft")
    assert list(minutes_to_approve_at(second)) == []
    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled")
    assert list(minutes_to_approve_at(second)) == [before]


def test_a_title_longer_than_an_item_is_cut_and_not_refused(meeting):
    to_approve(title_it="A" * 200, title_en="B" * 200)
    (item,) = put_on_agenda(meeting)
    assert len(item.title_it) == 200


def test_circulated_minutes_go_on_the_agendas_that_are_being_prepared(meeting, parma):
    convened = make.meeting(starts_at=JULY + timedelta(days=1))
    before = to_approve()
    make.action(meeting=before, cities=[parma])
    carry_over(before)
    found = [(item.lists_actions, item.minutes_of) for item in meeting.agenda.all()]
    assert found == [(True, None), (False, before)]
    assert not convened.agenda.exists()


# An item's documents


@pytest.fixture
def office(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    coordinator.language = "en"
    coordinator.save()
    return as_user(coordinator)


def test_documents_of_an_item_are_kept_on_its_page_and_counted_on_its_line(office, meeting):
    item = make.agenda_item(meeting=meeting, title_it="Bilancio")
    make.document(owner=item)
    line = office.get(f"/admin/meetings/meeting/{meeting.pk}/change/").text
    page = f"/admin/meetings/agendaitem/{item.pk}/change/"
    assert f'<a href="{page}">documents (1)</a>' in line
    assert office.get(page).status_code == 200
    prefix = "documents-document-content_type-object_id"
    data = {
        "title_it": "Bilancio", "title_en": "Budget", "kind": "decision", "minutes": 30,
        f"{prefix}-TOTAL_FORMS": 2, f"{prefix}-INITIAL_FORMS": 1,
        f"{prefix}-0-id": item.documents.get().pk, f"{prefix}-0-title_it": "Ordine",
        f"{prefix}-0-audience": "participants",
        f"{prefix}-1-title_it": "Tabella", f"{prefix}-1-audience": "delegates",
        f"{prefix}-1-file": make.pdf_upload(),
    }  # fmt: skip
    answer = office.post(page, data)
    assert answer["Location"] == f"/admin/meetings/meeting/{meeting.pk}/change/#agenda-group"
    item.refresh_from_db()
    assert (item.title_en, item.minutes) == ("Budget", 30)
    found = sorted(item.documents.values_list("title_it", "audience"))
    assert found == [("Ordine", "participants"), ("Tabella", "delegates")]


def test_the_documents_of_an_item_are_seen_by_whom_the_meeting_is(as_user, parma_delegate, client):
    draft = make.agenda_item(meeting=make.meeting(status="draft"))
    open_item = make.agenda_item(meeting=make.meeting())
    hidden, seen = (make.document(owner=each) for each in (draft, open_item))
    assert client.get(seen.get_absolute_url()).status_code == 200
    assert as_user(parma_delegate).get(hidden.get_absolute_url()).status_code == 404


def test_the_page_of_an_item_is_for_coordinators(as_user, parma_delegate, office, meeting):
    page = f"/admin/meetings/agendaitem/{make.agenda_item(meeting=meeting).pk}/change/"
    assert office.get("/admin/meetings/agendaitem/")["Location"] == "/admin/meetings/meeting/"
    assert as_user(parma_delegate).get(page, follow=True).status_code == 404


def test_once_the_minutes_are_with_others_the_agenda_stands(office):
    meeting = make.meeting(status="circulated", starts_at=JULY)
    item = make.agenda_item(meeting=meeting, title_it="Bilancio")
    with time_machine.travel(JULY):
        text = office.get(f"/admin/meetings/meeting/{meeting.pk}/change/").text
        page = office.get(f"/admin/meetings/agendaitem/{item.pk}/change/").text
    assert 'name="agenda-0-title_it"' not in text
    assert 'name="title_it"' not in page
    assert "Bilancio" in page
