"""The benchmark measures what it says: every page is there, and asks no more than it may."""

import threading
from collections import Counter
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from cities.models import City
from meetings.models import Meeting
from news.models import NewsItem
from projects.models import Project
from tests.bench import data, pages, report
from tests.bench.driver import CONNECTIONS, Reader, asking, drive

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(db):
    """The smallest data set."""
    data.grow(data.TINY)


def test_a_data_set_has_the_size_it_was_asked_for_and_grows(network):
    larger = data.Size(cities=18, projects=40, meetings=34, news=12)
    data.grow(larger)
    counts = [
        City.objects.members().count(),
        Project.objects.count(),
        Meeting.objects.count(),
        NewsItem.objects.count(),
    ]
    assert counts == list(larger)
    assert Project.objects.get(slug=data.SHOWN).is_public


def test_every_page_is_what_it_should_be_and_asks_no_more_than_it_may(network):
    found = pages.everything()
    names = [page["name"] for page in found["public"] + found["inside"]]
    assert len(names) == len(set(names)) == 17
    assert len(found["drafts"]) == data.DRAFTS == CONNECTIONS
    too_many = {
        page["name"]: page["questions"]
        for page in found["public"] + found["inside"]
        if page["kind"] and page["questions"] > pages.LIMITS[page["kind"]]
    }
    assert too_many == {}


class Quiet(WSGIRequestHandler):
    """Says nothing."""

    def log_message(self, *arguments):
        pass


def test_the_driver_counts_answers_bytes_and_what_is_not_2xx():
    def answer(environ, start_response):
        is_there = environ["PATH_INFO"] == "/"
        body = b"x" * 300_000 if is_there else b"no"
        start_response(
            "200 OK" if is_there else "404 Not Found", [("Content-Length", str(len(body)))]
        )
        return [body]

    with make_server("127.0.0.1", 0, answer, handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        requests = [asking(address, "/"), asking(address, "/gone")]
        found = drive(address, [Reader(requests[:1]), Reader(requests[1:])])
        server.shutdown()
    assert found.statuses == Counter({b"200": 1, b"404": 1})
    assert (found.read, found.bad, found.count) == (300_002, 1, 2)


def test_figures_are_written_between_the_markers_alone(tmp_path):
    document = tmp_path / "page.md"
    document.write_text(
        "Before\n<!-- figures -->\nold\n<!-- /figures -->\nAfter\n", encoding="utf-8"
    )
    report.write("new", document)
    assert document.read_text(encoding="utf-8") == (
        "Before\n<!-- figures -->\n\nnew\n<!-- /figures -->\nAfter\n"
    )
