"""The meetings in numbers: cities present, decisions and actions done, year by year."""

import csv
import re
from datetime import UTC, date, datetime

import pytest

from meetings.years import rows_for
from tests import make

pytestmark = pytest.mark.django_db
SPRING, AUTUMN = datetime(2025, 4, 10, 8, tzinfo=UTC), datetime(2025, 10, 9, 8, tzinfo=UTC)


def attend(meeting, city, how="present", **fields):
    return make.invitation(meeting=meeting, city=city, attendance=how, **fields)


def told(text, words):
    """The cells of the row with these words, without its head."""
    row = next(part for part in text.split("<tr>") if words in part)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", "", cell).split()) for cell in cells]


@pytest.fixture
def spring(fabriano, parma):
    """A plenary of two member cities, with decisions and actions, some of them public."""
    meeting = make.meeting(status="closed", starts_at=SPRING, host=parma, title_en="Spring")
    attend(meeting, fabriano)
    attend(meeting, fabriano, "remote")
    attend(meeting, parma, "absent")
    make.decision(meeting=meeting)
    make.decision(meeting=meeting, is_public=False)
    make.action(meeting=meeting, cities=[parma], is_public=True, status="done")
    make.action(meeting=meeting, cities=[parma], is_public=True)
    make.action(meeting=meeting, cities=[parma], status="done")
    return meeting


def test_visitors_count_what_is_public(client, spring):
    text = client.get("/en/meetings/years/").text
    assert told(text, "Spring") == ["10 April 2025", "Parma", "1 of 2", "1", "1 of 2"]


def test_those_inside_count_everything(as_user, fabriano_delegate, spring):
    (row,) = rows_for(fabriano_delegate)
    assert (row.decisions, row.actions, row.done) == (2, 3, 2)


def test_cities_count_once_and_only_for_those_who_speak_for_them(fabriano, parma, observer):
    meeting = make.meeting(status="held", starts_at=SPRING)
    attend(meeting, fabriano)
    attend(meeting, fabriano, "remote", role="political")
    attend(meeting, parma, role="guest")
    attend(meeting, None, user=observer, role="observer")
    attend(meeting, make.city(member=False), role="focal_point")
    (row,) = rows_for(observer)
    assert (row.present, row.members) == ({fabriano.pk}, 2)


def test_members_are_those_of_that_day(observer, fabriano):
    later = make.city(member=False)
    make.designation(city=later, designated_on=date(2025, 6, 1))
    for moment in (SPRING, AUTUMN):
        attend(make.meeting(status="held", starts_at=moment), later, role="focal_point")
    autumn, spring = rows_for(observer)
    assert (len(spring.present), spring.members) == (0, 1)
    assert (len(autumn.present), autumn.members) == (1, 2)


def test_where_nobody_noted_who_was_there_stands_a_dash(client):
    make.meeting(status="held", starts_at=SPRING, title_en="Long ago")
    text = client.get("/en/meetings/years/").text
    assert told(text, "Long ago") == ["10 April 2025", "–", "–", "0", "0"]


def test_a_year_with_several_meetings_has_its_sums(client, spring, fabriano, parma):
    autumn = make.meeting(status="held", starts_at=AUTUMN, kind="working_group")
    attend(autumn, parma)
    text = client.get("/en/meetings/years/").text
    assert told(text, "2025: 2 meetings") == ["2", "1", "1 of 2"]


@pytest.mark.parametrize(
    "fields", [{"status": "draft"}, {"status": "convened"}, {"is_public": False}]
)
def test_only_meetings_that_were_held_and_are_seen_count(client, fields):
    make.meeting(**{"status": "held", "starts_at": SPRING, **fields})
    assert "No meeting has been held yet" in client.get("/en/meetings/years/").text


def test_the_file_holds_what_is_public_whoever_takes_it(as_user, fabriano_delegate, spring):
    make.meeting(status="held", is_public=False)
    response = as_user(fabriano_delegate).get("/en/meetings/years.csv")
    text = response.getvalue().decode("utf-8-sig")
    (row,) = csv.DictReader(text.splitlines())
    assert (row["title_en"], row["host"], row["cities_present"]) == ("Spring", "parma", "1")
    assert (row["decisions"], row["actions"], row["actions_done"]) == ("1", "2", "1")


def test_the_workbook_opens_and_other_formats_are_not_found(client, spring):
    assert client.get("/en/meetings/years.xlsx").status_code == 200
    assert client.get("/en/meetings/years.pdf").status_code == 404
