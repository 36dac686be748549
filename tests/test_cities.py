"""The list of cities with its map, and the page of a city."""

import json
import re
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from cities.models import City
from cities.page_parts import MOST_COMPANIONS, companions_of
from projects.partnerships import Partnership
from tests import make
from tests.markup import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def torino(db):
    return make.city(name="Torino", slug="torino", field="design", region="01")


def names(response):
    return [city.name for city in response.context["cities"]]


def schema(response, kind):
    """The linked data of this type on a page."""
    blocks = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', response.text, re.DOTALL
    )
    return next(data for data in map(json.loads, blocks) if data["@type"] == kind)


# The list


def test_the_list_shows_every_member_as_a_card_and_on_the_map(client, fabriano, parma):
    page = client.get("/en/cities/")

    assert names(page) == ["Fabriano", "Parma"]
    assert [place.city for place in page.context["map"].places] == [fabriano, parma]
    assert page.text.count('href="/en/cities/fabriano/"') == 2


def test_visitors_see_no_candidate_in_the_list(client, fabriano):
    make.city(name="Montelume", slug="montelume", member=False)
    assert names(client.get("/en/cities/")) == ["Fabriano"]


def test_those_who_take_part_see_candidates_too_marked_as_such(as_user, fabriano_delegate):
    make.city(name="Montelume", slug="montelume", member=False)

    page = as_user(fabriano_delegate).get("/en/cities/")

    assert names(page) == ["Fabriano", "Montelume"]
    assert "Candidate" in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("field=gastronomy", ["Parma"]),
        ("region=11", ["Fabriano"]),
        ("area=north-east", ["Parma"]),
        ("area=centre&field=gastronomy", []),
        ("field=nonsense&region=99&sort=up", ["Fabriano", "Parma"]),
    ],
)
def test_the_list_is_narrowed_by_its_address(client, fabriano, parma, query, found):
    page = client.get(f"/en/cities/?{query}")
    assert names(page) == found
    assert len(page.context["map"].places) == len(found)


def test_the_filter_of_fields_knows_only_designations_in_force(client, fabriano):
    make.designation(
        city=fabriano, field="music", designated_on=date(2000, 1, 1), ended_on=date(2010, 1, 1)
    )
    assert names(client.get("/en/cities/?field=music")) == []
    assert names(client.get("/en/cities/?field=crafts-folk-art")) == ["Fabriano"]


def test_the_filter_of_roles_asks_who_leads_today(client, fabriano, parma):
    make.mandate(city=fabriano, starts_on=date(2020, 1, 1), ends_on=date(2024, 12, 31))
    make.mandate(city=parma, starts_on=date(2025, 1, 1), ends_on=None)

    assert names(client.get("/en/cities/?role=lead")) == ["Parma"]


def test_the_list_can_start_with_the_first_or_the_last_to_join(client):
    make.designation(city=make.city(name="Alba", member=False), designated_on=date(2017, 10, 31))
    make.designation(city=make.city(name="Bologna", member=False), designated_on=date(2006, 1, 1))
    assert names(client.get("/en/cities/")) == ["Alba", "Bologna"]
    assert names(client.get("/en/cities/?sort=since")) == ["Bologna", "Alba"]
    assert names(client.get("/en/cities/?sort=-since")) == ["Alba", "Bologna"]


def test_a_list_without_results_leads_back_to_all(client, fabriano):
    page = client.get("/en/cities/?field=&area=islands")
    assert "No city with these filters" in page.text


# The page


def test_a_date_of_which_only_the_year_is_known_is_shown_as_a_year(client):
    bologna = make.city(name="Bologna", slug="bologna", member=False, region="08")
    make.designation(city=bologna, designated_on=date(2006, 1, 1), precision="year")

    facts = dict(client.get("/en/cities/bologna/").context["facts"])

    assert facts["UNESCO Creative City since"] == "2006"
    assert facts["Region"] == "Emilia-Romagna"
    assert facts["Part of Italy"] == "North-East"


def test_whoever_looks_for_contacts_finds_the_offices_or_else_the_citys_own_sites(client, torino):
    City.objects.filter(pk=torino.pk).update(official_website="https://torino.example.org")

    def contacts():
        page = Page(client.get("/it/citta/torino/").text)
        (found,) = [each for each in page.elements if each["id"] == "contacts"]
        return found.text

    assert "Sito del Comune" in contacts()
    make.office(city=torino)
    assert contacts() == "Contatti"


