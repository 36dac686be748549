"""The pages of cities ask the database as often with three rows as with one."""

import pytest

from cities.models import City
from tests import make

pytestmark = pytest.mark.django_db

PAGES = {
    "/en/": 4,
    "/en/cities/": 3,
    "/en/cities/city-1/": 2,
    "/en/clusters/": 2,
    "/en/clusters/music/": 8,
    "/en/network/": 6,
}


def populate(numbers):
    """Cities that do everything with each other, one more for every number."""
    founding = make.agreement(is_founding=True)
    for number in numbers:
        city = make.city(name=f"City {number}", slug=f"city-{number}")
        first = city if number == 1 else City.objects.get(slug="city-1")
        make.office(city=city)
        first.facts.create(name_it="Abitanti", value=number)
        city.checkups.create()
        partner = make.city()
        make.project(
            lead=city, status="published", partners=[partner, first][:number], fields=["music"]
        )
        make.project(lead=partner, status="published", partners=[first], fields=["music", "film"])
        meeting = make.meeting(host=first, status="held")
        make.meeting(host=city)
        mandate = make.mandate(city=first, role="host")
        make.decision(meeting=meeting, mandates=[mandate])
        make.news_item()
        make.line(agreement=founding)
        founding.signatories.add(city)


@pytest.mark.parametrize("address", PAGES)
def test_visitors(client, address, django_assert_num_queries):
    make.page(slug="join")
    populate([1])
    with django_assert_num_queries(PAGES[address]):
        client.get(address)
    populate([2, 3])
    with django_assert_num_queries(PAGES[address]):
        client.get(address)


@pytest.mark.parametrize("address", PAGES)
def test_delegates(as_user, fabriano_delegate, address, django_assert_max_num_queries):
    """Their session, themselves and what they are today make three more; what their city keeps
    of its page, one."""
    make.page(slug="join")
    populate([1, 2, 3])
    client = as_user(fabriano_delegate)
    with django_assert_max_num_queries(PAGES[address] + 4):
        client.get(address)
