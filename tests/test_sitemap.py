"""What search engines are told: every public thing in both languages, and nothing else."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def addresses(client):
    """Every address of the sitemap, with its alternates by language."""
    response = client.get("/sitemap.xml")
    assert response.status_code == 200
    tree = ElementTree.fromstring(response.content)
    return {
        url.find(f"{SITEMAP}loc").text.removeprefix("http://testserver"): {
            link.get("hreflang"): link.get("href").removeprefix("http://testserver")
            for link in url.findall(f"{XHTML}link")
        }
        for url in tree
    }


def test_every_public_thing_is_there_in_both_languages(client, fabriano):
    make.project(lead=fabriano, status="published", slug="carta")
    make.meeting(slug="plenaria")
    make.news_item(slug="parigi")
    make.page(slug="privacy")

    found = addresses(client)

    assert {"/it/", "/en/", "/it/citta/", "/en/cities/", "/it/rete/", "/en/network/"} <= set(found)
    for italian, english in [
        ("/it/citta/fabriano/", "/en/cities/fabriano/"),
        ("/it/cluster/crafts-folk-art/", "/en/clusters/crafts-folk-art/"),
        ("/it/progetti/carta/", "/en/projects/carta/"),
        ("/it/incontri/plenaria/", "/en/meetings/plenaria/"),
        ("/it/notizie/parigi/", "/en/news/parigi/"),
        ("/it/pagine/privacy/", "/en/pages/privacy/"),
    ]:
        assert found[italian] == found[english] == {"it": italian, "en": english}


def test_the_picture_of_a_project_is_named_with_it(client, fabriano):
    project = make.project(lead=fabriano, status="published", picture=make.picture_upload())
    make.project(lead=fabriano, status="published")
    images = re.findall("<image:loc>(.*?)</image:loc>", client.get("/sitemap.xml").text)
    assert images == [f"http://testserver{project.picture.url}"] * 2


def test_nothing_that_is_not_public_is_there(client, fabriano):
    make.city(name="Napoli", slug="napoli", member=False)
    for status in ("draft", "submitted", "withdrawn"):
        make.project(lead=fabriano, status=status, slug=f"hidden-{status}")
    make.meeting(slug="hidden-draft", status="draft")
    make.meeting(slug="hidden-closed", is_public=False)
    make.news_item(slug="hidden-news", is_published=False)
    make.news_item(slug="hidden-until", published_on=timezone.localdate() + timedelta(days=1))

    closed = re.compile(r"hidden|napoli|accounts|scrivania|desk|admin")
    assert [address for address in addresses(client) if closed.search(address)] == []


def test_a_coordinator_gets_the_same_sitemap_as_everyone(as_user, coordinator, fabriano, settings):
    settings.COORDINATORS_NEED_MFA = False
    make.project(lead=fabriano, status="submitted", slug="segreto")
    assert "/it/progetti/segreto/" not in addresses(as_user(coordinator))


def test_it_takes_two_queries_for_each_kind(client, fabriano, django_assert_num_queries):
    for _ in range(3):
        make.project(lead=fabriano, status="published")
        make.news_item()
    client.get("/sitemap.xml")
    with django_assert_num_queries(16):
        client.get("/sitemap.xml")


def test_robots_are_sent_to_the_sitemap_and_kept_from_where_people_work(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /it/accounts/",
        "Disallow: /it/scrivania/",
        "Disallow: /en/accounts/",
        "Disallow: /en/desk/",
        "Sitemap: http://testserver/sitemap.xml",
    ]
