"""The interface for programs: what everyone may read, in bounded parts, with clear errors."""

from base64 import urlsafe_b64encode

import pytest

from tests import make

pytestmark = pytest.mark.django_db

PROJECTS = "/api/v1/projects"
CITIES = "/api/v1/cities"


def slugs(answer):
    return [each["slug"] for each in answer.json()["items"]]


def test_public_projects_are_listed_the_newest_first(client, fabriano):
    make.project(lead=fabriano, status="published", slug="uno")
    make.project(lead=fabriano, status="archived", slug="due")
    make.project(lead=fabriano, slug="bozza")
    make.project(lead=fabriano, status="withdrawn", slug="ritirato")
    assert slugs(client.get(PROJECTS)) == ["due", "uno"]


# Positions that no list has: without end, beyond the calendar, letters that are none.
WRONG = [
    '["2026-01-01T00:00:00Z", Infinity]', '["0001-01-01T00:00:00+12:00", 1]',
    '["9999-12-31T23:59:59-12:00", 1]', r'["\u0000", 1]', r'["\ud800", 1]', "[" * 100_000,
]  # fmt: skip
CURSORS = [urlsafe_b64encode(each.encode()).decode() for each in WRONG]
LISTS = [PROJECTS, CITIES]


@pytest.mark.parametrize("sort", ["-published_at", "published_at", "-updated_at", "updated_at"])
def test_a_program_reads_all_by_following_next_and_nothing_twice(client, fabriano, settings, sort):
    expected = {make.project(lead=fabriano, status="published").slug for _each in range(7)}
    seen, following = [], f"{PROJECTS}?limit=3&sort={sort}"
    while following:
        answer = client.get(following)
        seen += slugs(answer)
        following = (answer.json().get("next") or "").replace(settings.SITE_URL, "")
    assert len(seen) == 7
    assert set(seen) == expected


def test_the_filters_of_the_list_and_the_words_narrow_it_down(client, fabriano, parma):
    make.project(lead=fabriano, status="published", fields=["film"], slug="cinema")
    make.project(lead=parma, status="published", fields=["design"], slug="forme", title_it="Forme")
    assert slugs(client.get(f"{PROJECTS}?field=film")) == ["cinema"]
    assert slugs(client.get(f"{PROJECTS}?city=parma")) == ["forme"]
    assert slugs(client.get(f"{PROJECTS}?q=forme")) == ["forme"]


def test_only_the_fields_that_are_asked_for_come(client, fabriano):
    make.project(lead=fabriano, status="published", slug="carta", title_it="Carta")
    answer = client.get(f"{PROJECTS}?fields=slug,title_it")
    assert answer.json()["items"] == [{"slug": "carta", "title_it": "Carta"}]
    assert client.get(f"{PROJECTS}/carta?fields=lead").json() == {"lead": "fabriano"}


def test_what_is_private_stays_so_whoever_is_logged_in(as_user, coordinator, fabriano, settings):
    settings.COORDINATORS_NEED_MFA = False
    project = make.project(lead=fabriano, status="published", slug="carta", budget=5)
    project.fundings.create(programme="Segreto")
    make.document(owner=project, audience="delegates")
    thing = as_user(coordinator).get(f"{PROJECTS}/carta").json()
    assert (thing["budget"], thing["fundings"], thing["documents"]) == (None, [], [])


def test_a_city_is_told_with_its_field(client, parma):
    make.city(name="Napoli", slug="napoli", member=False)
    assert slugs(client.get(CITIES)) == ["parma"]
    assert client.get(f"{CITIES}/parma").json()["field"] == "gastronomy"
    assert client.get(f"{CITIES}/napoli").status_code == 404


@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        (f"{PROJECTS}/manca", 404, "There is nothing"),
        ("/api/v1/", 404, "There is nothing"),
        ("/api/v1/nothing/here", 404, "There is nothing"),
        (f"{PROJECTS}?limit=101", 400, "limit"),
        (f"{PROJECTS}?limit=x", 400, "limit"),
        (f"{PROJECTS}?sort=title", 400, "sort"),
        (f"{PROJECTS}?fields=slug,coordinator_note", 400, "coordinator_note"),
        (f"{PROJECTS}?field=danza", 400, "field"),
        (f"{PROJECTS}?cursor=x", 400, "cursor"),
        (f"{PROJECTS}?cursor=WzEsMl0=", 400, "cursor"),
        (f"{PROJECTS}?cursor=bnVsbA==", 400, "cursor"),
        (f"{PROJECTS}?cursor=W251bGwsIDFd", 400, "cursor"),
        (f"{PROJECTS}/a%00b", 404, "There is nothing"),
        (f"{CITIES}/a%00b", 404, "There is nothing"),
        *((f"{address}?cursor={each}", 400, "cursor") for address in LISTS for each in CURSORS),
    ],
)
def test_an_error_is_a_problem_that_says_what(client, address, status, detail):
    answer = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert detail in problem["detail"] or "È" in problem["detail"] or problem["detail"]


def test_any_site_may_ask_and_no_cookie_is_set_or_read(client, fabriano):
    for address in [PROJECTS, CITIES, "/api/v1/openapi.json", "/api/v1/nothing"]:
        answer = client.get(address)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies


def test_nothing_is_written_through_it(client):
    answer = client.post(PROJECTS, {}, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")


def test_it_describes_itself(client):
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert set(described["paths"]) == {
        PROJECTS, f"{PROJECTS}/{{slug}}", CITIES, f"{CITIES}/{{slug}}",
    }  # fmt: skip
    asked = {each["name"] for each in described["paths"][PROJECTS]["get"]["parameters"]}
    assert {"cursor", "limit", "sort", "q", "fields", "city", "field", "line", "goal"} <= asked
    assert "title_it" in described["components"]["schemas"]["Project"]["properties"]
    page = client.get("/en/data/").content.decode()
    assert f"<code>{PROJECTS}</code>" in page


def test_it_asks_as_often_whatever_there_is(
    client, fabriano, parma, django_assert_max_num_queries, django_assert_num_queries
):
    make.project(lead=fabriano, status="published", partners=[parma], fields=["film"])
    client.get(PROJECTS)
    with django_assert_max_num_queries(16) as one:
        client.get(PROJECTS)
    asked = len(one)
    for _each in range(3):
        make.project(lead=fabriano, status="published", partners=[parma], lines=[make.line()])
    client.get(PROJECTS)  # which asks anew for what is kept until something changes
    with django_assert_num_queries(asked):
        client.get(PROJECTS)
