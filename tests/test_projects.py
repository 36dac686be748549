"""What the public finds of projects: the list with its filters, and the page of each."""

from datetime import date

import pytest

from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db


def at(project):
    return f"/it/progetti/{project.slug}/"


def titles(response):
    return [project.title for project in response.context["page"]]


@pytest.fixture
def published(fabriano, parma):
    """Three public projects, the oldest first."""
    paper = make.project(
        lead=fabriano,
        status="published",
        title_it="Carta",
        fields=["crafts-folk-art"],
        phase="ongoing",
        starts_on=date(2021, 5, 1),
        looking_for_partners=True,
    )
    table = make.project(
        lead=parma,
        status="published",
        title_it="Tavola",
        fields=["gastronomy"],
        phase="closed",
        starts_on=date(2019, 1, 1),
        ends_on=date(2020, 12, 31),
    )
    both = make.project(
        lead=fabriano,
        status="published",
        title_it="Carta e tavola",
        partners=[parma],
        fields=["crafts-folk-art", "gastronomy"],
        phase="planned",
        starts_on=date(2030, 1, 1),
        ends_on=date(2031, 1, 31),
    )
    return paper, table, both


def test_the_list_shows_public_projects_newest_first(client, published, fabriano):
    for status in ["draft", "submitted", "withdrawn"]:
        make.project(lead=fabriano, status=status)
    make.project(lead=fabriano, status="archived", title_it="Vecchio")
    response = client.get("/it/progetti/")
    assert titles(response) == ["Vecchio", "Carta e tavola", "Tavola", "Carta"]
    assert "Set-Cookie" not in response.headers


def test_a_delegate_finds_no_drafts_in_the_public_list(as_user, fabriano, fabriano_delegate):
    make.project(lead=fabriano, status="draft")
    assert titles(as_user(fabriano_delegate).get("/it/progetti/")) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("city=parma", ["Carta e tavola", "Tavola"]),
        ("city=fabriano", ["Carta e tavola", "Carta"]),
        ("field=gastronomy", ["Carta e tavola", "Tavola"]),
        ("phase=ongoing", ["Carta"]),
        ("year=2020", ["Tavola"]),
        ("year=2026", ["Carta"]),
        ("year=2030", ["Carta e tavola", "Carta"]),
        ("year=2018", []),
        ("partners=on", ["Carta"]),
        ("q=tavola", ["Carta e tavola", "Tavola"]),
        ("q=TAVOLE", ["Carta e tavola", "Tavola"]),
        ("q=tavola&city=fabriano", ["Carta e tavola"]),
        ("city=parma&field=crafts-folk-art&year=2030", ["Carta e tavola"]),
    ],
)
def test_a_filter_keeps_what_fits(client, published, query, expected):
    assert titles(client.get(f"/it/progetti/?{query}")) == expected


def test_lines_and_goals_filter_too(client, fabriano):
    line, goal = make.line(), make.goal(number=11)
    make.project(lead=fabriano, status="published", title_it="Ja", lines=[line], goals=[goal])
    make.project(lead=fabriano, status="published", title_it="No")
    assert titles(client.get(f"/it/progetti/?line={line.pk}")) == ["Ja"]
    assert titles(client.get("/it/progetti/?goal=11")) == ["Ja"]


def test_a_city_that_has_not_accepted_is_not_among_those_who_take_part(client, fabriano, parma):
    project = make.project(lead=fabriano, status="published")
    make.partnership(project=project, city=parma)
    assert titles(client.get("/it/progetti/?city=parma")) == []


@pytest.mark.parametrize(
    "query",
    ["city=atlantide", "year=mille", "year=99999", "goal=99", "line=x", "page=900", "q=%00", "q="],
)
def test_an_address_that_makes_no_sense_is_forgiven(client, published, query):
    response = client.get(f"/it/progetti/?{query}")
    assert response.status_code == 200
    assert response.context["page"].paginator.count == 3


