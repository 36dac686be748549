"""Actions and decisions where people come across them: desk, project, city, network."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def meeting(db):
    return make.meeting(status="closed", starts_at=timezone.now() - timedelta(days=9))


def late(meeting, city, **fields):
    day = timezone.localdate() - timedelta(days=3)
    return make.action(meeting=meeting, cities=[city], due_on=day, **fields)


def waiting(client):
    """What the desk says waits, by its badge."""
    return [
        (str(item.label), str(item.what)) for item in client.get("/en/desk/").context["waiting"]
    ]


def test_the_desk_names_what_my_city_owes_and_when(
    as_user, meeting, fabriano, parma, fabriano_delegate
):
    action = late(meeting, fabriano, title_en="Write the draft")
    make.action(meeting=meeting, cities=[fabriano], title_en="Done long ago", status="done")
    make.action(meeting=meeting, cities=[parma], title_en="Of Parma")
    make.action(meeting=make.meeting(status="held"), cities=[fabriano], title_en="Not yet")

    client = as_user(fabriano_delegate)
    assert [what for label, what in waiting(client) if label == "Action"] == ["Write the draft"]
    page = client.get("/en/desk/").text
    assert "was due on" in page
    assert f'href="/en/actions/{action.pk}/#how-it-goes"' in page


def test_coordinators_find_one_line_that_leads_to_the_table(
    as_user, meeting, fabriano, parma, coordinator
):
    client = as_user(coordinator)
    assert not [what for label, what in waiting(client) if label == "Actions"]
    late(meeting, fabriano)
    late(meeting, parma)
    make.action(meeting=meeting, cities=[parma])

    assert ("Actions", "2 actions are overdue") in waiting(client)
    assert 'href="/en/actions/?status=overdue"' in client.get("/en/desk/").text
    for _each in range(9):
        late(meeting, parma)
    assert ("Actions", "More than 10 actions are overdue") in waiting(client)


@pytest.fixture
def project(fabriano):
    return make.project(lead=fabriano, status="published")


def test_a_project_shows_public_ones_to_visitors_and_all_to_insiders(
    client, meeting, project, fabriano, parma, observer
):
    make.decision(meeting=meeting, projects=[project], text_en="Decided for all")
    make.decision(meeting=meeting, projects=[project], text_en="Decided among us", is_public=False)
    shown = {"meeting": meeting, "cities": [fabriano, parma], "project": project}
    make.action(**shown, title_en="To do for all", is_public=True)
    make.action(**shown, title_en="To do among us")
    make.action(**{**shown, "meeting": make.meeting(status="held")}, title_en="Not yet")

    address = f"/en/projects/{project.slug}/"
    page = client.get(address).text
    assert "Decided for all" in page
    assert "To do for all" in page
    assert "Fabriano, Parma" in page
    assert "among us" not in page
    client.force_login(observer)
    page = client.get(address).text
    assert "Decided among us" in page
    assert "To do among us" in page
    assert "Not yet" not in page


def test_a_city_shows_public_ones_to_visitors_and_all_to_insiders(
    client, meeting, fabriano, parma, observer
):
    make.decision(meeting=meeting, text_en="Decided for all").cities.add(fabriano)
    make.decision(meeting=meeting, text_en="Decided among us", is_public=False).cities.add(fabriano)
    make.action(meeting=meeting, cities=[fabriano], title_en="To do for all", is_public=True)
    make.action(meeting=meeting, cities=[fabriano], title_en="To do among us")
    make.action(meeting=meeting, cities=[parma], title_en="Of Parma", is_public=True)

    page = client.get("/en/cities/fabriano/").text
    assert "Decided for all" in page
    assert "To do for all" in page
    assert "among us" not in page
    assert "Of Parma" not in page
    assert 'href="/en/actions/?city=fabriano"' in page
    client.force_login(observer)
    page = client.get("/en/cities/fabriano/").text
    assert "Decided among us" in page
    assert "To do among us" in page


def test_a_city_shows_what_is_still_to_be_done_first(client, meeting, fabriano):
    done = {"status": "done", "is_public": True, "cities": [fabriano], "meeting": meeting}
    make.action(**done, title_en="Over", due_on=timezone.localdate() - timedelta(days=90))
    late(meeting, fabriano, title_en="Late", is_public=True)
    make.action(meeting=meeting, cities=[fabriano], title_en="Later", is_public=True)

    actions = client.get("/en/cities/fabriano/").context["actions"]
    assert [action.title_en for action in actions] == ["Late", "Later", "Over"]


def test_each_strategic_line_says_how_much_is_done(client, meeting, fabriano, observer):
    line = make.line(agreement=make.agreement(is_founding=True))
    public = {"meeting": meeting, "cities": [fabriano], "line": line, "is_public": True}
    make.action(**public)
    make.action(**public, status="in_progress")
    make.action(**public, status="done")
    make.action(**public, status="dropped")
    make.action(**{**public, "is_public": False})

    assert "Actions: 2 to do, 1 done" in client.get("/en/network/").text
    client.force_login(observer)
    assert "Actions: 3 to do, 1 done" in client.get("/en/network/").text
