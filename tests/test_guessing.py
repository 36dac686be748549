"""Numbers of other cities' things, put where one's own belong, and fields that no form has: not
found, not there, and nothing changed."""

import pytest
from django.urls import reverse
from django.utils import translation

from documents.models import Document
from meetings.models import Proposal
from projects.models import Project
from projects.parts import ProjectUpdate
from tests import make
from tests.filling import NEW, beginning, step, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(parma, coordinator):
    """What Parma keeps: a draft with all kinds of rows."""
    project = make.project(lead=parma, title_it="Di Parma", budget=7)
    project.links.create(url="https://example.org/parma")
    project.fundings.create(programme="Di Parma", amount=3)
    project.results.create(name_it="Di Parma", value=1)
    project.external_partners.create(name="Di Parma")
    make.document(owner=project, title_it="Di Parma")
    return project


def everything_of(project):
    """All that a project holds, as rows of values."""
    kinds = ["links", "fundings", "results", "external_partners", "documents", "partnerships"]
    with translation.override("it"):  # in which a title is read
        rows = {kind: list(getattr(project, kind).order_by("pk").values()) for kind in kinds}
        return {**rows, "card": Project.objects.filter(pk=project.pk).values().get()}


def test_rows_of_another_project_are_neither_changed_taken_nor_removed(
    as_user, fabriano, fabriano_delegate, theirs
):
    client, before = as_user(fabriano_delegate), everything_of(theirs)
    mine = make.project(lead=fabriano)
    for key, kind, words in [
        ("documents", "links", {"url": "https://example.org/mine"}),
        ("documents", "documents", {"title_it": "Mio", "audience": "public"}),
        ("money", "fundings", {"programme": "Mio", "amount": "9"}),
        ("results", "results", {"name_it": "Mio", "value": "9"}),
        ("partners", "external_partners", {"name": "Mio", "kind": "other"}),
    ]:
        row = getattr(theirs, kind).get()
        for more in ({}, {"DELETE": "on"}, {"project": theirs.pk, "object_id": theirs.pk}):
            sent = {f"{kind}-0-{name}": value for name, value in {**words, **more}.items()}
            client.post(step(mine, key), {**sent, f"{kind}-0-id": row.pk, "go": "stay"})
    assert everything_of(theirs) == before


def test_a_form_takes_no_more_than_it_shows(as_user, fabriano, parma, fabriano_delegate, theirs):
    client = as_user(fabriano_delegate)
    extra = {
        "status": "published", "slug": "mine-now", "published_at": "2020-01-01", "is_demo": "on",
        "coordinator_note": "Mio", "created_by": 1, "id": theirs.pk, "pk": theirs.pk,
        "is_good_practice": "on", "featured": "on",
    }  # fmt: skip
    client.post(NEW, beginning(fabriano, **extra))
    made = Project.objects.exclude(pk=theirs.pk).get()
    assert (made.status, made.published_at, made.is_demo) == ("draft", None, False)
    assert (made.coordinator_note, made.created_by, made.lead) == ("", fabriano_delegate, fabriano)
    assert made.slug != "mine-now"
    page = client.get(step(made))
    client.post(step(made), typed(page, lead=str(parma.pk), status="published", title_it="Carta 2"))
    made.refresh_from_db()
    assert (made.lead, made.status) == (fabriano, "draft")
    client.post(NEW, beginning(parma, title_it="A nome di Parma"))
    assert not Project.objects.filter(title_it="A nome di Parma").exists()


def test_a_contact_of_another_city_cannot_be_chosen(as_user, fabriano, parma, fabriano_delegate):
    office = make.office(city=parma)
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    page = client.get(step(project, "partners"))
    client.post(step(project, "partners"), typed(page, contact=str(office.pk)))
    project.refresh_from_db()
    assert project.contact is None


def test_an_update_is_told_for_ones_own_city_and_project(
    as_user, fabriano, parma, fabriano_delegate
):
    project = make.project(lead=parma, status="published", partners=[fabriano])
    other = make.project(lead=parma, status="published")
    told = make.update(project=project, city=parma)
    client = as_user(fabriano_delegate)
    words = {"text_it": "A nome d'altri", "posted_on": "2026-01-01"}
    client.post(reverse("update_create", args=[project.slug]), {**words, "city": parma.pk})
    assert client.post(reverse("update_create", args=[other.slug]), words).status_code == 404
    for name in ("update_edit", "update_delete"):
        assert client.post(reverse(name, args=[told.pk]), words).status_code == 404
    assert ProjectUpdate.objects.get() == told
    client.post(
        reverse("update_create", args=[project.slug]),
        {**words, "city": fabriano.pk, "project": other.pk, "created_by": 1},
    )
    mine = ProjectUpdate.objects.exclude(pk=told.pk).get()
    assert (mine.project, mine.city, mine.created_by) == (project, fabriano, fabriano_delegate)