def test_the_offices_are_shown_and_the_coordinators_note_never(client, torino):
    make.office(city=torino, role="political", name_en="Councillor", email="a@example.org")
    make.office(city=torino, role="focal_point", phone="011 123")
    City.objects.filter(pk=torino.pk).update(coordinator_note="Da verificare con il Comune")

    page = client.get("/en/cities/torino/")

    assert "Political delegate’s office" in page.text
    assert 'href="mailto:a@example.org"' in page.text
    assert 'href="tel:011123"' in page.text
    assert "Da verificare" not in page.text


def test_empty_parts_are_not_shown(client, torino):
    page = client.get("/en/cities/torino/")

    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", page.text.split("<main")[1].split("</main")[0])
    assert headings == ["In short"]


def test_it_shows_the_published_projects_it_leads_and_those_it_has_joined(
    client, torino, fabriano, parma
):
    led = make.project(lead=torino, status="published", partners=[parma])
    joined = make.project(lead=fabriano, status="archived", partners=[torino])
    make.project(lead=torino, status="submitted")
    make.project(lead=torino, status="withdrawn")
    only_invited = make.project(lead=fabriano, status="published")
    make.partnership(project=only_invited, city=torino)
    declined = make.project(lead=parma, status="published")
    make.partnership(project=declined, city=torino, status="declined")

    page = client.get("/en/cities/torino/")

    assert page.context["led"] == [led]
    assert page.context["joined"] == [joined]


def test_it_says_with_whom_it_works_and_on_what(client, torino, fabriano, parma):
    with_both = make.project(lead=torino, status="published", partners=[fabriano, parma])
    with_parma = make.project(lead=parma, status="published", partners=[torino])
    make.project(lead=parma, status="published", partners=[fabriano])
    asked = make.project(lead=torino, status="published")
    make.partnership(project=asked, city=make.city(name="Biella", slug="biella"))

    companions = client.get("/en/cities/torino/").context["companions"]

    assert companions == [(parma, [with_parma, with_both]), (fabriano, [with_both])]


def test_of_many_companions_the_closest_are_shown(torino):
    cities = [City(pk=torino.pk + n, name_it=f"Borgo {n}") for n in range(1, MOST_COMPANIONS + 2)]
    project = make.project(lead=torino, status="published")
    closer = make.project(lead=torino, status="published")
    shared = [Partnership(project=project, city=city) for city in cities]
    shared.append(Partnership(project=closer, city=cities[-1]))
    shown = companions_of(torino, [project, closer], shared, cities)
    assert [city for city, _projects in shown] == [cities[-1], *cities[: MOST_COMPANIONS - 1]]


def test_a_companion_that_may_not_be_seen_is_left_out(torino):
    candidate = make.city(name="Montelume", member=False)
    project = make.project(lead=torino, status="published", partners=[candidate])
    seen = City.objects.visible_to(AnonymousUser())
    assert companions_of(torino, [project], project.partnerships.all(), seen) == []


def test_it_shows_its_terms_with_the_meetings_that_decided_them(client, torino):
    term = make.mandate(city=torino, role="host", starts_on=date(2020, 10, 1))
    founding = make.meeting(title_en="Founding meeting", slug="founding", status="held")
    private = make.meeting(title_en="Behind closed doors", status="held", is_public=False)
    make.decision(meeting=founding, mandates=[term])
    make.decision(meeting=private, mandates=[term])
    make.decision(
        meeting=make.meeting(title_en="Whispers", status="held"), mandates=[term], is_public=False
    )

    page = client.get("/en/cities/torino/")

    assert [mandate.meetings for mandate in page.context["mandates"]] == [[founding]]
    assert 'href="/en/meetings/founding/"' in page.text


def test_the_city_that_leads_today_wears_a_badge(client, torino, fabriano):
    make.mandate(city=fabriano, starts_on=date(2020, 1, 1), ends_on=date(2024, 12, 31))
    make.mandate(city=torino, starts_on=date(2025, 1, 1), ends_on=None)

    assert "Leads the network" in client.get("/en/cities/torino/").text
    assert "Leads the network" not in client.get("/en/cities/fabriano/").text


