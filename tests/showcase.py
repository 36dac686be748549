"""A small network in which every public page has something to show."""

from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.test import TestCase
from django.urls import reverse
from django.utils import translation

from tests import make

LANGUAGES = ["it", "en"]


def build():
    """Cities with offices and terms, projects together, meetings with papers, news and pages."""
    fabriano = make.city(name="Fabriano", slug="fabriano", field="crafts-folk-art", region="11")
    parma = make.city(name="Parma", slug="parma", field="gastronomy", region="08")
    make.city(name="Torino", slug="torino", field="design", region="01")
    for slug in ("film", "literature", "media-arts", "music", "architecture"):
        make.field(slug=slug)
    make.office(city=fabriano, email="cultura@example.org")
    for slug in ("accessibility", "privacy", "credits", "join"):
        make.page(slug=slug, text_it="<p>Come leggere questa pagina e a chi scrivere.</p>")
    agreement = make.agreement(signatories=[fabriano, parma], is_founding=True, place=fabriano)
    project = add_projects(fabriano, parma, make.line(agreement=agreement, number=1))
    add_meetings(fabriano, parma, project)
    add_news([fabriano, parma], project)


def add_projects(fabriano, parma, line):
    make.project(lead=parma, status="archived", fields=["gastronomy"], is_demo=True)
    return make.project(
        lead=fabriano,
        partners=[parma],
        status="published",
        slug="carta",
        fields=["crafts-folk-art", "gastronomy"],
        lines=[line],
        goals=[make.goal(number=11)],
        text_it="<p>La carta che suona.</p>",
        picture=make.picture_upload(),
        picture_alt_it="Fogli di carta",
        looking_for_partners=True,
    )


def add_meetings(fabriano, parma, project):
    meeting = make.meeting(host=fabriano, slug="plenaria", venue="Museo della carta")
    make.agenda_item(meeting=meeting)
    make.document(owner=meeting)
    make.mandate(city=parma, role="support")
    make.decision(meeting=meeting, mandates=[make.mandate(city=fabriano)], projects=[project])
    make.meeting(host=parma, starts_at=meeting.starts_at - timedelta(days=1500), status="held")


def add_news(cities, project):
    item = make.news_item(
        slug="parigi",
        summary_it="Le nostre città a Parigi",
        summary_en="Our cities in Paris",
        picture=make.picture_upload(),
        picture_alt_it="Parigi",
    )
    item.cities.add(*cities)
    item.projects.add(project)
    make.news_item(slug="londra", title_en="", is_demo=True)


@contextmanager
def standing():
    """The small network in the database for as long as this lasts, once for many tests."""
    with transaction.atomic():
        with TestCase.captureOnCommitCallbacks(execute=True):  # which makes pictures' widths
            build()
        yield
        transaction.set_rollback(True)


PAGES = {
    "home": [],
    "network_page": [],
    "security": [],
    "search": [],
    "city_list": [],
    "city_detail": ["fabriano"],
    "cluster_list": [],
    "cluster_detail": ["gastronomy"],
    "project_list": [],
    "project_detail": ["carta"],
    "meeting_list": [],
    "meeting_detail": ["plenaria"],
    "news_list": [],
    "news_detail": ["parigi"],
    "page_detail": ["privacy"],
}


def addresses(*languages):
    """Where the public pages of the small network stand, in these languages or in all."""
    found = []
    for language in languages or LANGUAGES:
        with translation.override(language):
            found += [reverse(name, args=arguments) for name, arguments in PAGES.items()]
    return found
