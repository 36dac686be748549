"""A citizen walks from the home page to a city and to a project, in two languages."""

import re

import pytest
from playwright.sync_api import expect

from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network(transactional_db):
    fabriano = make.city(name="Fabriano", slug="fabriano", field="crafts-folk-art")
    make.city(name="Parma", slug="parma", field="gastronomy", latitude="44.8", longitude="10.3")
    make.project(
        lead=fabriano,
        status="published",
        slug="carta",
        title_it="La carta che suona",
        title_en="Paper that sounds",
        fields=["crafts-folk-art"],
    )


@pytest.mark.parametrize("with_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_citizen_walks_from_the_map_to_a_project_and_reads_it_in_english(
    network, window, with_scripts
):
    page = window(java_script_enabled=with_scripts)
    heading = page.get_by_role("heading", level=1)

    page.goto("/")
    expect(page).to_have_url(re.compile("/it/$"))
    page.locator("figure.map").get_by_role("link", name="Fabriano").click()
    expect(page).to_have_url(re.compile("/it/citta/fabriano/$"))
    expect(heading).to_have_text("Fabriano")

    page.get_by_role("link", name="La carta che suona").click()
    expect(page).to_have_url(re.compile("/it/progetti/carta/$"))
    expect(heading).to_have_text("La carta che suona")

    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile("/en/projects/carta/$"))
    expect(heading).to_have_text("Paper that sounds")
    page.get_by_role("link", name="Italiano").click()
    expect(page).to_have_url(re.compile("/it/progetti/carta/$"))

    above = page.locator(".breadcrumb").get_by_role("link")
    above.last.click()
    expect(page).to_have_url(re.compile("/it/progetti/$"))
    above.first.click()
    expect(page).to_have_url(re.compile("/it/$"))
    assert page.context.cookies() == []


def test_a_citizen_opens_the_menu_without_scripts(network, window):
    page = window(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.goto("/en/")
    menu = page.get_by_role("navigation", name="Main")

    menu.locator(".menu-toggle summary").click()
    menu.locator("summary", has_text="Cities").click()
    menu.get_by_role("link", name="Gastronomy").click()

    expect(page).to_have_url(re.compile("/en/clusters/gastronomy/$"))
    expect(page.get_by_role("main").get_by_role("link", name="Parma")).to_be_visible()
