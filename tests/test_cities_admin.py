"""What coordinators keep about cities, terms, people and agreements in the admin."""

from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse

from cities.models import City, CreativeField, Delegate, Mandate
from journal.models import Event
from programme.models import Agreement, SustainableGoal
from tests import make

pytestmark = pytest.mark.django_db

MODELS = ["city", "creativefield", "delegate", "mandate"]
PROGRAMME = ["agreement", "strategicline", "sustainablegoal"]


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.COORDINATORS_NEED_MFA = False


@pytest.fixture
def desk(as_user, coordinator):
    """A browser in which a coordinator is logged in."""
    return as_user(coordinator)


def listed(page):
    return list(page.context["cl"].result_list)


def form_of(page):
    """What the form of an admin page would send if nothing were changed."""
    forms = [page.context["adminform"].form]
    for formset in page.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    data = {}
    for form in forms:
        for field in form:
            value = field.value()
            if str(value) not in ("", "None", "False"):
                data[field.html_name] = value
    return data


@pytest.mark.parametrize(
    "name", [f"cities_{m}" for m in MODELS] + [f"programme_{m}" for m in PROGRAMME]
)
def test_every_list_is_open_to_coordinators_and_closed_to_delegates(
    client, coordinator, fabriano_delegate, name
):
    address = reverse(f"admin:{name}_changelist")
    assert client.get(address, follow=True).resolver_match.url_name == "account_login"
    client.force_login(fabriano_delegate)
    assert client.get(address, follow=True).status_code == 404
    client.force_login(coordinator)
    assert client.get(address, {"q": "a"}).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("membership=member", ["Fabriano", "Parma"]),
        ("membership=candidate", ["Montelume"]),
        ("field=gastronomy", ["Parma"]),
        ("area=islands", ["Montelume"]),
        ("q=parm", ["Parma"]),
    ],
)
def test_cities_are_found_by_membership_field_area_and_name(desk, fabriano, parma, query, found):
    make.city(name="Montelume", member=False, region="19")
    page = desk.get(f"/admin/cities/city/?{query}")
    assert [city.name for city in listed(page)] == found


def test_the_list_of_cities_counts_projects_each_once(desk, fabriano, parma):
    for _ in range(2):
        make.project(lead=fabriano, partners=[parma])
    make.partnership(project=make.project(lead=parma), city=fabriano)

    counts = {
        city.name: (city.led_count, city.joined_count)
        for city in listed(desk.get("/admin/cities/city/"))
    }

    assert counts == {"Fabriano": (2, 0), "Parma": (1, 2)}


def test_the_lists_ask_as_often_for_many_rows_as_for_one(
    desk, fabriano, django_assert_max_num_queries
):
    for number in range(3):
        city = make.city()
        make.delegate(city=city)
        mandate = make.mandate(city=city, role="host")
        make.decision(meeting=make.meeting(), mandates=[mandate])
        make.line(agreement=make.agreement(signatories=[city], place=city), number=number)
    for name in ["cities/city", "cities/mandate", "cities/delegate", "programme/agreement"]:
        desk.get(f"/admin/{name}/")
        with django_assert_max_num_queries(13):
            desk.get(f"/admin/{name}/")


def test_a_change_of_a_city_is_kept_in_its_history_and_in_the_journal(desk, fabriano, coordinator):
    make.office(city=fabriano)
    address = f"/admin/cities/city/{fabriano.pk}/change/"
    data = form_of(desk.get(address)) | {"summary_it": "La città della carta"}

    response = desk.post(address, data)

    assert response.status_code == 302
    assert City.objects.get(pk=fabriano.pk).summary_it == "La città della carta"
    assert fabriano.history.first().history_user == coordinator
    event = Event.objects.get()
    assert (event.verb, event.actor, event.target) == ("update", coordinator, fabriano)


def test_saving_without_a_change_is_no_event(desk, fabriano):
    address = f"/admin/cities/city/{fabriano.pk}/change/"
    assert desk.post(address, form_of(desk.get(address))).status_code == 302
    assert not Event.objects.exists()


def test_a_coordinator_makes_a_candidate_a_member(desk):
    montelume = make.city(name="Montelume", slug="montelume", member=False)
    field = make.field(slug="architecture")
    address = f"/admin/cities/city/{montelume.pk}/change/"
    data = form_of(desk.get(address)) | {
        "designations-TOTAL_FORMS": "1",
        "designations-0-city": montelume.pk,
        "designations-0-field": field.pk,
        "designations-0-designated_on": "31/10/2027",
        "designations-0-precision": "day",
    }

    assert desk.post(address, data).status_code == 302

    assert City.objects.get(pk=montelume.pk).field == field


def test_a_second_lead_for_the_same_time_is_refused_with_a_sentence(desk, fabriano, parma):
    make.mandate(city=fabriano)
    data = {
        "city": parma.pk,
        "role": "lead",
        "starts_on": "01/06/2026",
        "ends_on": "",
        "precision": "day",
    }
    page = desk.post("/admin/cities/mandate/add/", data)
    assert page.context["adminform"].form.errors["starts_on"]
    assert Mandate.objects.count() == 1


def test_terms_and_delegates_can_be_narrowed_to_those_of_today(desk, fabriano):
    now = make.mandate(city=fabriano)
    make.mandate(city=fabriano, starts_on=date(2016, 1, 1), ends_on=date(2019, 12, 31))
    coming = make.mandate(city=fabriano, role="host", starts_on=date(2090, 1, 1), ends_on=None)
    make.delegate(city=fabriano, ends_on=date(2021, 1, 1))
    today = make.delegate(city=fabriano)

    assert listed(desk.get("/admin/cities/mandate/?term=now")) == [now]
    assert listed(desk.get("/admin/cities/mandate/?term=coming")) == [coming]
    assert [d.user for d in listed(desk.get("/admin/cities/delegate/?term=now"))] == [today]
    assert len(listed(desk.get("/admin/cities/delegate/?term=over"))) == 1


def test_a_delegate_is_entered_for_a_city(desk, fabriano):
    person = make.user()
    data = {"user": person.pk, "city": fabriano.pk, "role": "political", "starts_on": "01/01/2026"}

    assert desk.post("/admin/cities/delegate/add/", data).status_code == 302

    assert list(City.objects.served_by(person)) == [fabriano]
    assert Delegate.objects.get(user=person).role == "political"


def test_an_agreement_is_kept_with_its_lines(desk):
    agreement = make.agreement()
    address = f"/admin/programme/agreement/{agreement.pk}/change/"
    data = form_of(desk.get(address)) | {
        "lines-TOTAL_FORMS": "1",
        "lines-0-agreement": agreement.pk,
        "lines-0-number": "1",
        "lines-0-title_it": "Nuove economie",
        "lines-0-is_reading": "on",
    }

    assert desk.post(address, data).status_code == 302

    line = Agreement.objects.get().lines.get()
    assert (line.title_it, line.is_reading) == ("Nuove economie", True)


@pytest.mark.parametrize("model", [CreativeField, SustainableGoal])
def test_what_belongs_to_others_is_neither_added_nor_deleted(rf, coordinator, model):
    request = rf.get("/")
    request.user = coordinator
    model_admin = admin.site.get_model_admin(model)
    assert not model_admin.has_add_permission(request)
    assert not model_admin.has_delete_permission(request)
    assert model_admin.has_change_permission(request)
