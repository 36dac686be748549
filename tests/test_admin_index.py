"""The admin's start page: what waits for a coordinator, and what happened."""

import re

import pytest
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    return as_user(coordinator)


def panel(response, name):
    """The text of one panel, without its tags."""
    section = re.search(rf'aria-labelledby="{name}">(.*?)</section>', response.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", section[1]).split())


def test_it_shows_what_is_to_be_done(office, fabriano):
    make.project(lead=fabriano, status="submitted", title_it="Carta viva")
    make.project(lead=fabriano, status="draft", title_it="Non finito")
    make.meeting(host=fabriano, title_it="Assemblea", status="convened")
    make.meeting(title_it="Da preparare", status="draft")
    make.meeting(title_it="Di ieri", status="held")
    make.user(first_name="Ugo", last_name="Verdi", invited_at=timezone.now())
    make.user(
        first_name="Già",
        last_name="Dentro",
        invited_at=timezone.now(),
        last_login="2026-01-01T00:00Z",
    )

    page = office.get("/admin/")

    assert "Carta viva Fabriano" in panel(page, "submitted")
    assert "Assemblea" in panel(page, "coming")
    assert "Da preparare" in panel(page, "drafts")
    assert "Da preparare" not in panel(page, "coming")
    assert "Ugo Verdi" in panel(page, "invited")
    for absent in ("Non finito", "Di ieri", "Già Dentro"):
        assert absent not in page.text


def test_it_tells_what_happened_lately(office, fabriano, parma, fabriano_delegate, parma_delegate):
    project = make.project(lead=fabriano, title_it="Carta viva")
    project.submit(by=fabriano_delegate)
    invited = make.partnership(project=project, city=parma)
    invited.accept(by=parma_delegate)
    happened = panel(office.get("/admin/"), "happened")
    assert "Carta viva" in happened
    assert "Parma, Carta viva" in happened
    assert happened.index("Piero") < happened.index("Fabia")


def test_it_says_the_next_thing_to_do_about_each_meeting(office, coordinator, fabriano):
    coordinator.language = "en"
    coordinator.save()
    draft = make.meeting(status="draft", title_en="Spring")
    held = make.meeting(status="held", title_en="Winter")
    make.agenda_item(meeting=held)
    make.invitation(meeting=held, city=fabriano)
    make.meeting(status="held", title_en="Told of 2016")

    page = office.get("/admin/")

    assert "Write the agenda: it is empty." in panel(page, "drafts")
    assert f'href="/admin/meetings/meeting/{draft.pk}/change/#agenda-group"' in page.text
    assert "Note who was there: nobody is marked as present." in panel(page, "minutes")
    assert f'href="/admin/meetings/meeting/{held.pk}/attendance/"' in page.text
    assert "Told of 2016" not in page.text


def test_when_nothing_waits_it_says_so(office):
    page = office.get("/admin/")
    assert "start__panel--waits" not in page.text
    assert page.text.count('<p class="quiet">') == 6


def test_it_shows_five_of_each_and_leads_to_the_rest(office):
    for number in range(6):
        make.meeting(title_it=f"Bozza {number}", status="draft")
    page = office.get("/admin/")
    assert panel(page, "drafts").count("Bozza") == 5
    assert "/admin/meetings/meeting/?status__exact=draft" in page.text


def test_only_coordinators_get_there(client, as_user, fabriano_delegate, observer):
    login = client.get("/admin/", follow=True).redirect_chain[-1][0]
    assert login == "/it/accounts/login/?next=/admin/"
    for person in (fabriano_delegate, observer):
        assert as_user(person).get("/admin/", follow=True).status_code == 404


def test_it_speaks_the_language_of_who_is_logged_in(office, coordinator):
    make.meeting(title_it="Assemblea", title_en="Assembly", status="draft")
    coordinator.language = "en"
    coordinator.save()
    page = office.get("/admin/")
    assert '<html lang="en"' in page.text
    assert "Assembly" in panel(page, "drafts")
