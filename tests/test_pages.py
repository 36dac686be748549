"""The pages that coordinators edit: accessibility, privacy, credits, how to join."""

from datetime import date

import pytest
from django.core.management import call_command

from news.models import Page
from tests import make

pytestmark = pytest.mark.django_db


def test_a_page_shows_its_text_and_when_it_was_updated(client):
    make.page(slug="privacy", title_it="Riservatezza", updated_on=date(2026, 4, 5))

    page = client.get("/it/pagine/privacy/").text

    assert '<h1 lang="it">Riservatezza</h1>' in page
    assert "<p>Testo</p>" in page
    assert "5 aprile 2026" in page


def test_an_unknown_page_is_not_found(client):
    assert client.get("/it/pagine/nessuna/").status_code == 404


def test_only_coordinators_are_led_to_edit_it(client, as_user, coordinator, observer, settings):
    settings.COORDINATORS_NEED_MFA = False
    page = make.page(slug="privacy")
    edit = f"/admin/news/page/{page.pk}/change/"

    assert edit not in client.get("/it/pagine/privacy/").text
    assert edit not in as_user(observer).get("/it/pagine/privacy/").text
    assert edit in as_user(coordinator).get("/it/pagine/privacy/").text


def test_the_pages_that_the_footer_leads_to_come_with_the_network(client):
    call_command("load_network", verbosity=0)
    assert set(Page.objects.values_list("slug", flat=True)) >= {
        "accessibility",
        "privacy",
        "credits",
    }
    for page in Page.objects.all():
        for address in (f"/it/pagine/{page.slug}/", f"/en/pages/{page.slug}/"):
            assert client.get(address).status_code == 200
        assert page.text_it
        assert page.text_en
