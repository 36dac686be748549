"""The gallery of a project by keyboard, without scripts, and a project in somebody else's frame."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from projects.parts import ProjectImage
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

FRAME = "dialog.lightbox"


@pytest.fixture
def carta(transactional_db):
    city = make.city(name="Fabriano", slug="fabriano")
    project = make.project(lead=city, status="published", slug="carta", title_it="Carta")
    for words in ["Prima", "Seconda", "Terza"]:
        ProjectImage.objects.create(
            project=project, picture=make.picture_upload(), picture_alt_it=words
        )
    return project


def test_pictures_open_step_and_close_by_keyboard_and_focus_comes_back(carta, page):
    page.goto("/it/progetti/carta/")
    links = page.locator("[data-gallery] a:has(img)")
    links.nth(1).focus()
    page.keyboard.press("Enter")
    shown = page.locator(f"{FRAME}[open] img")
    assert shown.get_attribute("alt") == "Seconda"
    page.keyboard.press("ArrowRight")
    assert shown.get_attribute("alt") == "Terza"
    page.keyboard.press("ArrowRight")
    assert shown.get_attribute("alt") == "Prima"
    page.keyboard.press("ArrowLeft")
    assert page.locator(".lightbox__place").inner_text() == "3 / 3"
    page.keyboard.press("Escape")
    assert page.locator(f"{FRAME}[open]").count() == 0
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused == links.nth(2).get_attribute("href")
    assert page.url.endswith("/it/progetti/carta/")


def test_without_scripts_a_picture_leads_to_its_page_and_on_to_the_next(carta, window):
    page = window(java_script_enabled=False)
    page.goto("/it/progetti/carta/")
    page.locator("[data-gallery] a:has(img)").first.click()
    assert page.locator("h1").inner_text() == "Prima"
    page.locator("a[rel=next]").click()
    assert page.locator("h1").inner_text() == "Seconda"


@pytest.fixture
def elsewhere():
    """A site of somebody else; `elsewhere(html)` puts a page there and answers its address."""
    pages = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages[-1].encode())

        def log_message(self, *_words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        yield lambda html: pages.append(html) or address
        server.shutdown()


def test_the_card_stands_in_the_frame_of_another_site_and_leads_out_of_it(
    carta, page, window, elsewhere, live_server
):
    page.goto("/it/progetti/carta/")
    code = page.locator("#embed-code").text_content()
    other = window(rough=True)
    other.goto(elsewhere(code))
    other.frame_locator("iframe").locator("h1 a").click()
    other.wait_for_url(f"{live_server.url}/it/progetti/carta/")
    assert other.locator("h1").text_content() == page.locator("h1").text_content()
