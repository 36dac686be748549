"""Coordinators run projects in the admin; verbs there are the same as on the page."""

import pytest
from post_office.models import Email

from journal.models import Event
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db

LIST = "/admin/projects/project/"


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


def change(project):
    return f"{LIST}{project.pk}/change/"


def sent(city, **values):
    """What the admin's form sends for a card."""
    inlines = {
        f"{prefix}-{key}_FORMS": 0
        for prefix in [
            "partnerships", "external_partners", "fundings", "results", "images", "links",
            "documents-document-content_type-object_id", "updates",
        ]
        for key in ["TOTAL", "INITIAL"]
    }  # fmt: skip
    return {
        "title_it": "Carta viva",
        "title_en": "Living paper",
        "lead": city.pk,
        "phase": "planned",
        "precision": "day",
        "picture_focus": "centre",
        **inlines,
        **values,
    }


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?status__exact=submitted",
        "?phase__exact=idea",
        "?field=design",
        "?looking_for_partners__exact=1",
        "?lead=fabriano",
        "?scope__exact=local",
        "?is_good_practice__exact=1",
        "?q=carta",
    ],
)
def test_the_list_opens_with_every_filter(as_user, fabriano, coordinator, query):
    make.project(
        lead=fabriano,
        status="submitted",
        title_it="Carta",
        phase="idea",
        fields=["design"],
        looking_for_partners=True,
        scope="local",
        is_good_practice=True,
    )
    page = as_user(coordinator).get(LIST + query).content.decode()
    assert "Carta" in page
    assert 'class="paginator"' in page or "1 " in page


def test_the_list_asks_as_often_for_three_as_for_one(
    as_user, fabriano, parma, coordinator, django_assert_num_queries
):
    client = as_user(coordinator)

    def add():
        make.project(lead=fabriano, status="published", partners=[parma], fields=["design", "film"])

    add()
    client.get(LIST)
    with django_assert_num_queries(16, exact=False) as one:
        client.get(LIST)
    add()
    add()
    with django_assert_num_queries(len(one.captured_queries)):
        client.get(LIST)


def test_a_coordinator_writes_a_card_with_both_languages_side_by_side(
    as_user, fabriano, parma, coordinator
):
    page = as_user(coordinator).get(f"{LIST}add/").content.decode()
    row = page.partition('name="title_it"')[2].partition('class="form-row')[0]
    assert 'name="title_en"' in row

    as_user(coordinator).post(
        f"{LIST}add/",
        sent(
            fabriano,
            fields=[make.field(slug="design").pk],
            **{
                "partnerships-TOTAL_FORMS": 1,
                "partnerships-0-city": parma.pk,
                "links-TOTAL_FORMS": 1,
                "links-0-url": "https://example.org/",
                "links-0-label_it": "Sito",
            },
        ),
    )

    project = Project.objects.get()
    assert (project.slug, project.status, project.created_by) == (
        "carta-viva",
        "draft",
        coordinator,
    )
    assert list(project.partnerships.values_list("city", "status")) == [(parma.pk, "invited")]
    assert project.links.get().label_it == "Sito"
    assert [event.verb for event in Event.objects.all()] == ["invite", "create"]
    assert project.history.latest().history_user == coordinator


def test_an_edit_is_recorded_with_what_it_changed_and_its_city_is_told(
    as_user, fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, status="published", fields=["film"])
    design = make.field(slug="design")
    as_user(coordinator).post(
        change(project),
        sent(
            fabriano,
            summary_it=project.summary_it,
            summary_en=project.summary_en,
            fields=[design.pk],
            is_good_practice="on",
            **{
                "results-TOTAL_FORMS": 1,
                "results-0-name_it": "Visite",
                "results-0-value": "12",
                "results-0-measured_on": "2026-03-01",
            },
        ),
    )
    after = Project.objects.get()
    assert (after.title_it, after.status, after.is_good_practice) == (
        "Carta viva",
        "published",
        True,
    )
    event = Event.objects.get()
    assert (event.verb, event.actor) == ("update", coordinator)
    changes = event.details["changes"]
    assert set(changes) == {"title_it", "title_en", "fields", "results", "is_good_practice"}
    assert changes["title_it"] == [project.title_it, "Carta viva"]
    assert [each.user for each in event.notifications.all()] == [fabriano_delegate]


