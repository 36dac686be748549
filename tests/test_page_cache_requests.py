"""The page cache: nothing of what one visitor sends reaches another, and what browsers are told."""

import gzip
import threading
import time
from itertools import count

import brotli
import pytest
import time_machine
from django.core.cache import caches
from django.db import connections
from django.http import HttpResponse
from django.test import Client, RequestFactory

from network.page_cache import LARGEST, PageCache, coding_for
from tests import make

pytestmark = pytest.mark.django_db

DEAD = {
    "gone": {"BACKEND": "network.caches.MachineCache", "LOCATION": "/proc/nowhere/pages.sqlite3"},
    "dead Redis": {"BACKEND": "network.caches.ForgivingRedis", "LOCATION": "redis://127.0.0.1:1"},
}


@pytest.fixture
def odd_pages(settings):
    settings.ROOT_URLCONF = "tests.page_urls"


def entries():
    return len([key for key in caches["pages"]._cache if "building" not in key])


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "en"},
        {"cookie": "django_language=en"},
        {"cookie": "csrftoken=abc; other=1"},
        {"x-forwarded-host": "evil.example"},
        {"x-forwarded-proto": "https"},
        {"x-original-url": "/it/scrivania/", "x-rewrite-url": "/admin/"},
        {"x-http-method-override": "POST"},
        {"accept": "application/json"},
        {"hx-request": "true", "x-fragment": "1", "x-requested-with": "XMLHttpRequest"},
        {"range": "bytes=0-10"},
        {"authorization": "Basic eDp5"},
        {"user-agent": "<script>", "referer": "https://evil.example/"},
        {"if-modified-since": "Mon, 23 Nov 2026 00:00:00 GMT"},
    ],
    ids=", ".join,
)
def test_a_page_knows_nothing_of_the_headers_it_was_asked_with(odd_pages, headers):
    first = Client().get("/it/telling/", headers=headers)
    assert first.status_code == 200
    assert first.content == Client().get("/it/telling/").content
    assert entries() == 1
    told = first.json()
    sent = {name for name in told if name.startswith("HTTP_")}
    assert sent <= {"HTTP_HOST"}
    assert told["COOKIES"] == {}


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("", ""),
        ("utm_source=evil&fbclid=1", ""),
        ("q=&city=", ""),
        ("city=b&q=a&x=1", "city=b&q=a"),
        ("q=a&city=b", "city=b&q=a"),
        ("city=b&city=a", "city=b&city=a"),
        ("q=%ff%fe", "q=%EF%BF%BD%EF%BF%BD"),
        ("q=carta+e%20penna", "q=carta+e+penna"),
        ("q=%F0%9F%8E%A8", "q=%F0%9F%8E%A8"),
        ("q", ""),
        ("&&==&q=1", "q=1"),
    ],
)
def test_a_page_gets_the_parameters_it_reads_in_order_and_no_others(odd_pages, query, read):
    told = Client().get(f"/it/telling/?{query}").json()
    assert told["GET"] == read
    assert told["address"] == "/it/telling/" + (f"?{read}" if read else "")


def test_the_same_question_is_kept_once_however_it_is_written(odd_pages):
    for query in ("q=a&city=b", "city=b&q=a", "city=b&x=y&q=a&q=", "q=a&&city=b&utm_id=9"):
        Client().get(f"/it/telling/?{query}")
    assert entries() == 1


def test_absurd_queries_neither_break_nor_fill_the_cache(odd_pages):
    many = "&".join(f"x{number}=1" for number in range(10_000))
    assert Client().get(f"/it/?{many}").status_code == 200  # which reads none
    assert Client().get(f"/it/telling/?{many}").status_code == 400
    assert Client().get("/it/telling/?q=" + "a" * 3000).status_code == 200
    assert entries() == 1


@pytest.mark.parametrize(
    "path",
    [
        "//it/telling/",
        "/it//telling/",
        "/it/telling",
        "/IT/telling/",
        "/it/telling/%00",
        "/it/telling/;x=1",
        "/it/%2e%2e/",
    ],
)
def test_paths_that_only_look_alike_are_not_the_page(odd_pages, path):
    assert Client().get(path).status_code in (301, 302, 404)
    assert entries() == 0


