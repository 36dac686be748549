"""The card step by step: each fact is asked once, and a meter says what is missing and why."""

from datetime import date

import pytest

from documents.models import Document
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


# Rows


def test_rows_are_added_changed_and_removed(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    old = project.links.create(url="https://example.org/a")
    gone = project.links.create(url="https://example.org/b")
    client = as_user(fabriano_delegate)
    sent = typed(
        client.get(step(project, "documents")),
        **{
            "links-0-url": "https://example.org/c",
            "links-1-DELETE": "on",
            "links-2-url": "https://example.org/d",
            "links-2-label_it": "Nuovo",
        },
    )
    answer = client.post(step(project, "documents"), sent | {"go": "more"})
    assert answer.headers["Location"] == f"{step(project, 'documents')}#saved"
    links = list(project.links.values_list("pk", "url", "label_it"))
    assert links[0] == (old.pk, "https://example.org/c", None)
    assert links[1][1:] == ("https://example.org/d", "Nuovo")
    assert gone.pk not in [link[0] for link in links]


def test_every_kind_of_rows_can_be_told(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    rows = {
        "partners": {
            "external_partners-0-name": "Limoges",
            "external_partners-0-kind": "creative_city",
            "external_partners-0-country": "FR",
        },
        "money": {"fundings-0-programme": "Creative Europe", "fundings-0-amount": "20000"},
        "results": {"results-0-name_it": "Visitatori", "results-0-value": "1200"},
    }
    for key, values in rows.items():
        client.post(step(project, key), typed(client.get(step(project, key)), **values))
    assert project.external_partners.get().country.code == "FR"
    assert not project.fundings.get().is_public
    assert project.results.get().measured_on == date.today()  # noqa: DTZ011


def test_a_row_that_is_wrong_keeps_what_was_typed(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    wrong = {"links-0-url": "niente indirizzo", "links-0-label_it": "Il museo"}
    page = client.post(
        step(project, "documents"), typed(client.get(step(project, "documents")), **wrong)
    )
    assert "niente indirizzo" in page.text
    assert "Il museo" in page.text
    assert list(page.context["form"].rows["links"].errors[0]) == ["url"]
    above = page.text.partition('role="alert"')[2].partition("</ul>")[0]
    assert '<li>Link 1, <a href="#id_links-0-url">Address</a>: Enter a valid URL.</li>' in above


def test_rows_that_are_there_are_folded_until_one_is_to_be_mended(
    as_user, fabriano, fabriano_delegate
):
    project = make.project(lead=fabriano)
    project.links.create(url="https://example.org/a", label_it="Il museo")
    client, address = as_user(fabriano_delegate), step(project, "documents")
    page = client.get(address)
    _before, folded = page.content.decode().split('<details class="folded"><summary>')
    assert folded.startswith("Il museo</summary>")
    wrong = client.post(address, typed(page, **{"links-0-url": "niente indirizzo"}))
    assert 'class="folded"' not in wrong.content.decode()


def test_pictures_of_the_gallery_keep_the_order_that_was_given(
    as_user, fabriano, fabriano_delegate
):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    for words in ["Primo", "Secondo"]:
        opened = client.get(step(project, "gallery"))
        place = len(opened.context["form"].rows["images"].forms) - 1
        row = {
            f"images-{place}-picture": make.picture_upload(),
            f"images-{place}-picture_alt_it": words,
        }
        client.post(step(project, "gallery"), typed(opened, **row))
    moved = typed(client.get(step(project, "gallery")), **{"images-1-position": "1"})
    client.post(step(project, "gallery"), moved)
    assert list(project.images.values_list("picture_alt_it", "position")) == [
        ("Secondo", 1),
        ("Primo", 2),
    ]


def test_a_picture_of_the_gallery_needs_words(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano)
    client = as_user(fabriano_delegate)
    sent = typed(
        client.get(step(project, "gallery")), **{"images-0-picture": make.picture_upload()}
    )
    page = client.post(step(project, "gallery"), sent)
    assert set(page.context["form"].rows["images"].errors[0]) == {"picture_alt_it", "picture"}
    assert not project.images.exists()


def test_documents_are_brought_replaced_and_thrown_away(
    as_user, fabriano, fabriano_delegate, django_capture_on_commit_callbacks
):
    project = make.project(lead=fabriano)
    client, address = as_user(fabriano_delegate), step(project, "documents")
    row = {"documents-0-title_it": "Programma", "documents-0-audience": "public"}
    client.post(
        address, typed(client.get(address), **row, **{"documents-0-file": make.pdf_upload()})
    )
    document = Document.objects.get()
    assert (document.owner, document.uploaded_by) == (project, fabriano_delegate)
    first = document.file.path
    with django_capture_on_commit_callbacks(execute=True):
        other = make.pdf_upload(content=b"%PDF-1.7 other")
        client.post(address, typed(client.get(address), **{"documents-0-file": other}))
    document = Document.objects.get()
    assert (document.file.read(), document.title_it) == (b"%PDF-1.7 other", "Programma")
    assert document.file.path != first
    assert not document.file.storage.exists(first)
    bad = make.pdf_upload(content=b"<html>")
    page = client.post(address, typed(client.get(address), **{"documents-0-file": bad}))
    assert list(page.context["form"].rows["documents"].errors[0]) == ["file"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, typed(client.get(address), **{"documents-0-DELETE": "on"}))
    assert not Document.objects.exists()
    assert not document.file.storage.exists(document.file.name)


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