def test_saving_without_a_change_leaves_no_trace(as_user, fabriano, coordinator):
    project = make.project(lead=fabriano, status="published")
    as_user(coordinator).post(change(project), sent(fabriano))
    as_user(coordinator).post(change(project), sent(fabriano))
    assert Event.objects.count() == 1


def invited(city, **words):
    return {
        "partnerships-TOTAL_FORMS": 1,
        "partnerships-0-city": city.pk,
        **{f"partnerships-0-{name}": value for name, value in words.items()},
    }


def test_a_city_added_as_a_partner_is_invited_and_told_at_once(
    as_user, fabriano, parma, parma_delegate, coordinator
):
    project = make.project(lead=fabriano, status="published", title_it="Carta viva")
    as_user(coordinator).post(
        change(project), sent(fabriano, **invited(parma, message="Venite?", may_edit="on"))
    )
    partnership = project.partnerships.get()
    assert (partnership.status, partnership.message, partnership.may_edit) == (
        "invited",
        "Venite?",
        True,
    )
    assert [mail.to for mail in Email.objects.all()] == [[parma_delegate.email]]


def test_nobody_is_invited_to_what_is_archived_nor_the_lead_to_its_own(
    as_user, fabriano, parma, coordinator
):
    archived = make.project(lead=fabriano, status="archived")
    answer = as_user(coordinator).post(change(archived), sent(fabriano, **invited(parma)))
    assert answer.status_code == 200
    project = make.project(lead=fabriano, status="published")
    answer = as_user(coordinator).post(change(project), sent(fabriano, **invited(fabriano)))
    assert answer.status_code == 200
    assert not Event.objects.filter(verb="invite").exists()


def test_the_answer_of_a_city_is_not_the_coordinators_to_change(
    as_user, fabriano, parma, coordinator
):
    project = make.project(lead=fabriano, status="published", partners=[parma])
    partnership = project.partnerships.get()
    as_user(coordinator).post(
        change(project),
        sent(
            fabriano,
            **{
                "partnerships-TOTAL_FORMS": 1,
                "partnerships-INITIAL_FORMS": 1,
                "partnerships-0-id": partnership.pk,
                "partnerships-0-project": project.pk,
                "partnerships-0-city": make.city().pk,
                "partnerships-0-may_edit": "on",
            },
        ),
    )
    after = project.partnerships.get()
    assert (after.city, after.may_edit) == (parma, False)


def test_the_contact_is_an_office_of_the_lead_city(as_user, fabriano, parma, coordinator):
    project = make.project(lead=fabriano, status="published")
    own, other = make.office(city=fabriano), make.office(city=parma)
    as_user(coordinator).post(change(project), sent(fabriano, contact=other.pk))
    assert Project.objects.get().contact is None
    as_user(coordinator).post(change(project), sent(fabriano, contact=own.pk))
    assert Project.objects.get().contact == own


def test_what_nobody_keeps_is_marked_and_found(
    as_user, fabriano, fabriano_delegate, parma, coordinator
):
    make.project(lead=fabriano, status="published", title_it="In buone mani")
    alone = make.project(lead=parma, status="published", title_it="Abbandonato")
    client = as_user(coordinator)
    assert client.get(LIST).text.count("tag--alone") == 1
    page = client.get(f"{LIST}?keeper=nobody").text
    assert "Abbandonato" in page
    assert "In buone mani" not in page
    assert "tag--alone" in client.get(change(alone)).text


