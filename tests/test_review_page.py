"""A coordinator reads the whole card, comments on single fields, and decides."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from post_office.models import Email

from journal.models import Event
from projects.models import Project
from projects.parts import ExternalPartner, Funding, Result
from tests import make
from tests.markup import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def project(fabriano, parma):
    """A card with something in every section, handed in."""
    made = make.project(
        lead=fabriano,
        status="submitted",
        title_it="Carta viva",
        title_en="Living paper",
        text_it="<p>Una festa <strong>grande</strong> in piazza.</p>",
        fields=["design"],
        lines=[make.line()],
        goals=[make.goal()],
        starts_on=date(2026, 1, 1),
        budget=Decimal(12000),
        coordinator_note="Chiamateci prima",
    )
    make.partnership(project=made, city=parma)
    make.document(owner=made, title_it="Piano", title_en="Plan")
    ExternalPartner.objects.create(project=made, name="Lione", kind="creative_city", country="FR")
    Funding.objects.create(project=made, programme="Europa Creativa", amount=5000)
    Funding.objects.create(project=made, programme="Fondo comunale", is_public=True)
    Result.objects.create(project=made, name_it="Visite", value=12, measured_on=date(2026, 3, 1))
    made.links.create(url="https://example.org/carta")
    return made


def review_of(project):
    return f"/en/projects/{project.slug}/review/"


def row_of(page, column):
    """The part of the page about one column of the card."""
    start = page.index(f'id="cell-{column}"')
    following = page.find('id="cell-', start + 1)
    return page[start : following if following > 0 else len(page)]


def submitted_again(project, delegate, coordinator, remarks, **values):
    """Handed in, sent back with remarks, mended, and handed in once more."""
    Project.objects.filter(pk=project.pk).update(status="draft")
    project = Project.objects.get(pk=project.pk)
    project.submit(by=delegate)
    project.send_back(by=coordinator, comment="Quasi", details={"remarks": remarks})
    project = Project.objects.get(pk=project.pk)
    for name, value in values.items():
        setattr(project, name, value)
    project.save()
    project.submit(by=delegate)
    return project


def test_the_whole_card_is_there_in_both_languages(as_user, project, coordinator):
    page = as_user(coordinator).get(review_of(project)).text
    for text in [
        "Carta viva", "Living paper", "<strong>grande</strong>", "Parma", "Lione", "France",
        "Europa Creativa", "Visite", "https://example.org/carta", "Plan", "Chiamateci prima",
    ]:  # fmt: skip
        assert text in page, text
    assert Page(page).faults == []
    assert "Carta viva" in row_of(page, "title_it")
    assert "Living paper" in row_of(page, "title_en")


def test_private_money_is_shown_and_marked(as_user, project, coordinator):
    page = as_user(coordinator).get(review_of(project)).text
    assert "12" in row_of(page, "budget")
    assert "not public" in row_of(page, "budget")
    rows = row_of(page, "fundings")
    assert "not public" in rows.partition("Fondo comunale")[0]
    assert "not public" not in rows.partition("Fondo comunale")[2]


def test_each_field_that_a_city_fills_in_has_a_closed_box_with_a_name(
    as_user, project, coordinator
):
    page = Page(as_user(coordinator).get(review_of(project)).text)
    boxes = [each["name"] for each in page.all("textarea") if each["name"] != "comment"]
    assert {"remark-title_it", "remark-title_en", "remark-partners", "remark-images"} <= set(boxes)
    assert "remark-is_good_practice" not in boxes
    labels = {each["for"]: each.text for each in page.all("label")}
    assert labels["id_remark-title_it"].startswith("Your remark on: Title, in Italian")
    assert not [
        each for each in page.all("details") if "open" in each and "remark" in each["class"]
    ]


def test_remarks_go_out_with_the_decision(as_user, project, fabriano_delegate, coordinator):
    answer = as_user(coordinator).post(
        review_of(project),
        {"send_back": "yes", "remark-title_it": "Più breve", "remark-results": "Di che anno?"},
    )
    assert answer.headers["Location"] == "/en/desk/"
    event = Event.objects.get(verb="send_back")
    assert event.details["remarks"] == {"title_it": "Più breve", "results": "Di che anno?"}
    assert Project.objects.get().status == "draft"
    letter = Email.objects.get()
    assert letter.to == [fabriano_delegate.email]
    assert "Titolo, in italiano: “Più breve”" in letter.message
    assert "Più breve" in letter.html_message


def test_approving_may_come_with_a_word(as_user, project, fabriano_delegate, coordinator):
    as_user(coordinator).post(
        review_of(project),
        {"approve": "yes", "comment": "Bravi", "remark-summary_en": "Add English"},
    )
    assert Project.objects.get().status == "published"
    event = Event.objects.get(verb="approve")
    assert (event.comment, event.details["remarks"]) == ("Bravi", {"summary_en": "Add English"})
    assert "Bravi" in Email.objects.get().message


def test_sending_back_without_a_word_asks_for_one(as_user, project, coordinator):
    answer = as_user(coordinator).post(review_of(project), {"send_back": "yes", "comment": "  "})
    assert list(answer.context["form"].errors) == ["comment"]
    assert Project.objects.get().status == "submitted"


def test_an_error_keeps_all_that_was_written_and_opens_its_box(as_user, project, coordinator):
    answer = as_user(coordinator).post(
        review_of(project),
        {"send_back": "yes", "comment": "x" * 5000, "remark-title_it": "Più breve"},
    )
    page = answer.text
    assert "x" * 5000 in page
    row = row_of(page, "title_it")
    assert "Più breve</textarea>" in row
    assert '<details class="remark" open>' in row
    assert not Event.objects.exists()


def test_of_two_coordinators_the_second_gets_back_what_they_wrote(as_user, project, coordinator):
    project.send_back(by=make.coordinator(), comment="Fatto")
    answer = as_user(coordinator).post(
        review_of(project),
        {"send_back": "yes", "comment": "Nel complesso", "remark-title_it": "Più breve"},
    )
    assert answer.status_code == 200
    assert "Nel complesso" in answer.text
    assert "Più breve" in answer.text
    assert "Somebody was faster" in answer.text
    assert "Chiamateci prima" not in answer.text  # a draft is its city's alone again
    assert Event.objects.filter(verb="send_back").count() == 1


def test_what_no_longer_waits_leads_to_the_project(as_user, project, coordinator):
    project.approve(by=make.coordinator())
    answer = as_user(coordinator).get(review_of(project), follow=True)
    assert answer.redirect_chain[-1][0] == f"/en/projects/{project.slug}/"
    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]


def test_only_coordinators_review(
    client, as_user, project, fabriano_delegate, parma_delegate, observer
):
    sent = {"send_back": "yes", "comment": "No"}
    assert "/login/" in client.get(review_of(project)).headers["Location"]
    for person in [fabriano_delegate, parma_delegate, observer]:
        assert as_user(person).get(review_of(project)).status_code == 404
        assert as_user(person).post(review_of(project), sent).status_code == 404
    assert Project.objects.get().status == "submitted"


def test_a_lost_session_gives_back_every_remark(client, project):
    answer = client.post(
        review_of(project),
        {"send_back": "yes", "remark-title_it": "Più breve"},
        headers={"origin": "http://testserver"},
    )
    assert answer.status_code == 403
    assert 'name="remark-title_it" value="Più breve"' in answer.text


def test_a_second_submission_shows_what_changed_and_what_was_asked(
    as_user, project, fabriano_delegate, coordinator
):
    project = submitted_again(
        project,
        fabriano_delegate,
        coordinator,
        {"text_it": "Quanto grande?"},
        text_it="<p>Una festa per mille persone in piazza.</p>",
        scope="local",
    )
    page = as_user(coordinator).get(review_of(project)).text
    row = row_of(page, "text_it")
    assert "You asked:" in row
    assert "Quanto grande?" in row
    assert ">removed: </span>grande</del>" in row
    assert ">added: </span>per mille persone</ins>" in row
    assert "unchanged" in row_of(page, "title_it")
    assert "unchanged" not in row_of(page, "scope")
    summary = page.partition("Changed since then:")[2].partition("</p>")[0]
    assert summary.count("<a ") == 2
    assert "Quasi" in page


def test_a_first_submission_has_nothing_to_compare(as_user, project, coordinator):
    page = as_user(coordinator).get(review_of(project)).text
    assert "unchanged" not in page
    assert "Changed since" not in page


def test_the_page_asks_as_often_for_three_rows_as_for_one(
    as_user, project, coordinator, django_assert_max_num_queries, django_assert_num_queries
):
    client = as_user(coordinator)
    client.get(review_of(project))
    with django_assert_max_num_queries(6) as one:
        client.get(review_of(project))
    for number in [12, 13]:
        make.partnership(project=project, city=make.city())
        make.document(owner=project)
        Funding.objects.create(project=project, programme="Altro")
        Result.objects.create(project=project, name_it="Visite", value=12)
        ExternalPartner.objects.create(project=project, name="Lione", kind="company")
        project.links.create(url="https://example.org/")
        project.goals.add(make.goal(number=number))
        project.lines.add(make.line())
        project.fields.add(make.field(slug=["film", "literature"][number - 12]))
    with django_assert_num_queries(len(one)):
        client.get(review_of(project))


def test_the_pages_of_a_coordinator_lead_to_the_review(as_user, project, coordinator):
    address = review_of(project)
    assert f'href="{address}"' in as_user(coordinator).get(f"/en/projects/{project.slug}/").text
    admin = as_user(coordinator).get(f"/admin/projects/project/{project.pk}/change/").text
    assert f'href="{reverse("project_review", args=[project.slug])}"' in admin
