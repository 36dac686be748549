"""News, pages, feeds, sitemap and search ask the database as often with three rows as with one."""

import pytest
from django.urls import reverse

from cities.models import City
from news.models import NewsItem
from tests import make

pytestmark = pytest.mark.django_db

PAGES = {
    "/it/notizie/": 3,
    "/it/notizie/?q=carta&city=prima": 5,
    "/it/notizie/prima/": 7,
    "/it/pagine/privacy/": 1,
    "/it/cerca/": 0,
    "/it/cerca/?q=carta": 6,
    "/sitemap.xml": 16,
    "news_feed": 1,
    "project_feed": 2,
}


def populate(*slugs):
    """News, each of one more city and project."""
    for slug in slugs:
        city = make.city(name="Carta", slug=slug)
        project = make.project(lead=city, status="published", title_it="Carta", fields=["music"])
        make.meeting(host=city, title_it="Carta")
        item = make.news_item(slug=slug, title_it="Carta")
        first = NewsItem.objects.get(slug="prima")
        for each in (item, first):
            each.cities.add(City.objects.get(slug="prima"), city)
            each.projects.add(project)


@pytest.mark.parametrize("address", PAGES)
def test_visitors(client, address, django_assert_num_queries):
    make.page(slug="privacy")
    populate("prima")
    place = address if address.startswith("/") else reverse(address)
    client.get(place)
    with django_assert_num_queries(PAGES[address]):
        client.get(place)
    populate("seconda", "terza")
    client.get(place)  # what there is to choose from is asked once after a change
    with django_assert_num_queries(PAGES[address]):
        assert client.get(place).status_code == 200


@pytest.mark.parametrize("address", ["/it/notizie/", "/it/notizie/prima/", "/it/pagine/privacy/"])
def test_delegates(as_user, fabriano_delegate, address, django_assert_max_num_queries):
    """Their session, themselves and what they are today make four more."""
    make.page(slug="privacy")
    populate("prima", "seconda", "terza")
    client = as_user(fabriano_delegate)
    with django_assert_max_num_queries(min(PAGES[address] + 4, 12)):
        client.get(address)