def test_a_page_is_kept_for_each_host_and_never_for_a_stranger(odd_pages, settings):
    settings.ALLOWED_HOSTS = ["testserver", "www.example.org"]
    hosts = {}
    for host in ("testserver", "www.example.org", "WWW.Example.ORG", "www.example.org:8443"):
        hosts[host] = Client().get("/it/telling/", headers={"host": host}).json()["host"]
    assert hosts["www.example.org"] == hosts["WWW.Example.ORG"] == "www.example.org"
    assert hosts["www.example.org:8443"] == "www.example.org:8443"
    assert Client().get("/it/telling/", headers={"host": "evil.example"}).status_code == 400
    assert entries() == 3


def test_https_and_http_are_kept_apart(odd_pages):
    assert Client().get("/it/telling/", secure=True).status_code == 200
    assert Client().get("/it/telling/").status_code == 200
    assert entries() == 2


def test_links_on_a_page_never_carry_what_a_stranger_added(fabriano, client):
    for number in range(13):
        make.project(lead=fabriano, status="published", title_it=f"Carta {number}")
    page = client.get("/it/progetti/?utm_source=evil&city=fabriano&next=//evil.example")
    assert "evil" not in page.text
    assert "city=fabriano&amp;page=2" in page.text


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br, gzip", "br"),
        ("gzip, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("gzip;q=0", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("gzip;q=0.2, identity", ""),
        ("deflate, zstd", ""),
        ("GZIP", "gzip"),
        ("gzip;q=much", ""),
        ("", ""),
        (",;,q=1", ""),
    ],
)
def test_a_browser_gets_the_coding_it_likes_best(accepted, coding):
    assert coding_for(accepted, {"": b"", "gzip": b"", "br": b""}) == coding


def test_each_coding_holds_the_same_page_and_tells_its_length(client):
    plain = client.get("/it/")
    for coding, unpack in [("br", brotli.decompress), ("gzip", gzip.decompress)]:
        packed = client.get("/it/", headers={"accept-encoding": coding})
        assert packed["Content-Encoding"] == coding
        assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 3
        assert unpack(packed.content) == plain.content
        assert packed["ETag"] == plain["ETag"]
    assert "Content-Encoding" not in plain
    assert int(plain["Content-Length"]) == len(plain.content)


