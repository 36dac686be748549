"""Coordinators write news and pages in the admin, in both languages, and can take changes back."""

import re
from datetime import date

import pytest
import time_machine

from news.models import NewsItem, Page
from tests import make

pytestmark = pytest.mark.django_db

LIST = "/admin/news/newsitem/"


@pytest.fixture
def admin(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    return as_user(coordinator)


def sent(**fields):
    """What the form sends for a news item."""
    return {
        "title_it": "Parigi ci ascolta",
        "title_en": "Paris listens",
        "text_it": "<p>Testo</p>",
        "published_on": "09/05/2026",
        "is_published": "on",
        **fields,
    }


def test_news_that_is_written_here_is_read_by_the_public(admin, client, fabriano):
    project = make.project(lead=fabriano, status="published")

    answer = admin.post(f"{LIST}add/", sent(cities=[fabriano.pk], projects=[project.pk]))

    assert answer.status_code == 302, answer.context["errors"]
    item = NewsItem.objects.get()
    assert (item.slug, item.title_en) == ("parigi-ci-ascolta", "Paris listens")
    assert (list(item.cities.all()), list(item.projects.all())) == ([fabriano], [project])
    with time_machine.travel(date(2026, 5, 10)):
        client.logout()
        assert "Parigi ci ascolta" in client.get("/it/notizie/").text


def test_two_news_of_one_title_get_two_addresses(admin):
    admin.post(f"{LIST}add/", sent())
    admin.post(f"{LIST}add/", sent())
    assert set(NewsItem.objects.values_list("slug", flat=True)) == {
        "parigi-ci-ascolta",
        "parigi-ci-ascolta-2",
    }


def test_a_new_title_keeps_the_address_that_is_known(admin):
    item = make.news_item(slug="parigi")
    admin.post(f"{LIST}{item.pk}/change/", sent(title_it="Un altro titolo"))
    item.refresh_from_db()
    assert (item.title_it, item.slug) == ("Un altro titolo", "parigi")


def test_italian_is_needed_and_english_is_not(admin):
    answer = admin.post(f"{LIST}add/", sent(title_it=""))
    assert "title_it" in answer.context["adminform"].form.errors
    assert admin.post(f"{LIST}add/", sent(title_en="")).status_code == 302


def test_a_script_in_a_text_is_not_kept(admin):
    admin.post(f"{LIST}add/", sent(text_it='<p onclick="x()">Sì<script>alert(1)</script></p>'))
    assert NewsItem.objects.get().text_it == "<p>Sì</p>"


def test_a_picture_is_encoded_anew_and_shown_beside_its_field(admin):
    admin.post(f"{LIST}add/", sent(picture=make.picture_upload(name="../ignoto.php.jpg")))
    item = NewsItem.objects.get()
    assert "ignoto" not in item.picture.name
    assert f'src="{item.picture.url}"' in admin.get(f"{LIST}{item.pk}/change/").text


def test_both_languages_stand_side_by_side(admin):
    page = admin.get(f"{LIST}add/").text
    assert page.count("form-multiline") >= 3
    for name in ("title_it", "title_en", "summary_it", "summary_en", "text_it", "text_en"):
        assert f'name="{name}"' in page


def test_the_list_is_searched_and_asks_a_fixed_number_of_questions(
    admin, fabriano, django_assert_max_num_queries
):
    def visit():
        with django_assert_max_num_queries(30) as asked:
            answer = admin.get(f"{LIST}?q=parigi")
        return len(asked), [item.title for item in answer.context["cl"].result_list]

    make.news_item(title_it="Londra")
    make.news_item(title_it="Parigi").cities.add(fabriano)
    visit()
    one, titles = visit()
    assert titles == ["Parigi"]
    for _ in range(3):
        make.news_item(title_it="Parigi").cities.add(fabriano)
    assert visit() == (one, ["Parigi"] * 4)


def test_a_change_can_be_taken_back(admin, coordinator):
    item = make.news_item(title_it="Prima")
    admin.post(f"{LIST}{item.pk}/change/", sent(title_it="Dopo"))
    before = item.history.earliest()

    assert item.history.latest().history_user == coordinator
    history = admin.get(f"{LIST}{item.pk}/history/")
    assert history.status_code == 200
    assert admin.get(f"{LIST}{item.pk}/history/{before.pk}/").status_code == 200
    admin.post(f"{LIST}{item.pk}/history/{before.pk}/", sent(title_it="Prima"))
    item.refresh_from_db()
    assert item.title_it == "Prima"


def test_a_page_remembers_the_day_of_its_last_change(admin):
    page = make.page(slug="privacy", updated_on=date(2025, 1, 1))
    with time_machine.travel("2026-07-01T12:00:00+02:00"):
        admin.post(
            f"/admin/news/page/{page.pk}/change/", {"title_it": "Privacy", "text_it": "<p>No</p>"}
        )
    page.refresh_from_db()
    assert (page.title_it, page.updated_on) == ("Privacy", date(2026, 7, 1))
    assert page.slug == "privacy"


def test_the_public_sees_the_page_from_view_on_site(admin):
    page = make.page(slug="privacy")
    change = admin.get(f"/admin/news/page/{page.pk}/change/").text
    link = re.search(r'href="(/admin/r/[^"]*)"', change)[1]
    assert admin.get(link)["Location"].endswith("/it/pagine/privacy/")


def test_a_page_can_be_added(admin):
    admin.post(
        "/admin/news/page/add/", {"title_it": "Aiuto", "slug": "aiuto", "text_it": "<p>A</p>"}
    )
    assert Page.objects.get().get_absolute_url() == "/it/pagine/aiuto/"
