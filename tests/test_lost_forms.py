"""Nobody loses text, not even when the session has ended."""

import pytest
from django.test import Client

from projects.models import Project
from tests import make
from tests.filling import beginning
from tests.markup import Page

pytestmark = pytest.mark.django_db

HOME = "http://testserver"
NEW = "/it/progetti/nuovo/"


@pytest.fixture
def browser():
    """A browser as it is: it sends the token, and says where a form comes from."""
    return Client(enforce_csrf_checks=True, headers={"origin": HOME})


def typed_into(browser, city):
    token = browser.cookies["csrftoken"].value
    words = {"title_it": "Carta & colla", "summary_it": "Tutto ciò che ho scritto."}
    return beginning(city, **words, csrfmiddlewaretoken=token)


def sent_again(page):
    """What the page's form sends."""
    form = {}
    for field in Page(page.text).all("input"):
        if field["type"] == "hidden":
            form.setdefault(field["name"], []).append(field["value"])
    return form


def log_in(browser):
    browser.get("/it/accounts/login/")
    token = browser.cookies["csrftoken"].value
    person = {"login": "fabriano@example.org", "password": make.PASSWORD}
    browser.post("/it/accounts/login/", {**person, "csrfmiddlewaretoken": token})


def test_what_was_typed_outlives_the_session_and_is_sent_again(
    browser, fabriano, fabriano_delegate
):
    log_in(browser)
    browser.get(NEW)
    typed = typed_into(browser, fabriano)
    del browser.cookies["sessionid"]

    lost = browser.post(NEW, typed)
    assert lost.status_code == 403
    assert Page(lost.text).all("h1")[0].text == "Niente di ciò che hai scritto è andato perso"
    assert Page(lost.text).faults == []
    log_in(browser)
    confirm = browser.post(NEW, sent_again(lost))
    assert confirm.status_code == 403
    assert not Project.objects.exists()
    browser.post(NEW, sent_again(confirm))

    project = Project.objects.get()
    assert (project.title_it, project.summary_it) == (
        "Carta & colla",
        "Tutto ciò che ho scritto.",
    )


def test_a_form_that_a_stranger_sends_is_not_handed_back(browser, fabriano, fabriano_delegate):
    log_in(browser)
    typed = {**typed_into(browser, fabriano), "csrfmiddlewaretoken": "x" * 32}
    for origin in ["https://evil.example", "null", f"{HOME}.evil.example"]:
        answer = browser.post(NEW, typed, headers={"origin": origin})
        assert answer.status_code == 403
        assert "Tutto ciò che ho scritto" not in answer.text


def test_a_password_is_never_handed_back(browser):
    answer = browser.post("/it/accounts/login/", {"login": "a@b.it", "password": "segreta davvero"})
    assert answer.status_code == 403
    assert "segreta" not in answer.text


def test_a_button_leads_back_through_the_login_to_the_page_on_which_it_stood(client, fabriano):
    project = make.project(lead=fabriano)
    button = f"/it/progetti/{project.slug}/invia/"
    page = project.get_absolute_url()
    there = client.post(button, headers={"referer": f"{HOME}{page}"})
    assert there.headers["Location"] == f"/it/accounts/login/?next={page}"
    for referer in ["", "https://evil.example/it/", f"{HOME}.evil.example/"]:
        answer = client.post(button, headers={"referer": referer})
        assert answer.headers["Location"] == "/it/accounts/login/?next=/it/scrivania/"
