"""The card step by step: each fact is asked once, and a meter says what is missing and why."""

from datetime import date

import pytest

from journal.models import Event, Notification
from projects.models import Project
from tests import make
from tests.filling import complete, only_project, step, typed
from tests.markup import Page

pytestmark = pytest.mark.django_db

KEYS = [section.key for section in Project.CARD]


def edit(project):
    return f"/en/projects/{project.slug}/edit/"


def test_every_field_of_the_card_is_asked_for_once(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano, picture=make.picture_upload())
    shown = []
    for key in KEYS:
        form = as_user(fabriano_delegate).get(step(project, key)).context["form"]
        assert sorted(form.fields) == sorted([*form._meta.fields, "version"])
        shown += [*form._meta.fields, *form.rows]
    columns = set(shown)
    assert len(columns) == len(shown)
    assert {"title_en", "areas", "budget_is_public", "partners_until", "documents"} <= columns
    assert not {"partners", "is_good_practice", "status", "coordinator_note"} & columns


def test_the_card_opens_where_something_is_missing(as_user, fabriano, fabriano_delegate):
    client = as_user(fabriano_delegate)
    project = make.project(lead=fabriano, starts_on=date(2027, 1, 1))
    assert client.get(edit(project)).headers["Location"] == step(project, "story")
    project = complete(fabriano)
    assert client.get(edit(project)).headers["Location"] == step(project, "essentials")


def test_the_meter_says_what_is_missing_why_and_where(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano, picture=make.picture_upload())
    response = as_user(fabriano_delegate).get(step(project, "money"))
    card = response.context["card"]
    assert (card.there, card.needed) == (2, 5)
    assert [(each.column, each.address.rpartition("#")[0]) for each in card.missing] == [
        ("text_it", step(project, "story")),
        ("starts_on", step(project, "essentials")),
        ("fields", step(project, "belonging")),
        ("picture_alt_it", step(project, "essentials")),
    ]
    page = response.content.decode()
    assert "It is what readers come for, and the core of the monitoring report." in page
    assert "Asked for: the monitoring report to UNESCO, the open data." in " ".join(
        Page(page).all("main")[0].text.split()
    )
    assert 'value="submit"' not in page


def test_the_meter_counts_what_the_whole_card_tells(as_user, fabriano, fabriano_delegate):
    client = as_user(fabriano_delegate)
    project = make.project(lead=fabriano)
    before = client.get(step(project)).context["card"]
    project.links.create(url="https://example.org/")
    project.results.create(name_it="Visitatori", value=5)
    after = client.get(step(project)).context["card"]
    assert after.tells == before.tells + 2
    assert [each.section.key for each in after.steps if each.is_filled] == [
        "essentials", "results", "documents",
    ]  # fmt: skip