def test_the_page_of_a_card_asks_as_often_for_three_rows_as_for_one(
    as_user, fabriano, parma, coordinator, django_assert_num_queries
):
    project = make.project(lead=fabriano, status="published")
    client = as_user(coordinator)

    def grow():
        make.partnership(project=project, city=make.city(), status="accepted")
        project.results.create(name_it="Visite", value=1)
        project.fundings.create(programme="Fondo")
        project.links.create(url="https://example.org/")
        project.external_partners.create(name="Lione", kind="company")
        make.document(owner=project)
        project.updates.create(city=fabriano, text_it="Fatto")

    grow()
    client.get(change(project))
    with django_assert_num_queries(45, exact=False) as one:
        client.get(change(project))
    grow()
    grow()
    # The city of each partner row and the type of each document are asked for by row.
    with django_assert_num_queries(len(one.captured_queries) + 2 * 2, exact=False):
        client.get(change(project))


def test_the_status_is_not_a_field_of_the_form(as_user, fabriano, coordinator):
    project = make.project(lead=fabriano, status="submitted")
    as_user(coordinator).post(change(project), sent(fabriano, status="published"))
    assert Project.objects.get().status == "submitted"


def test_a_coordinator_approves_from_the_list(as_user, fabriano, fabriano_delegate, coordinator):
    projects = [make.project(lead=fabriano, status="submitted") for _each in range(2)]
    keys = [project.pk for project in projects]
    client = as_user(coordinator)
    question = client.post(LIST, {"action": "approve", "_selected_action": keys})
    assert question.status_code == 200
    assert Project.objects.filter(status="submitted").count() == 2
    client.post(LIST, {"action": "approve", "_selected_action": keys, "confirmed": "yes"})
    assert Project.objects.filter(status="published").count() == 2


def test_sending_back_in_the_admin_wants_a_comment(
    as_user, fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted")
    client = as_user(coordinator)
    address = f"{LIST}{project.pk}/verb/send_back/"
    client.post(address, {"confirmed": "yes", "comment": ""})
    assert Project.objects.get().status == "submitted"
    client.post(address, {"confirmed": "yes", "comment": "Manca la fonte."})
    assert Project.objects.get().status == "draft"
    assert Event.objects.get(verb="send_back").comment == "Manca la fonte."


def test_the_page_offers_the_verbs_the_picture_and_the_way_to_the_site(
    as_user, fabriano, coordinator
):
    project = make.project(lead=fabriano, status="submitted")
    project.picture.save("foto.jpg", make.picture_upload())
    page = as_user(coordinator).get(change(project)).content.decode()
    assert f"{LIST}{project.pk}/verb/approve/" in page
    assert f'<img src="{project.picture.url}"' in page
    assert f"/progetti/{project.slug}/" in page
    draft = make.project(lead=fabriano)
    assert (
        f"/progetti/{draft.slug}/" not in as_user(coordinator).get(change(draft)).content.decode()
    )


def test_delegates_and_observers_find_no_admin(as_user, fabriano, fabriano_delegate, observer):
    project = make.project(lead=fabriano)
    for person in [fabriano_delegate, observer]:
        for address in [LIST, change(project)]:
            assert as_user(person).get(address, follow=True).status_code == 404


def test_an_older_version_brings_back_the_words_and_leaves_the_status(
    as_user, fabriano, coordinator
):
    project = make.project(lead=fabriano, status="submitted", title_it="Prima")
    older = project.history.latest()
    project.approve(by=coordinator)
    published_at = project.published_at
    as_user(coordinator).post(change(project), sent(fabriano, title_it="Poi"))

    page = f"{LIST}{project.pk}/history/{older.pk}/"
    assert as_user(coordinator).get(page).status_code == 200
    as_user(coordinator).post(page, sent(fabriano, title_it="Prima"))

    project = Project.objects.get()
    assert (project.title_it, project.status, project.published_at) == (
        "Prima",
        "published",
        published_at,
    )
