"""The register of decisions: who reads which, how it is narrowed down, and as a file."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest

from meetings.models import Vote
from tests import make

pytestmark = pytest.mark.django_db

REGISTER = "/en/decisions/"


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


def held(year=2026, **fields):
    return make.meeting(
        **{"status": "circulated", "starts_at": datetime(year, 3, 5, 9, tzinfo=UTC), **fields}
    )


def listed(client, query=""):
    """The texts of the decisions that the register shows, in its order."""
    page = client.get(f"{REGISTER}{query}").text
    return re.findall(r'class="decision__text" lang="en"><p>(.*?)</p>', page)


def test_visitors_read_public_decisions_and_insiders_all(client, fabriano_delegate, observer):
    meeting = held()
    make.decision(meeting=meeting, text_en="For all")
    make.decision(meeting=meeting, text_en="Among us", is_public=False)

    assert listed(client) == ["For all"]
    assert "Internal" not in client.get(REGISTER).text
    for person in (fabriano_delegate, observer):
        client.force_login(person)
        assert sorted(listed(client)) == ["Among us", "For all"]
        assert client.get(REGISTER).text.count(">Internal<") == 1


def test_what_is_still_being_written_is_read_by_coordinators_alone(
    client, fabriano_delegate, coordinator
):
    meeting = held(status="held")
    item = make.agenda_item(meeting=meeting)
    decision = make.decision(meeting=meeting, item=item, text_en="Not yet")

    for person, status in [(None, 404), (fabriano_delegate, 404), (coordinator, 200)]:
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(f"{REGISTER}{decision.pk}/").status_code == status
        assert listed(client) == (["Not yet"] if status == 200 else [])


def test_a_public_decision_of_an_internal_meeting_stays_inside(client, fabriano_delegate):
    decision = make.decision(meeting=held(is_public=False), text_en="Behind doors")

    assert listed(client) == []
    assert client.get(f"{REGISTER}{decision.pk}/").status_code == 404
    client.force_login(fabriano_delegate)
    assert listed(client) == ["Behind doors"]


def test_the_latest_come_first(client):
    for year, number in [(2024, 1), (2026, 1), (2026, 2), (2025, 1)]:
        make.decision(meeting=held(year), year=year, number=number, text_en=f"{year}/{number}")

    assert listed(client) == ["2026/2", "2026/1", "2025/1", "2024/1"]


def test_it_is_narrowed_down_by_words_year_city_line_and_project(client, fabriano, parma):
    line = make.line()
    project = make.project(lead=parma, status="published")
    mandate = make.mandate(city=fabriano)
    make.decision(meeting=held(2025), text_en="A paper pavilion", line=line)
    make.decision(meeting=held(), text_en="Fabriano leads", mandates=[mandate])
    make.decision(meeting=held(), text_en="The kitchen goes on", projects=[project])
    make.decision(meeting=held(), text_en="It bears on Fabriano").cities.add(fabriano)

    assert listed(client, "?q=pavilion") == ["A paper pavilion"]
    assert listed(client, "?year=2025") == ["A paper pavilion"]
    assert listed(client, f"?line={line.pk}") == ["A paper pavilion"]
    assert sorted(listed(client, "?city=fabriano")) == ["Fabriano leads", "It bears on Fabriano"]
    assert listed(client, "?city=parma") == ["The kitchen goes on"]
    assert listed(client, f"?project={project.slug}") == ["The kitchen goes on"]
    assert listed(client, f"?year=2025&city={fabriano.slug}") == []


def test_each_leads_to_its_meeting_its_project_its_term_and_its_actions(client, fabriano):
    meeting = held()
    item = make.agenda_item(meeting=meeting, title_en="The year to come")
    project = make.project(lead=fabriano, status="published")
    mandate = make.mandate(city=fabriano)
    decision = make.decision(
        meeting=meeting, item=item, projects=[project], mandates=[mandate], how="unanimous"
    )
    action = make.action(meeting=meeting, cities=[fabriano], decision=decision, is_public=True)
    hidden = make.action(meeting=meeting, cities=[fabriano], decision=decision)

    page = client.get(f"{REGISTER}{decision.pk}/").text
    for thing in (meeting, project, fabriano, action):
        assert f'href="{en(thing)}"' in page
    assert f'href="{en(meeting)}#item-{item.pk}"' in page
    assert "Unanimous" in page
    assert en(hidden) not in page


def en(thing):
    from django.utils import translation

    with translation.override("en"):
        return thing.get_absolute_url()


def test_a_hidden_project_is_not_named(client, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano, title_en="Still secret")
    decision = make.decision(meeting=held(), projects=[project])

    assert "Still secret" not in client.get(f"{REGISTER}{decision.pk}/").text
    client.force_login(fabriano_delegate)
    assert "Still secret" in client.get(f"{REGISTER}{decision.pk}/").text


def test_votes_are_read_with_the_decision(client, fabriano, parma):
    decision = make.decision(meeting=held(), how="majority")
    Vote.objects.create(decision=decision, city=parma, choice="for")
    Vote.objects.create(decision=decision, city=fabriano, choice="against")

    page = client.get(f"{REGISTER}{decision.pk}/").text
    votes = page[page.index("How the cities voted") :]
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", votes) == [
        ("For (1)", "Parma"),
        ("Against (1)", "Fabriano"),
    ]


def test_the_minutes_are_linked_for_who_may_read_them(client, fabriano_delegate):
    meeting = held()
    make.minutes(meeting=meeting)
    item = make.agenda_item(meeting=meeting)
    decision = make.decision(meeting=meeting, item=item)
    address = f"{REGISTER}{decision.pk}/"

    assert "The minutes" not in client.get(address).text
    client.force_login(fabriano_delegate)
    page = client.get(address).text
    assert f'/minutes/#item-{item.pk}"' in page or f'/verbale/#item-{item.pk}"' in page


def test_the_list_is_a_file_too_with_what_this_reader_may_see(client, fabriano, fabriano_delegate):
    decision = make.decision(meeting=held(), year=2026, number=4, text_en="For all", how="majority")
    decision.cities.add(fabriano)
    Vote.objects.create(decision=decision, city=fabriano, choice="for")
    make.decision(meeting=held(), text_en="Among us", is_public=False)

    rows = exported(client)
    assert [row["text_en"] for row in rows] == ["For all"]
    assert rows[0]["reference"] == "2026/4"
    assert rows[0]["decided_on"] == "2026-03-05"
    assert rows[0]["votes"] == "fabriano|for"
    assert rows[0]["page"].endswith(f"/en/decisions/{decision.pk}/")
    client.force_login(fabriano_delegate)
    assert {row["text_en"] for row in exported(client)} == {"For all", "Among us"}
    assert client.get(f"{REGISTER}export.xlsx").status_code == 200
    assert client.get(f"{REGISTER}export.pdf").status_code == 404


def exported(client):
    body = b"".join(client.get(f"{REGISTER}export.csv").streaming_content)
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def test_the_search_of_the_portal_finds_decisions(client):
    make.decision(meeting=held(), text_en="A pavilion of paper")
    make.decision(meeting=held(), text_en="A pavilion among us", is_public=False)

    page = client.get("/en/search/?q=pavilion").text
    assert "A pavilion of paper" in page
    assert "A pavilion among us" not in page


def test_search_engines_are_told_of_public_decisions_and_actions(client, fabriano):
    meeting = held()
    shown = [
        make.decision(meeting=meeting),
        make.action(meeting=meeting, cities=[fabriano], is_public=True),
    ]
    hidden = [
        make.decision(meeting=meeting, is_public=False),
        make.action(meeting=meeting, cities=[fabriano]),
    ]

    told = client.get("/sitemap.xml").text
    assert all(f"{en(thing)}</loc>" in told for thing in shown)
    assert not any(f"{en(thing)}</loc>" in told for thing in hidden)
