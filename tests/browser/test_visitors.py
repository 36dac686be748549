"""What a visit costs and leaves behind: few bytes, few requests, no cookie."""

import brotli
import pytest
from django.conf import settings as portal

from cities.models import City
from tests import make, showcase
from tests.browser.conftest import CHROMIUM, FLAGS

pytestmark = pytest.mark.django_db(transaction=True)

MOST_BYTES = 80 * 1024
MOST_REQUESTS = 12


@pytest.fixture
def network(transactional_db):
    showcase.build()


def test_a_visitor_leaves_with_no_cookie_and_nothing_stored(network, page):
    for address in showcase.addresses():
        assert page.goto(address).status == 200, address
        assert page.context.cookies() == [], address
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_back_button_shows_nobody_what_was_for_somebody_else(network, chromium, live_server):
    """In a browser that holds the last pages in memory, as people's do, not playwright's own."""
    person = make.delegate(city=City.objects.get(slug="parma"), first_name="Ada", last_name="Neri")
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    page = browser.new_page(base_url=live_server.url)
    page.goto("/it/citta/")
    page.goto("/it/accounts/login/")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", make.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/it/scrivania/")
    page.evaluate("history.go(-2)")
    page.wait_for_url("**/it/citta/")
    assert page.locator("header").get_by_text("Ada Neri").is_visible()
    page.goto("/it/accounts/logout/")
    page.locator("main form button").click()
    page.wait_for_url("**/it/")
    page.evaluate("history.go(-2)")
    page.wait_for_url("**/it/citta/")
    assert page.locator("header").get_by_text("Ada Neri").count() == 0
    browser.close()


def test_a_first_view_without_photographs_is_light(network, window):
    for address in showcase.addresses():
        weights = weigh(window(viewport={"width": 360, "height": 740}), address)
        said = "\n".join([address, *(f"{bytes:7} {url}" for url, bytes in weights.items())])
        assert sum(weights.values()) <= MOST_BYTES, said
        assert len(weights) <= MOST_REQUESTS, said


def weigh(page, address):
    """What a first visit fetches besides photographs: {address: bytes}."""
    fetched = {}

    def note(request):
        fetched[request.url] = request

    page.on("requestfinished", note)
    page.goto(address, wait_until="networkidle")
    weights = {
        url: weight(request)
        for url, request in fetched.items()
        if portal.MEDIA_URL not in url and not url.startswith("data:")
    }
    page.close()
    return weights


def weight(request):
    """Bytes on the way; static text as production sends it, which this server does not."""
    if portal.STATIC_URL in request.url and not request.url.endswith((".woff2", ".png")):
        return len(brotli.compress(request.response().body()))
    return request.sizes()["responseBodySize"]