def test_a_browser_that_has_the_page_is_told_so(client):
    """RFC 9110, sections 13.1.2 and 15.4.5."""
    page = client.get("/it/")
    assert page["ETag"].startswith('W/"')
    for known in (page["ETag"], f'"other", {page["ETag"]}', page["ETag"].removeprefix("W/"), "*"):
        answer = Client().get("/it/", headers={"if-none-match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary"):
            assert answer[name] == page[name]
        assert "Content-Encoding" not in answer
    assert client.get("/it/", headers={"if-none-match": '"other"'}).content == page.content
    assert client.get("/en/", headers={"if-none-match": page["ETag"]}).status_code == 200


def test_a_changed_page_is_sent_anew(client):
    item = make.news_item(title_it="Prima")
    before = client.get("/it/notizie/")
    item.title_it = "Dopo"
    item.save()
    after = client.get("/it/notizie/", headers={"if-none-match": before["ETag"]})
    assert (after.status_code, "Dopo" in after.text) == (200, True)


def test_no_page_of_a_visitor_is_good_for_who_has_logged_in_or_the_reverse(
    fabriano_delegate, as_user
):
    addresses = ("/it/", "/it/incontri/calendario.ics", "/robots.txt")
    theirs = {address: Client().get(address) for address in addresses}
    delegate = as_user(fabriano_delegate)
    for address in addresses[:2]:
        page = theirs[address]
        assert {"Cookie", "Accept-Encoding"} <= set(page["Vary"].split(", "))
        assert page["Cache-Control"] == "no-cache"
        mine = delegate.get(address, headers={"if-none-match": page["ETag"]})
        assert mine.status_code == 200
        assert "private" in mine["Cache-Control"]
        if "ETag" in mine:
            asked = Client().get(address, headers={"if-none-match": mine["ETag"]})
            assert asked.status_code == 200


def test_head_tells_the_same_without_the_page(client):
    head = Client().head("/it/")
    page = client.get("/it/")
    assert head.content == b""
    told = [{**answer.headers, "X-Request-ID": ""} for answer in (head, page)]
    assert told[0] == told[1]


@pytest.mark.parametrize("pages", DEAD.values(), ids=DEAD)
def test_a_cache_that_is_gone_is_no_reason_to_fail_or_to_wait(settings, pages):
    make.news_item(title_it="Il premio")
    settings.CACHES = {**settings.CACHES, "pages": pages}
    began = time.monotonic()
    assert "Il premio" in Client().get("/it/notizie/").text
    for _time in range(5):
        assert "Il premio" in Client().get("/it/notizie/").text
    assert time.monotonic() - began < 10


def test_a_damaged_cache_is_begun_anew(settings, tmp_path):
    place = tmp_path / "pages.sqlite3"
    place.write_bytes(b"rubbish" * 1000)
    pages = {"BACKEND": "network.caches.MachineCache", "LOCATION": str(place)}
    settings.CACHES = {**settings.CACHES, "pages": pages}
    assert [Client().get("/it/").status_code for _time in range(3)] == [200] * 3


def test_what_lies_in_the_cache_and_is_no_page_is_built_anew(settings):
    Client().get("/it/")
    pages = caches["pages"]
    for key in list(pages._cache):
        pages.set(key.removeprefix(":1:"), "rubbish")
    assert Client().get("/it/").status_code == 200


def test_nearby_pages_take_no_more_than_their_room(rf):
    pages = PageCache(lambda request: HttpResponse(b"x" * LARGEST))
    for number in range(30):
        pages(rf.get("/it/progetti/", {"page": number}))
    assert pages.nearby.bytes <= pages.nearby.most
    assert len(pages.nearby.pages) < 30


class Slow:
    """A view that takes as long as it is held up, and counts how often it was asked."""

    def __init__(self):
        self.number, self.begun, self.go_on = 0, threading.Event(), threading.Event()
        self.go_on.set()

    def __call__(self, request):
        self.number += 1
        number = self.number
        self.begun.set()
        assert self.go_on.wait(20)
        return HttpResponse(f"page {number}")


@pytest.mark.django_db(transaction=True)
def test_one_builds_a_page_anew_and_the_others_get_the_last_one(settings, tmp_path):
    view = Slow()
    workers = [PageCache(view), PageCache(view)]
    got, errors = [], []

    def ask(worker):
        try:
            got.append(worker(RequestFactory().get("/it/")).content)
        except Exception as error:  # noqa: BLE001  told below
            errors.append(error)
        finally:
            connections.close_all()

    for worker in workers:
        ask(worker)
    assert got == [b"page 1", b"page 1"]
    got.clear()
    make.news_item()
    view.begun.clear()
    view.go_on.clear()
    builder = threading.Thread(target=ask, args=[workers[0]])
    builder.start()
    assert view.begun.wait(20)
    others = [threading.Thread(target=ask, args=[workers[number % 2]]) for number in range(20)]
    for thread in others:
        thread.start()
    for thread in others:
        thread.join(20)
    assert errors == []
    assert got == [b"page 1"] * 20
    view.go_on.set()
    builder.join(20)
    assert got[-1] == b"page 2"
    ask(workers[1])
    assert (got[-1], view.number) == (b"page 2", 2)


def test_whoever_comes_long_after_a_change_never_gets_the_last_one(rf, settings):
    """Even while somebody is building the page: it may have been withdrawn an hour ago."""
    got, waits, built = [], [], count(1)

    def view(request):
        if waits:
            waits.pop()
            got.append(pages(rf.get("/it/")).content)
        return HttpResponse(f"page {next(built)}")

    pages = PageCache(view)
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        for pause, meanwhile in [(1, b"page 1"), (3600, b"page 3")]:
            pages(rf.get("/it/"))
            clock.shift(pause)
            make.news_item()
            waits.append("while this is built")
            pages(rf.get("/it/"))
            assert got.pop() == meanwhile


def test_a_rebuild_that_fails_says_so_and_leaves_the_last_page_to_nobody_later(rf):
    statuses = [200, 500, 500, 200]
    pages = PageCache(lambda request: HttpResponse("page", status=statuses.pop(0)))
    assert pages(rf.get("/it/")).status_code == 200
    make.news_item()
    assert [pages(rf.get("/it/")).status_code for _time in range(4)] == [500, 500, 200, 200]