def test_signs_alone_find_nothing_and_a_way_on_is_offered(client, published):
    page = client.get("/it/progetti/?q=%21%21").content.decode()
    assert 'class="empty"' in page
    assert 'href="/it/progetti/"' in page.split('class="empty"')[1]


def test_the_list_comes_in_pages_of_twelve_that_keep_the_filter(client, fabriano):
    for _each in range(13):
        make.project(lead=fabriano, status="published")
    response = client.get("/it/progetti/?city=fabriano")
    assert len(response.context["page"]) == 12
    assert "?city=fabriano&amp;page=2" in response.content.decode()
    assert len(client.get("/it/progetti/?city=fabriano&page=2").context["page"]) == 1


def test_choices_speak_the_readers_language_and_fall_back_to_italian(client, fabriano):
    make.goal(number=2, title_it="Fame zero", title_en="")
    page = client.get("/en/projects/").content.decode()
    assert "2. Fame zero" in page


# The page of one project


SHOWN = [
    "Progetto della carta",
    "In breve, la carta",
    "<p>La storia</p>",
    '<a href="/it/citta/fabriano/">Fabriano</a>',
    '<a href="/it/citta/parma/">Parma</a>',
    "maggio 2021 – maggio 2022",
    "2. Comunicare",
    "11. Città",
    'href="https://example.org/carta"',
    "Il sito",
    "Si sostiene",
    "Si comincia",
    '"@type": "CreativeWork"',
]
HIDDEN = ["Riservata", "A porte chiuse", "Non ancora", "csrfmiddlewaretoken"]


@pytest.fixture
def told(fabriano, parma):
    """A public project with one of everything, and things beside it that are not public."""
    project = make.project(
        lead=fabriano,
        status="published",
        title_it="Progetto della carta",
        summary_it="In breve, la carta",
        text_it="<p>La storia</p>",
        partners=[parma],
        fields=["design"],
        lines=[make.line(title_it="Comunicare", number=2)],
        goals=[make.goal(title_it="Città", number=11)],
        starts_on=date(2021, 5, 1),
        ends_on=date(2022, 5, 31),
        precision="month",
    )
    project.links.create(url="https://example.org/carta", label_it="Il sito")
    meeting = make.meeting(host=fabriano, status="held")
    make.decision(meeting=meeting, projects=[project], text_it="Si sostiene")
    make.decision(meeting=meeting, projects=[project], text_it="Riservata", is_public=False)
    hidden = make.meeting(host=fabriano, is_public=False)
    make.decision(meeting=hidden, projects=[project], text_it="A porte chiuse")
    make.news_item(title_it="Si comincia").projects.add(project)
    make.news_item(title_it="Non ancora", is_published=False).projects.add(project)
    return project


def test_the_page_tells_everything_that_is_public(client, told):
    page = client.get(at(told)).content.decode()
    assert [text for text in SHOWN if text not in page] == []
    assert [text for text in HIDDEN if text in page] == []


def test_an_open_end_is_left_open(fabriano):
    project = Project(starts_on=date(2021, 5, 1), precision="year", phase="ongoing")
    assert project.period == "2021 – …"
    project.phase = "closed"
    assert project.period == "2021"


def test_only_partners_that_accepted_are_public(
    client, as_user, fabriano, parma, fabriano_delegate
):
    project = make.project(lead=fabriano, status="published")
    como = make.city(name="Como", slug="como")
    make.partnership(project=project, city=parma)
    make.partnership(project=project, city=como, status="declined", reason="Manca il tempo")

    page = client.get(at(project)).content.decode()
    assert "/citta/parma/" not in page
    assert "Manca il tempo" not in page

    page = as_user(fabriano_delegate).get(at(project)).content.decode()
    assert "/citta/parma/" in page
    assert "Manca il tempo" in page


def test_an_invited_city_sees_its_own_invitation_and_not_the_others(
    as_user, fabriano, parma, parma_delegate
):
    project = make.project(lead=fabriano, status="submitted")
    make.partnership(project=project, city=parma)
    make.partnership(project=project, city=make.city(name="Como", slug="como"))
    page = as_user(parma_delegate).get(at(project)).content.decode()
    assert "/citta/parma/" in page
    assert "/citta/como/" not in page