def test_save_and_next_leads_through_the_card(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    for go, target in [("next", "belonging"), ("back", "essentials"), ("save", "story")]:
        answer = client.post(
            step(project, "story"), typed(client.get(step(project, "story")), go=go)
        )
        assert answer.headers["Location"] == f"{step(project, target)}#saved"


def test_each_step_keeps_its_facts(as_user, fabriano, fabriano_delegate):
    project, line, goal = make.project(lead=fabriano), make.line(), make.goal()
    office = make.office(city=fabriano)
    client = as_user(fabriano_delegate)
    told = {
        "essentials": {"title_en": "Living paper", "phase": "ongoing", "starts_on": "2027-02-01"},
        "story": {"text_it": "Primo\n\nSecondo", "objectives_it": "Carta per tutti"},
        "belonging": {"lines": [line.pk], "goals": [goal.pk], "scope": "national"},
        "partners": {"looking_for_partners": "on", "contact": office.pk},
        "money": {"budget": "1500.50", "budget_is_public": "on"},
    }
    for key, values in told.items():
        client.post(step(project, key), typed(client.get(step(project, key)), **values))
    project = only_project()
    assert (project.title_en, project.phase) == ("Living paper", "ongoing")
    assert project.text_it == "<p>Primo</p>\n\n<p>Secondo</p>"
    assert (list(project.lines.all()), list(project.goals.all())) == ([line], [goal])
    assert (project.contact, project.looking_for_partners) == (office, True)
    assert (str(project.budget), project.budget_is_public) == ("1500.50", True)
    assert project.history.latest().history_user == fabriano_delegate


def test_a_sitting_over_a_draft_is_one_event(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    for title in ["Uno", "Due"]:
        client.post(step(project), typed(client.get(step(project)), title_it=title))
    assert [event.verb for event in Event.objects.all()] == ["update"]
    assert not Notification.objects.exists()


def test_untouched_a_form_writes_nothing(as_user, fabriano, fabriano_delegate):
    project = complete(fabriano, status="published")
    project.links.create(url="https://example.org/a")
    before = Project.objects.get().updated_at
    for key in KEYS:
        client = as_user(fabriano_delegate)
        client.post(step(project, key), typed(client.get(step(project, key))))
    assert Project.objects.get().updated_at == before
    assert not Event.objects.exists()


def test_markup_is_cleaned_and_an_empty_paragraph_is_no_story(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    evil = '<p onclick="x()">Buono</p><script>alert(1)</script>'
    sent = typed(client.get(step(project, "story")), text_it="<p> </p>", text_en=evil)
    client.post(step(project, "story"), sent)
    assert (only_project().text_it, only_project().text_en) == ("", "<p>Buono</p>")


# Submitting


def test_submitting_appears_when_the_five_are_there(as_user, fabriano, fabriano_delegate):
    project = complete(fabriano)
    client = as_user(fabriano_delegate)
    opened = client.get(step(project))
    assert 'value="submit"' in opened.content.decode()
    answer = client.post(step(project), typed(opened, go="submit", title_en="Last word"))
    assert answer.headers["Location"] == f"/en/projects/{project.slug}/#saved"
    assert (only_project().status, only_project().title_en) == ("submitted", "Last word")
    assert [event.verb for event in Event.objects.order_by("pk")] == ["update", "submit"]


def test_what_went_missing_meanwhile_is_said_at_its_field(as_user, fabriano, fabriano_delegate):
    project = complete(fabriano)
    client = as_user(fabriano_delegate)
    sent = typed(client.get(step(project)), go="submit", summary_it="", title_en="Kept")
    answer = client.post(step(project), sent, follow=True)
    assert list(answer.context["form"].errors) == ["summary_it"]
    assert (only_project().status, only_project().title_en) == ("draft", "Kept")


def test_a_partner_that_may_edit_edits_but_neither_submits_nor_gives_the_lead_away(
    as_user, fabriano, parma, parma_delegate
):
    project = complete(fabriano)
    make.partnership(project=project, city=parma, status="accepted", may_edit=True)
    client = as_user(parma_delegate)
    opened = client.get(step(project))
    assert 'value="submit"' not in opened.content.decode()
    sent = typed(opened, title_it="Di Parma", lead=parma.pk, go="submit")
    assert list(client.post(step(project), sent).context["form"].errors) == ["lead"]
    client.post(step(project), typed(opened, title_it="Di Parma", go="submit"))
    assert (only_project().title_it, only_project().status) == ("Di Parma", "draft")


# Published projects


def test_what_is_saved_of_a_published_project_is_public_at_once_and_told(
    as_user, fabriano, parma, fabriano_delegate, coordinator
):
    project = complete(fabriano, status="published", title_it="Prima")
    editor = make.delegate(city=parma)
    make.partnership(project=project, city=parma, status="accepted", may_edit=True)
    colleague = make.delegate(city=fabriano)
    client = as_user(fabriano_delegate)
    opened = client.get(step(project))
    assert "what you save is public at once" in opened.content.decode()
    client.post(step(project), typed(opened, title_it="Dopo"))
    event = Event.objects.get()
    assert (event.verb, event.details) == ("update", {"changes": {"title_it": ["Prima", "Dopo"]}})
    told = {each.user: each.at_once for each in Notification.objects.all()}
    assert told == {coordinator: False, colleague: False, editor: False}


def test_a_published_project_keeps_what_it_needs(as_user, fabriano, fabriano_delegate):
    project = complete(fabriano, status="published")
    client = as_user(fabriano_delegate)
    sent = typed(client.get(step(project)), summary_it="")
    assert list(client.post(step(project), sent).context["form"].errors) == ["summary_it"]
    assert only_project().summary_it


# Who may, and when


def test_another_citys_delegate_cannot_edit_the_card(
    client, as_user, fabriano, parma, parma_delegate, observer, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    project = make.project(lead=fabriano, partners=[parma])
    former = make.delegate(city=fabriano, ends_on=date(2021, 1, 1))
    for address in [edit(project), step(project)]:
        assert "/accounts/login/" in client.get(address).headers["Location"]
        for person in [parma_delegate, observer, coordinator, former]:
            assert as_user(person).get(address).status_code == 404
            assert as_user(person).post(address, {"title_it": "No"}).status_code == 404
        client.logout()
    assert only_project().title_it == project.title_it


def test_an_unknown_step_is_not_there(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    assert as_user(fabriano_delegate).get(step(project, "secrets")).status_code == 404


@pytest.mark.parametrize("status", ["submitted", "archived", "withdrawn"])
def test_whoever_sends_too_late_gets_back_what_was_typed(
    as_user, fabriano, fabriano_delegate, status
):
    project = make.project(lead=fabriano, title_it="Com’era")
    client = as_user(fabriano_delegate)
    opened = client.get(step(project))
    Project.objects.update(status=status)
    assert client.get(step(project)).status_code == 404
    late = client.post(step(project), typed(opened, title_it="Scritto a lungo"))
    assert "Scritto a lungo" in late.content.decode()
    assert len(late.context["form"].non_field_errors()) == 1
    assert (only_project().title_it, only_project().status) == ("Com’era", status)


def test_remarks_of_the_coordinators_stand_beside_their_fields_until_the_next_submission(
    as_user, fabriano, fabriano_delegate, coordinator
):
    project = complete(fabriano, status="submitted")
    remarks = {"summary_it": "Più breve.", "links": "Manca il sito."}
    project.send_back(by=coordinator, comment="Quasi.", details={"remarks": remarks})
    client = as_user(fabriano_delegate)
    assert client.get(edit(project)).headers["Location"] == step(project)
    page = client.get(step(project))
    assert {"Più breve.", "Quasi."} <= {each.text for each in Page(page.content.decode()).all("p")}
    assert [each.section.key for each in page.context["card"].steps if each.remarks] == [
        "essentials", "documents",
    ]  # fmt: skip
    assert "Manca il sito." in client.get(step(project, "documents")).content.decode()
    project.submit(by=fabriano_delegate)
    Project.objects.update(status="published")
    assert "Più breve." not in client.get(step(project)).content.decode()


def test_the_editor_comes_with_the_nonce_of_this_answer(as_user, fabriano, fabriano_delegate):
    response = as_user(fabriano_delegate).get(step(make.project(lead=fabriano), "story"))
    policy = response.headers["Content-Security-Policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert f'<script type="importmap" nonce="{nonce}">' in response.content.decode()


def test_a_picture_can_be_removed(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano, picture=make.picture_upload())
    client = as_user(fabriano_delegate)
    client.post(step(project), typed(client.get(step(project)), **{"picture-clear": "on"}))
    assert not only_project().picture