def test_it_shows_the_meetings_it_hosted_and_not_those_to_come(client, torino):
    held = make.meeting(host=torino, status="held")
    make.meeting(host=torino)
    make.meeting(host=torino, status="draft")
    assert list(client.get("/en/cities/torino/").context["meetings"]) == [held]


def test_previous_and_next_are_the_neighbours_in_the_alphabet(client, fabriano, parma, torino):
    make.city(name="Montelume", slug="montelume", member=False)

    page = client.get("/en/cities/parma/")
    assert (page.context["previous"], page.context["following"]) == (fabriano, torino)
    first = client.get("/en/cities/fabriano/")
    assert (first.context["previous"], first.context["following"]) == (None, parma)
    last = client.get("/en/cities/torino/")
    assert (last.context["previous"], last.context["following"]) == (parma, None)


@pytest.mark.parametrize(
    ("language", "around"),
    [("it", ("Reggio Emilia", "Reggio nell’Emilia")), ("en", ("Reggio nell’Emilia", "Èze"))],
)
def test_neighbours_follow_the_letters_of_the_readers_language(client, language, around):
    """Capitals first and accents last, as Python sorts; a city without a name in English stands
    where its Italian one does."""
    for number, name in enumerate(["Èze", "Reggio nell’Emilia", "Reggio Emilia", "Alba"]):
        make.city(name=name, slug=f"city-{number}")
    for number in range(20):
        make.city(name=f"Reggio {number:02}", slug=f"reggio-{number}", member=number % 2 == 0)
    make.city(name="Reggio di Calabria", slug="here", name_en="Reggio over there")
    City.objects.filter(slug="city-1").update(name_en="")

    page = client.get({"it": "/it/citta/here/", "en": "/en/cities/here/"}[language])

    assert (page.context["previous"].name, page.context["following"].name) == around


def test_of_two_cities_of_one_name_each_has_the_other_beside_it(client):
    first, second = (make.city(name="Samo", slug=slug) for slug in ("samo", "samo-2"))
    pages = [client.get(f"/en/cities/{city.slug}/").context for city in (first, second)]
    assert [(page["previous"], page["following"]) for page in pages] == [
        (None, second),
        (first, None),
    ]


def test_a_candidate_does_not_exist_for_visitors(client):
    make.city(name="Montelume", slug="montelume", member=False)
    assert client.get("/en/cities/montelume/").status_code == 404


def test_a_candidates_page_says_so_to_those_who_take_part(as_user, fabriano_delegate):
    make.city(name="Montelume", slug="montelume", member=False)

    page = as_user(fabriano_delegate).get("/en/cities/montelume/")

    assert "This city is a candidate" in page.text
    assert (page.context["previous"], page.context["following"]) == (None, None)


def test_a_delegate_whose_term_is_over_no_longer_sees_candidates(as_user, fabriano):
    make.city(name="Montelume", slug="montelume", member=False)
    former = make.delegate(city=fabriano, ends_on=date(2021, 1, 1))
    assert as_user(former).get("/en/cities/montelume/").status_code == 404


def test_search_engines_read_a_city_with_its_place(client, torino):
    City.objects.filter(pk=torino.pk).update(unesco_url="https://example.org/torino")

    data = schema(client.get("/en/cities/torino/"), "City")

    assert data["name"] == "Torino"
    assert data["url"].endswith("/en/cities/torino/")
    assert data["containedInPlace"] == {"@type": "AdministrativeArea", "name": "Piemonte"}
    assert data["geo"] == {"@type": "GeoCoordinates", "latitude": 43.3, "longitude": 12.9}
    assert data["sameAs"] == ["https://example.org/torino"]


def test_where_english_is_missing_italian_is_shown_with_a_notice(client):
    make.city(name="Alba", slug="alba", text_it="<p>Il tartufo bianco</p>", text_en="")

    page = client.get("/en/cities/alba/").text

    assert '<div class="prose" lang="it"><p>Il tartufo bianco</p></div>' in page
    assert "This text is not translated yet" in page
    assert "not translated yet" not in client.get("/it/citta/alba/").text


def test_visitors_get_no_cookie(client, torino):
    for address in ["/en/cities/", "/en/cities/torino/"]:
        assert client.get(address).cookies == {}