def test_related_projects_are_those_that_share_most_and_say_what(client, fabriano, parma):
    line = make.line(number=3)
    both = {"fields": ["design", "film"], "lines": [line], "status": "published"}
    project = make.project(lead=fabriano, partners=[parma], **both)
    elsewhere = make.city()
    one = make.project(lead=elsewhere, status="published", fields=["film"])
    most = make.project(lead=elsewhere, **both)
    by_line = make.project(lead=elsewhere, status="published", fields=["music"], lines=[line])
    by_city = make.project(lead=elsewhere, status="published", partners=[parma, fabriano])
    make.project(lead=elsewhere, status="published", fields=["music"])
    make.project(lead=elsewhere, **{**both, "status": "submitted"})
    invited = make.project(lead=elsewhere, status="published")
    make.partnership(project=invited, city=parma)

    page = client.get(at(project).replace("/it/progetti/", "/en/projects/"))
    kin = page.context["kin"]
    assert [each.pk for each in kin] == [most.pk, by_city.pk, by_line.pk]
    assert [each.in_common for each in kin] == [
        "Design, Film and line 3",
        "Fabriano and Parma",
        "line 3",
    ]
    assert "In common: Fabriano and Parma" in page.content.decode()
    akin = Project.objects.published().akin_to(project.pk, fabriano.pk)
    assert one in akin
    assert invited not in akin


def test_a_text_without_english_says_so(client, fabriano):
    project = make.project(
        lead=fabriano, status="published", text_it="<p>Solo in italiano</p>", text_en=""
    )
    page = client.get(f"/en/projects/{project.slug}/").content.decode()
    assert '<div class="prose" lang="it"><p>Solo in italiano</p></div>' in page
    assert 'class="note"' in page


def test_an_archived_project_stays_at_its_address_with_a_notice(client, fabriano):
    project = make.project(lead=fabriano, status="archived")
    response = client.get(at(project))
    assert response.status_code == 200
    assert 'role="note"' in response.content.decode()


def test_a_withdrawn_project_is_gone_for_the_public_and_there_for_its_city(
    client, as_user, fabriano, fabriano_delegate, parma_delegate, coordinator
):
    project = make.project(lead=fabriano, status="withdrawn", title_it="Segreto")
    response = client.get(at(project))
    assert response.status_code == 410
    assert "Segreto" not in response.content.decode()
    assert 'href="/it/progetti/"' in response.content.decode()
    assert as_user(parma_delegate).get(at(project)).status_code == 410
    assert as_user(fabriano_delegate).get(at(project)).status_code == 200


def test_what_the_public_never_read_is_not_found_when_it_is_withdrawn(client, fabriano):
    project = make.project(lead=fabriano, status="withdrawn", published_at=None)
    assert client.get(at(project)).status_code == 404


@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_what_is_not_public_yet_only_its_city_sees(
    client, as_user, fabriano, fabriano_delegate, parma_delegate, observer, status
):
    project = make.project(lead=fabriano, status=status)
    address = at(project)
    assert client.get(address).status_code == 404
    assert as_user(parma_delegate).get(address).status_code == 404
    assert as_user(observer).get(address).status_code == 404
    assert as_user(fabriano_delegate).get(address).status_code == 200


def test_a_demonstration_says_so(client, fabriano):
    project = make.project(lead=fabriano, status="published", is_demo=True)
    assert "tag--demo" in client.get(at(project)).content.decode()
    assert "tag--demo" in client.get("/it/progetti/").content.decode()


def test_whatever_is_typed_as_a_title_does_no_harm(client, fabriano):
    evil = "</script><script>alert(1)</script>"
    project = make.project(lead=fabriano, status="published", title_it=evil, text_it=evil)
    page = client.get(at(project)).content.decode()
    assert "<script>alert" not in page
