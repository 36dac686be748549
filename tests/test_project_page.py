"""What the page of a project tells, of the whole card, and what it keeps from the public."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from projects.facts import facts_of
from projects.models import Project
from tests import make
from tests.markup import Page

pytestmark = pytest.mark.django_db

SECRET = "Segretissimo"
AMOUNT = "987654"


def at(project, rest="", language="en"):
    start = {"en": "/en/projects/", "it": "/it/progetti/"}[language]
    return f"{start}{project.slug}/{rest}"


@pytest.fixture
def told(fabriano, parma):
    """A public project that tells all of its card."""
    office = make.office(city=fabriano, name_en="Culture office", email="cultura@example.org")
    project = make.project(
        lead=fabriano,
        partners=[parma],
        status="published",
        title_en="The sound of paper",
        summary_en="An orchestra of paper",
        fields=["design"],
        scope="international",
        objectives_en="Give paper a new audience",
        target_groups_en="Students of fourteen",
        budget=Decimal(120000),
        budget_is_public=True,
        contact=office,
        is_good_practice=True,
        looking_for_partners=True,
        partners_sought_en="A city with a concert hall",
        partners_until=date(2099, 3, 1),
    )
    project.fundings.create(programme="Creative Europe", grant_number="10109", is_public=True)
    project.external_partners.create(
        name="Krakow", kind="creative_city", country="PL", role_en="workshops"
    )
    project.external_partners.create(name="Fondazione Carta", kind="association", country="IT")
    project.links.create(url="https://example.org/carta", label_en="The site")
    make.document(owner=project, title_en="Final report")
    return project


SHOWN = [
    "Good practice",
    "International",
    "Give paper a new audience",
    "Students of fourteen",
    "€ 120,000",
    "Creative Europe, 10109",
    "Culture office",
    "mailto:cultura@example.org",
    "A city with a concert hall",
    "Until 1 March 2099",
    "Poland",
    "Krakow",
    "workshops",
    "Fondazione Carta",
    "Final report",
    "The site",
    "“The sound of paper”",
]


def test_the_page_tells_the_whole_card(client, told):
    page = client.get(at(told)).content.decode()
    assert [words for words in SHOWN if words not in page] == []


def test_what_the_card_does_not_tell_leaves_no_trace(client, fabriano):
    page = Page(client.get(at(make.project(lead=fabriano, status="published"))).text)
    headings = [each.text for each in page.all("h2") if "main" in each.parents]
    assert headings == ["In short", "Pass it on"]


def test_countries_have_their_names_in_the_readers_language(client, told):
    assert "Polonia" in client.get(at(told, language="it")).content.decode()


def test_partners_in_italy_come_before_those_abroad(client, told):
    assert [
        (country.code, [each.name for each in group])
        for country, group in client.get(at(told)).context["abroad"]
    ] == [("IT", ["Fondazione Carta"]), ("PL", ["Krakow"])]


def test_the_map_shows_the_cities_that_take_part_and_no_others(client, told):
    make.partnership(project=told, city=make.city(name="Como", slug="como"))
    response = client.get(at(told))
    places = response.context["map"].places
    assert [str(place.city) for place in places] == ["Fabriano", "Parma"]
    assert [place.city.field.slug for place in places] == ["crafts-folk-art", "gastronomy"]
    cities = [link for link in Page(response.text).all("a") if "svg" in link.parents]
    assert [link["href"] for link in cities] == ["/en/cities/fabriano/", "/en/cities/parma/"]


def test_a_project_of_one_city_has_no_map(client, fabriano):
    assert client.get(at(make.project(lead=fabriano, status="published"))).context["map"] is None


def test_how_to_cite_it_names_city_title_address_and_day(client, told):
    with time_machine.travel("2027-02-03 12:00+01:00"):
        page = Page(client.get(at(told)).text)
    cited = next(each.text for each in page.all("p") if each["id"] == "citation")
    assert cited == (
        "Fabriano, “The sound of paper”, UNESCO Creative Cities, Italian network, "
        f"{told.published_at.year}. http://testserver/en/projects/{told.slug}/ "
        "(read on 3 February 2027)"
    )


# What is not public


@pytest.fixture
def with_secrets(told):
    """The same project, with something private in every place that has a public side."""
    Project.objects.filter(pk=told.pk).update(
        budget=Decimal(AMOUNT), budget_is_public=False, coordinator_note=SECRET
    )
    told.fundings.create(programme=f"{SECRET} fondo", grant_number=SECRET, amount=AMOUNT)
    make.document(owner=told, title_it=f"{SECRET} verbale", title_en=SECRET, audience="delegates")
    make.document(owner=told, title_it=SECRET, title_en=SECRET, audience="coordinators")
    asked = make.city(name=f"{SECRET} città", slug="segretissimo", member=False)
    make.partnership(project=told, city=asked, message=SECRET)
    make.partnership(project=told, city=make.city(), status="declined", reason=SECRET)
    make.news_item(title_it=SECRET, title_en=SECRET, is_published=False).projects.add(told)
    hidden = make.meeting(is_public=False, title_it=SECRET, title_en=SECRET)
    make.decision(meeting=hidden, projects=[told], text_it=SECRET, text_en=SECRET)
    return told


def grouped(amount):
    return [amount, "987,654", "987.654"]


@pytest.mark.parametrize("who", [None, "parma_delegate", "observer"])
def test_no_public_form_of_a_project_tells_what_is_private(client, request, with_secrets, who):
    if who:
        client.force_login(request.getfixturevalue(who))
    page = f"http://testserver{at(with_secrets)}"
    told = {
        address: client.get(address).content.decode(errors="replace")
        for address in [
            *([at(with_secrets), at(with_secrets, language="it")] if not who else []),
            at(with_secrets, "embed/"),
            at(with_secrets, "feed/"),
            at(with_secrets, "share.jpg"),
            f"/en/oembed/?url={page}",
            f"/en/oembed/?format=xml&url={page}",
            "/en/feeds/projects/",
            "/sitemap.xml",
        ]
    }
    leaks = {
        (address, word)
        for address, text in told.items()
        for word in [SECRET, "segretissimo", *grouped(AMOUNT)]
        if word in text
    }
    assert leaks == set()


@pytest.mark.parametrize("who", ["parma_delegate", "observer"])
def test_private_money_is_kept_from_partners_who_only_write_updates(
    as_user, request, with_secrets, who
):
    page = as_user(request.getfixturevalue(who)).get(at(with_secrets)).content.decode()
    assert [word for word in [f"{SECRET} fondo", *grouped(AMOUNT)] if word in page] == []


@pytest.mark.parametrize("who", ["fabriano_delegate", "coordinator", "parma_delegate"])
def test_who_keeps_or_reviews_the_card_reads_private_money_marked_as_such(
    as_user, request, settings, with_secrets, parma, who
):
    settings.COORDINATORS_NEED_MFA = False
    with_secrets.partnerships.filter(city=parma).update(may_edit=True)
    page = as_user(request.getfixturevalue(who)).get(at(with_secrets)).content.decode()
    assert "€ 987,654" in page
    assert f"{SECRET} fondo" in page
    assert page.count("Not public") == 2


def test_documents_are_shown_to_their_audience(as_user, with_secrets, parma_delegate):
    documents = as_user(parma_delegate).get(at(with_secrets)).context["documents"]
    assert [each.audience for each in documents] == ["public", "delegates"]


def test_money_is_written_in_euro_without_needless_cents(fabriano):
    project = make.project(lead=fabriano, budget=Decimal("1200.50"), budget_is_public=True)
    facts = dict(facts_of(Project.objects.get(pk=project.pk), knows_all=False))
    assert facts[Project._meta.get_field("budget").verbose_name] == "€ 1.200,50"


# For those who work on it


def test_who_keeps_the_card_finds_the_way_to_its_history(as_user, told, fabriano_delegate):
    page = as_user(fabriano_delegate).get(at(told)).content.decode()
    assert f'href="{at(told, "history/")}"' in page
    assert f'href="{at(told, "updates/new/")}"' in page
    assert f'href="{at(told, "edit/")}"' in page


def test_a_city_that_may_ask_to_join_is_asked_to(as_user, client, told, parma_delegate):
    asking = at(told, "partners/ask/")
    assert asking not in client.get(at(told)).content.decode()
    assert asking not in as_user(parma_delegate).get(at(told)).content.decode()
    other = make.delegate(city=make.city())
    assert asking in as_user(other).get(at(told)).content.decode()


# For search engines


def test_linked_data_tells_partners_funding_pictures_and_results(client, told):
    told.results.create(
        name_en="Concerts", value=12, unit_en="events", measured_on=date(2026, 5, 2)
    )
    told.picture, told.picture_licence = make.picture_upload(), "cc-by-4.0"
    told.save()
    data = Page(client.get(at(told)).text).linked_data()["CreativeWork"]
    assert data["creator"]["name"] == "Fabriano"
    assert [each["name"] for each in data["contributor"]] == ["Parma", "Krakow", "Fondazione Carta"]
    assert [each["name"] for each in data["funding"]] == ["Creative Europe"]
    assert data["image"][0]["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert (data["image"][0]["width"], data["image"][0]["height"]) == (640, 480)
    assert data["mentions"] == [
        {
            "@type": "Observation",
            "name": "Concerts",
            "value": 12.0,
            "unitText": "events",
            "observationDate": "2026-05-02",
        }
    ]
    assert data["dateModified"] == told.updated_at.date().isoformat()


def test_the_first_view_weighs_little(client, told):
    for number in range(30):
        told.results.create(name_en=f"Number {number}", value=number, unit_en="people")
        told.links.create(url=f"https://example.org/{number}")
    assert len(client.get(at(told)).content) < 80_000
