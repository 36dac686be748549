"""The page cache: what is kept, for whom, and that a change shows at the next request."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import translation

from network.page_cache import Kept
from tests import make, page_urls, showcase
from tests.test_doors import OPEN, doors

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")

# Open doors that lead to no page which is the same for all and kept whole.
NOT_KEPT = {
    "programs, in their own formats": {
        "api_projects", "api_project", "api_cities", "api_city", "api_openapi", "api_nothing",
    },
    "its own key opens it": {"personal_calendar"},
    "kept by itself, and by browsers for an hour": {"project_share_picture"},
    "the door of documents": {"document_download", "document_version", "meeting_papers"},
    "by the link of a letter": {
        "meeting_paper", "meeting_answer_papers", "invitation_accept", "invitation_passkey",
        "partnership_answer", "action_answer", "minutes_answer", "minutes_answer_pdf",
        "meeting_answer", "meeting_answer_calendar", "city_checkup",
    },
}  # fmt: skip
OF_ALLAUTH = ("account_", "mfa_", "openid_", "socialaccount_")


def kept():
    """The pages in the cache."""
    pages = caches["pages"]
    entries = [pages.get(key.removeprefix(":1:")) for key in list(pages._cache)]
    return [entry for entry in entries if isinstance(entry, Kept)]


def text_of_all():
    return "".join(page.bodies[""].decode() for page in kept())


@pytest.fixture
def odd_pages(settings):
    settings.ROOT_URLCONF = "tests.page_urls"


def test_every_open_door_leads_to_a_page_that_is_kept_or_there_is_a_reason():
    public = {name for name, _address, view in doors() if hasattr(view, "parameters")}
    reasons = set().union(*NOT_KEPT.values())
    others = {name for name in OPEN - public - reasons if not name.startswith(OF_ALLAUTH)}
    assert public <= OPEN
    assert {name for name in others if "security" not in name and "status" not in name} == set()


def test_the_second_visitor_gets_the_kept_page_after_one_question(client):
    make.project(lead=make.city(name="Fabriano"), status="published", title_it="Carta")
    first = client.get("/it/progetti/")
    with CaptureQueriesContext(connection) as queries:
        again = [client.get("/it/progetti/"), Client().get("/it/progetti/")]
    asked = [query["sql"] for query in queries]
    assert len(asked) == 2
    assert all(sql.endswith("FROM journal_revision") for sql in asked)
    assert {page.content for page in again} == {first.content}
    assert "Carta" in first.text
    assert len(kept()) == 1


def test_a_change_shows_at_the_next_request_to_every_worker(fabriano, parma_delegate):
    workers = [Client(), Client()]
    project = make.project(lead=fabriano, status="published", slug="carta", title_it="Carta")
    for worker in workers:
        assert "Carta" in worker.get("/it/progetti/carta/").text
    project.title_it = "Filigrana"
    project.save()
    for worker in workers:
        assert "Filigrana" in worker.get("/it/progetti/carta/").text
        assert "Filigrana" in worker.get("/it/progetti/").text


def test_what_is_withdrawn_is_gone_at_once_and_forgotten(fabriano, fabriano_delegate):
    project = make.project(lead=fabriano, status="published", slug="carta", title_it="Marte")
    make.delegate(city=fabriano)
    workers = [Client(), Client()]
    assert [worker.get("/it/progetti/carta/").status_code for worker in workers] == [200, 200]
    project.withdraw(by=fabriano_delegate)
    assert [worker.get("/it/progetti/carta/").status_code for worker in workers] == [410, 410]
    assert "Marte" not in text_of_all()


def test_a_draft_never_reaches_the_cache(fabriano, fabriano_delegate, client, as_user):
    make.project(lead=fabriano, status="draft", slug="carta", title_it="Carta segreta")
    make.news_item(is_published=False, slug="segreta", title_it="Notizia segreta")
    make.meeting(status="draft", slug="segreto", title_it="Incontro segreto")
    visitor, delegate = Client(), as_user(fabriano_delegate)
    for address in ("progetti/carta/", "notizie/segreta/", "incontri/segreto/", "progetti/", "",
                    "notizie/", "incontri/", "cerca/?q=segreta", "citta/fabriano/"):  # fmt: skip
        delegate.get(f"/it/{address}")
        visitor.get(f"/it/{address}")
    assert len(kept()) == 6
    assert all(b"egret" not in page.bodies[""].replace(b"segreta&quot;", b"").replace(
        b'value="segreta"', b"") or b"cerca" in page.bodies[""] for page in kept())  # fmt: skip
    assert "Carta segreta" not in text_of_all()
    assert "Notizia segreta" not in text_of_all()
    assert "Incontro segreto" not in text_of_all()


def test_a_page_of_somebody_logged_in_is_never_kept(fabriano, fabriano_delegate, as_user):
    make.project(lead=fabriano, status="published", slug="carta")
    visitor, delegate = Client(), as_user(fabriano_delegate)
    for address in ("/it/", "/it/progetti/carta/", "/it/citta/fabriano/", "/it/cerca/?q=carta"):
        mine = delegate.get(address)
        assert "Fabia" in mine.text
        assert mine["Cache-Control"] == "no-cache, private"
        assert kept() == []
    theirs = visitor.get("/it/progetti/carta/")
    assert "Fabia" not in theirs.text
    assert "Fabia" in delegate.get("/it/progetti/carta/").text


@pytest.mark.parametrize("view", page_urls.NEVER, ids=lambda view: view.__name__)
def test_what_is_for_one_visitor_or_went_wrong_is_never_kept(odd_pages, view):
    visitor = Client(raise_request_exception=False)
    answers = [visitor.get(f"/it/never/{view.__name__}/") for _time in range(2)]
    assert kept() == []
    if view is page_urls.with_nonce:
        assert answers[0].content != answers[1].content
    if view is page_urls.with_cookie:
        assert [answer.cookies["mine"].value for answer in answers] == ["only", "only"]
    if view is page_urls.failing:
        assert [answer.status_code for answer in answers] == [500, 500]


def test_pages_that_are_not_there_are_not_kept(client):
    statuses = [client.get(f"/it/progetti/nr-{number}/").status_code for number in range(3)]
    assert statuses == [404, 404, 404]
    assert kept() == []


def test_a_meeting_becomes_past_by_itself(client):
    starts = datetime(2026, 11, 24, 10, tzinfo=ROME)
    make.meeting(slug="plenaria", title_it="Plenaria", starts_at=starts, hours=3)
    over = starts + timedelta(hours=3)
    with time_machine.travel(over - timedelta(minutes=1), tick=False):
        assert "Plenaria" in client.get("/it/").text
        assert "Plenaria" in Client().get("/it/").text
    with time_machine.travel(over + timedelta(seconds=1), tick=False):
        assert "Plenaria" not in client.get("/it/").text
        assert "Plenaria" not in Client().get("/it/").text


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 1)])
def test_news_with_a_day_comes_out_at_midnight_in_rome(client, day):
    make.news_item(slug="premio", title_it="Il premio", published_on=day)
    day = datetime.combine(day, time.min, tzinfo=ROME)
    with time_machine.travel(day - timedelta(seconds=1), tick=False):
        assert "Il premio" not in client.get("/it/notizie/").text
        assert client.get("/it/notizie/premio/").status_code == 404
    with time_machine.travel(day + timedelta(seconds=1), tick=False):
        assert "Il premio" in client.get("/it/notizie/").text
        assert client.get("/it/notizie/premio/").status_code == 200


def test_a_term_of_office_ends_by_itself(client):
    city = make.city(name="Fabriano")
    last = datetime(2026, 11, 30, tzinfo=ROME)
    make.mandate(city=city, role="lead", ends_on=last.date())
    with time_machine.travel(last.replace(hour=23, minute=59), tick=False):
        led = client.get("/it/").text
    with time_machine.travel(last + timedelta(days=1), tick=False):
        assert client.get("/it/").text != led


class Recording(QueryDict):
    """A query that remembers which parameters are asked for."""

    asked = set()

    def get(self, name, default=None):
        self.asked.add(name)
        return super().get(name, default)

    def __getitem__(self, name):
        self.asked.add(name)
        return super().__getitem__(name)

    def getlist(self, name, default=None):
        self.asked.add(name)
        return super().getlist(name, default)

    def __contains__(self, name):
        self.asked.add(name)
        return super().__contains__(name)


def test_what_a_page_reads_of_a_query_is_declared():
    undeclared = {}
    with showcase.standing():
        for address in showcase.addresses():
            path = address.split("?")[0]
            with translation.override(translation.get_language_from_path(path) or "it"):
                match = resolve(path)
                if not hasattr(match.func, "parameters"):
                    continue
                request = RequestFactory().get(path)
                request.user = make_visitor()
                request.resolver_match = match
                query = Recording("x=1")
                query.asked = set()
                request.GET = query
                response = match.func(request, *match.args, **match.kwargs)
                if hasattr(response, "render"):
                    response.render()
                if extra := query.asked - match.func.parameters - read_by_all(match):
                    undeclared[address] = extra
    assert undeclared == {}


def read_by_all(match):
    """The canonical address of every page asks for the number of a list's page."""
    return set() if "page" in match.func.parameters else {"page"}


def make_visitor():
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()
