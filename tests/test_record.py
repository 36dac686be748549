"""The record: all that minutes say, as it is now, and as it was approved."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from meetings.models import Vote
from meetings.record import record_of, told
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def plenary(fabriano, parma):
    """A held plenary of 5 March 2026 at 10:00 in Rome, led by Como."""
    como = make.city(name="Como")
    make.mandate(city=como)
    return make.meeting(
        host=como,
        status="held",
        starts_at=datetime(2026, 3, 5, 9, tzinfo=UTC),
        title_it="Plenaria di marzo",
        title_en="March plenary",
        venue="Villa Olmo",
    )


def test_it_tells_when_and_where_and_on_whose_paper(plenary, settings):
    make.minutes(meeting=plenary, chair="Anna Bianchi", secretary="Carla Conti")
    settings.OWNER = {"name": "Coordinamento", "email": ""}
    record = record_of(plenary)
    assert record["title"] == {"text": "Plenaria di marzo", "lang": "it"}
    assert record["date"] == "2026-03-05"
    assert record["day"] == "5 marzo 2026"
    assert record["hours"] == "10:00 – 13:00"
    assert record["place"] == "Villa Olmo, Como"
    assert (record["chair"], record["secretary"]) == ("Anna Bianchi", "Carla Conti")
    assert record["letterhead"]["name"] == "Coordinamento"
    assert "Como" in record["letterhead"]["lead"]


def test_the_letterhead_is_that_of_the_city_that_led_on_that_day(plenary):
    make.mandate(city=make.city(name="Torino"), starts_on=date(2028, 1, 1), ends_on=None)
    plenary.starts_at = datetime(2028, 3, 5, 9, tzinfo=UTC)
    assert "Torino" in record_of(plenary)["letterhead"]["lead"]


def test_it_lists_who_took_part_for_which_city_and_how(plenary, fabriano, parma_delegate, parma):
    absent = make.invitation(meeting=plenary, user=parma_delegate, city=parma, attendance="absent")
    make.invitation(
        meeting=plenary,
        name="Lucia Neri",
        email="lucia@example.org",
        city=parma,
        role="focal_point",
        stands_for=absent,
        attendance="present",
        left_at=time(12, 30),
    )
    make.invitation(meeting=plenary, name="Non segnata", city=fabriano)
    with translation.override("en"):
        people = record_of(plenary)["attendance"]
    assert [(each["city"], each["name"], each["how"]) for each in people] == [
        ("Parma", str(parma_delegate), "Absent"),
        ("Parma", "Lucia Neri", "Present"),
    ]
    assert people[1]["left_at"] == "until 12:30"
    assert people[1]["instead_of"] == f"instead of {parma_delegate}"


def test_it_tells_items_with_their_decisions_and_actions(plenary, fabriano, parma):
    item = make.agenda_item(meeting=plenary, title_it="Bando", title_en="Call", kind="decision")
    sub = make.agenda_item(meeting=plenary, position=2, is_sub=True)
    make.section(item=item, text_it="<p>Se ne parla.</p>", text_en="")
    line = make.line(title_en="Economies")
    decision = make.decision(
        meeting=plenary, item=item, text_en="It is approved.", how="majority", line=line,
        year=2026, number=4,
    )  # fmt: skip
    Vote.objects.create(decision=decision, city=fabriano, choice="for")
    Vote.objects.create(decision=decision, city=parma, choice="against")
    action = make.action(meeting=plenary, item=item, cities=[fabriano, parma], line=line)
    loose = make.decision(meeting=plenary)
    with translation.override("en"):
        record = record_of(plenary)
    first, second = record["items"]
    assert (first["number"], second["number"], second["is_sub"]) == ("1", "1.1", True)
    assert first["title"] == {"text": "Call", "lang": "en"}
    assert first["text"]["lang"] == "it"
    assert first["text"]["blocks"][0]["runs"] == [{"text": "Se ne parla."}]
    told_decision = first["decisions"][0]
    assert told_decision["reference"] == "2026/4"
    assert told_decision["how"] == "By majority"
    assert told_decision["votes"] == [
        {"choice": "For", "cities": ["Fabriano"]},
        {"choice": "Against", "cities": ["Parma"]},
    ]
    assert told_decision["line"] == f"{line.number}. Economies"
    assert first["actions"][0]["pk"] == action.pk
    assert first["actions"][0]["cities"] == ["Fabriano", "Parma"]
    assert (second["pk"], second["decisions"]) == (sub.pk, [])
    assert [each["pk"] for each in record["decisions"]] == [loose.pk]


def test_the_quorum_counts_member_cities(plenary, fabriano, parma):
    make.invitation(meeting=plenary, city=fabriano, attendance="present")
    make.invitation(meeting=plenary, city=parma, attendance="remote")
    quorum = record_of(plenary)["quorum"]
    assert (quorum["members"], quorum["needed"], quorum["present"], quorum["reached"]) == (
        3, 2, 2, True,
    )  # fmt: skip


def test_once_approved_nothing_that_happens_later_changes_it(
    plenary, fabriano, parma, parma_delegate, coordinator
):
    make.minutes(meeting=plenary, chair="Anna Bianchi")
    item = make.agenda_item(meeting=plenary)
    section = make.section(item=item)
    decision = make.decision(meeting=plenary, item=item)
    action = make.action(meeting=plenary, item=item, cities=[fabriano])
    presence = make.invitation(
        meeting=plenary, user=parma_delegate, city=parma, attendance="present"
    )
    plenary.circulate(by=coordinator)
    plenary.approve(by=coordinator)
    plenary.refresh_from_db()
    before = {language: record_in(plenary, language) for language in ("it", "en")}
    assert before["it"]["attendance"][0]["name"] == str(parma_delegate)

    type(parma).objects.update(name_it="Altro nome", name_en="Another name")
    parma_delegate.first_name = "Altra"
    parma_delegate.closed_as = {"it": "ex delegata", "en": "former delegate"}
    parma_delegate.closed_at = plenary.starts_at
    parma_delegate.is_active = False
    parma_delegate.save()
    type(section).objects.update(text_it="<p>Tutt’altro.</p>")
    type(decision).objects.update(text_it="Il contrario", how="silent")
    type(action).objects.update(title_it="Niente")
    type(presence).objects.update(attendance="absent", left_at=time(11))
    type(item).objects.update(title_it="Altro punto", minutes=90)
    plenary.title_it = "Altro titolo"
    plenary.venue = "Altrove"
    plenary.save()
    make.agenda_item(meeting=plenary, position=9)
    type(plenary.minutes).objects.update(chair="Nessuno")

    fresh = type(plenary).objects.get(pk=plenary.pk)
    assert {language: record_in(fresh, language) for language in ("it", "en")} == before


def record_in(meeting, language):
    with translation.override(language):
        return told(meeting)
