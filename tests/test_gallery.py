"""The pictures of a project: on its page, each on a page of its own, and cut where they may be."""

import pytest

from projects.parts import ProjectImage
from tests import make
from tests.markup import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def gallery(fabriano):
    """A public project with three pictures, put into another order than they came in."""
    project = make.project(lead=fabriano, status="published", slug="carta", title_en="Paper")
    for position, words in [(2, "Second"), (1, "First"), (3, "Third")]:
        ProjectImage.objects.create(
            project=project,
            position=position,
            picture=make.picture_upload(size=(1300, 900)),
            picture_alt_en=words,
            picture_credit=f"Photographer {position}",
            picture_licence=["", "cc-by-4.0", "reserved", "cc0-1.0"][position],
            picture_focus="top-left",
        )
    return project


def at(image):
    return f"/en/projects/{image.project.slug}/pictures/{image.pk}/"


def test_the_gallery_shows_pictures_in_their_order_with_words_credit_and_licence(client, gallery):
    html = client.get("/en/projects/carta/").text.split('id="gallery"')[1]
    page = Page(html.split("</ul>")[0].split("</h2>", 1)[1] + "</ul>")
    images = page.all("img")
    assert [image["alt"] for image in images] == ["First", "Second", "Third"]
    assert {image["loading"] for image in images} == {"lazy"}
    assert {(image["width"], image["height"]) for image in images} == {("1300", "900")}
    assert {source["type"] for source in page.all("source")} == {"image/avif", "image/webp"}
    assert [credit.text for credit in page.all("p") if "credit" in (credit["class"] or "")] == [
        "Picture: Photographer 1 · CC BY 4.0",
        "Picture: Photographer 2 · All rights reserved, shown with permission",
        "Picture: Photographer 3 · CC0 1.0",
    ]
    licences = [link["href"] for link in page.all("a") if "license" in (link["rel"] or "")]
    assert licences == [
        "https://creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ]


def test_each_picture_leads_to_its_own_page_and_from_there_to_its_neighbours(client, gallery):
    first, second, third = gallery.images.all()
    found = Page(client.get("/en/projects/carta/").text)
    assert [a["href"] for a in found.all("a") if "/pictures/" in a["href"]] == [
        at(first),
        at(second),
        at(third),
    ]
    page = Page(client.get(at(second)).text)
    ways = {link["rel"]: link["href"] for link in page.all("a") if link["rel"] in ("prev", "next")}
    assert ways == {"prev": at(first), "next": at(third)}
    assert "/en/projects/carta/#gallery" in page.links()
    assert [h1.text for h1 in page.all("h1")] == ["Second"]
    assert "Photographer 2" in client.get(at(second)).text
    assert page.meta("og:image").endswith(second.picture.url)


def test_the_first_and_the_last_picture_lead_one_way_only(client, gallery):
    first, _second, third = gallery.images.all()
    assert 'rel="prev"' not in client.get(at(first)).text
    assert 'rel="next"' not in client.get(at(third)).text


def test_a_picture_without_words_still_says_where_its_link_leads(client, gallery):
    gallery.images.update(picture_alt_it="", picture_alt_en="")
    page = Page(client.get("/en/projects/carta/").text)
    named = [a["aria-label"] for a in page.all("a") if "/pictures/" in a["href"]]
    assert named == ["Picture 1", "Picture 2", "Picture 3"]
    assert "Picture 1 of 3" in client.get(at(gallery.images.first())).text


def test_a_picture_is_seen_by_who_sees_its_project_and_only_there(
    client, as_user, gallery, fabriano, fabriano_delegate, parma_delegate
):
    image = gallery.images.first()
    other = make.project(lead=fabriano, status="published", slug="altra")
    assert client.get(f"/en/projects/{other.slug}/pictures/{image.pk}/").status_code == 404
    assert client.get("/en/projects/carta/pictures/999999/").status_code == 404
    type(gallery).objects.filter(pk=gallery.pk).update(status="draft")
    assert client.get(at(image)).status_code == 404
    assert as_user(parma_delegate).get(at(image)).status_code == 404
    assert as_user(fabriano_delegate).get(at(image)).status_code == 200


def test_the_page_of_a_picture_asks_as_often_however_many_there_are(
    client, gallery, django_assert_num_queries
):
    image = gallery.images.first()
    client.get(at(image))
    with django_assert_num_queries(4):
        client.get(at(image))


@pytest.mark.parametrize(
    "address", ["/en/projects/", "/en/projects/carta/", "/en/cities/fabriano/"]
)
def test_where_pictures_are_cut_what_matters_stays(client, gallery, fabriano, address):
    gallery.picture, gallery.picture_focus = make.picture_upload(), "bottom-right"
    gallery.save()
    assert "picture focus-bottom-right" in client.get(address).text


def test_news_and_cities_keep_their_focus_too(client, fabriano):
    fabriano.picture, fabriano.picture_focus = make.picture_upload(), "left"
    fabriano.picture_credit, fabriano.picture_licence = "Ada", "cc-by-sa-4.0"
    fabriano.save()
    make.news_item(slug="n", picture=make.picture_upload(), picture_focus="top")
    city = client.get("/en/cities/fabriano/").text
    assert "picture focus-left" in city
    assert "https://creativecommons.org/licenses/by-sa/4.0/" in city
    assert "picture focus-top" in client.get("/en/news/n/").text
    assert "picture focus-top" in client.get("/en/news/").text