def test_an_item_is_proposed_for_ones_own_city_and_about_ones_own_project(
    as_user, parma, fabriano, fabriano_delegate, theirs
):
    meeting = make.meeting(slug="y", proposals_until="2099-01-01")
    client, address = as_user(fabriano_delegate), reverse("meeting_propose", args=["y"])
    words = {"title": "Carta", "text": "Sì", "kind": "discussion", "minutes": "15"}
    client.post(address, {**words, "city": parma.pk})
    client.post(address, {**words, "city": fabriano.pk, "project": theirs.pk})
    assert not Proposal.objects.exists()
    client.post(address, {**words, "city": fabriano.pk, "status": "accepted", "meeting": 0})
    made = Proposal.objects.get()
    assert (made.status, made.meeting, made.proposed_by) == ("proposed", meeting, fabriano_delegate)


def test_a_change_is_taken_back_where_it_was_made_only(
    as_user, fabriano, parma, fabriano_delegate, coordinator, theirs
):
    mine = make.project(lead=fabriano, status="published")
    event = theirs.events.create(
        verb="update", details={"changes": {"title_it": ["X", "Di Parma"]}}
    )
    page = parma.events.create(verb="update", details={"changes": {"summary_it": ["X", ""]}})
    client = as_user(fabriano_delegate)
    for name, args in [
        ("project_restore", [mine.slug, event.pk]), ("project_change", [mine.slug, event.pk]),
        ("project_restore", [theirs.slug, event.pk]), ("project_change", [theirs.slug, event.pk]),
        ("city_restore", ["fabriano", page.pk]), ("city_restore", ["parma", page.pk]),
    ]:  # fmt: skip
        send = client.get if name == "project_change" else client.post
        assert send(reverse(name, args=args)).status_code == 404, name
    theirs.refresh_from_db()
    assert theirs.title_it == "Di Parma"


def test_profile_and_log_in_give_nobody_a_role(as_user, fabriano_delegate):
    client = as_user(fabriano_delegate)
    sent = {"first_name": "Fabia", "last_name": "Rossi", "language": "it", "email_frequency": ""}
    more = {"is_superuser": "on", "is_staff": "on", "groups": 1, "is_active": "", "email": "x@y.it"}
    client.post(reverse("profile"), {**sent, **more})
    fabriano_delegate.refresh_from_db()
    assert fabriano_delegate.is_active
    assert not fabriano_delegate.is_superuser
    assert not fabriano_delegate.groups.exists()
    assert fabriano_delegate.email == "fabriano@example.org"


def test_drafts_are_in_no_list_search_file_feed_or_autocomplete(
    client, as_user, fabriano_delegate, observer, theirs
):
    make.meeting(title_it="Di Parma", status="draft")
    make.news_item(title_it="Di Parma", is_published=False)
    names = [
        ("project_list", []), ("search", []), ("project_export", ["csv"]),
        ("project_export", ["json"]), ("project_feed", []), ("sitemap", []), ("api_projects", []),
        ("meeting_list", []), ("meetings_calendar", []), ("news_list", []), ("news_feed", []),
        ("home", []), ("city_detail", ["parma"]), ("decision_list", []), ("action_list", []),
    ]  # fmt: skip
    for person in (None, fabriano_delegate, observer):
        client.logout()
        if person:
            as_user(person)
        for name, args in names:
            answer = client.get(reverse(name, args=args), {"q": "Parma", "city": "parma"})
            text = b"".join(answer).decode()
            assert answer.status_code == 200, name
            assert "Di Parma" not in text, (name, person)
            assert theirs.slug not in text, (name, person)
        auto = {"app_label": "news", "model_name": "newsitem", "field_name": "projects", "term": ""}
        assert client.get("/admin/autocomplete/", auto).status_code in (302, 404)
    assert Document.objects.count() == 1
