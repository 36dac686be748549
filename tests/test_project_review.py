"""From draft to the public and back: every verb on the page, who may, and who is told."""

from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override
from post_office.models import Email

from journal.models import Event, Notification
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db

RIGHT_STATUS = {
    "submit": "draft",
    "take_back": "submitted",
    "approve": "submitted",
    "send_back": "submitted",
    "withdraw": "published",
    "archive": "published",
    "republish": "archived",
    "reopen": "withdrawn",
}
COMPLETE = {"text_it": "<p>Storia</p>", "fields": ["design"], "starts_on": date(2026, 1, 1)}


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


def at(project, verb):
    with override("it"):
        return reverse(f"project_{verb}", args=[project.slug])


def status_of(project):
    return Project.objects.get(pk=project.pk).status


def told():
    return set(Notification.objects.values_list("user__first_name", flat=True))


def test_a_delegate_submits_and_the_coordinators_are_told(
    as_user, fabriano, fabriano_delegate, coordinator, observer
):
    project = make.project(lead=fabriano, **COMPLETE)
    response = as_user(fabriano_delegate).post(at(project, "submit"))
    assert response.headers["Location"] == f"/it/progetti/{project.slug}/"
    assert status_of(project) == "submitted"
    assert told() == {"Carla"}


def test_an_incomplete_draft_is_led_to_the_form_that_says_what_is_missing(
    as_user, fabriano, fabriano_delegate
):
    project = make.project(lead=fabriano, title_it="A metà")
    response = as_user(fabriano_delegate).post(at(project, "submit"), follow=True)
    assert status_of(project) == "draft"
    assert "missing=yes" in response.redirect_chain[-1][0]
    assert [message.level_tag for message in response.context["messages"]] == ["warning"]


def test_only_the_coordinators_responsible_for_its_fields_are_told(
    as_user, fabriano, fabriano_delegate, coordinator
):
    responsible = make.coordinator(first_name="Rita")
    make.field(slug="design").responsible.add(responsible)
    project = make.project(lead=fabriano, **COMPLETE)
    as_user(fabriano_delegate).post(at(project, "submit"))
    assert told() == {"Rita"}


def test_where_those_responsible_have_left_all_coordinators_are_told(
    as_user, fabriano, fabriano_delegate, coordinator
):
    make.field(slug="design").responsible.add(make.coordinator(is_active=False))
    project = make.project(lead=fabriano, **COMPLETE)
    as_user(fabriano_delegate).post(at(project, "submit"))
    assert told() == {"Carla"}


def test_a_coordinator_finds_those_of_their_fields_first(fabriano, coordinator):
    make.field(slug="film").responsible.add(coordinator)
    for field in ["design", "film", "music"]:
        make.project(lead=fabriano, status="submitted", title_it=field, fields=[field])
    found = Project.objects.for_reviewer(coordinator)
    assert [each.title_it for each in found] == ["film", "design", "music"]


def test_a_city_takes_back_what_it_submitted_too_early(
    as_user, fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted")
    as_user(fabriano_delegate).post(at(project, "take_back"))
    assert status_of(project) == "draft"
    assert told() == {"Carla"}
    assert not Email.objects.exists()


def test_what_was_decided_before_the_digest_leads_to_the_page_and_no_longer_to_the_review(
    fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, **COMPLETE)
    project.submit(by=fabriano_delegate)
    submitted = Event.objects.get(verb="submit")
    assert submitted.url_for(coordinator) == at(project, "review")
    project.approve(by=make.coordinator())
    after = Event.objects.get(pk=submitted.pk)
    assert after.url_for(coordinator) == project.get_absolute_url()


def test_approving_publishes_and_tells_all_its_cities_at_once(
    client, as_user, fabriano, parma, fabriano_delegate, parma_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted", partners=[parma])
    make.partnership(project=project, city=make.city(name="Roma"))
    as_user(coordinator).post(at(project, "approve"))
    client.logout()
    assert client.get(f"/it/progetti/{project.slug}/").status_code == 200
    assert told() == {"Fabia", "Piero"}
    assert sorted(mail.to[0] for mail in Email.objects.all()) == [
        "fabriano@example.org",
        "parma@example.org",
    ]


def test_partners_that_keep_the_card_hear_of_a_review_and_others_do_not(
    as_user, fabriano, parma, fabriano_delegate, parma_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted")
    make.partnership(project=project, city=parma, status="accepted", may_edit=True)
    roma = make.city(name="Roma")
    make.delegate(city=roma, first_name="Romolo")
    make.partnership(project=project, city=roma, status="accepted")
    as_user(coordinator).post(at(project, "send_back"), {"comment": "Manca la fonte."})
    assert told() == {"Fabia", "Piero"}


@pytest.mark.parametrize("verb", ["archive", "republish", "withdraw", "reopen"])
def test_what_coordinators_do_to_a_project_reaches_its_people_at_once(
    as_user, fabriano, fabriano_delegate, coordinator, verb
):
    project = make.project(lead=fabriano, status=RIGHT_STATUS[verb])
    as_user(coordinator).post(at(project, verb))
    assert [mail.to for mail in Email.objects.all()] == [["fabriano@example.org"]]


def test_an_archived_project_comes_back_where_it_was(as_user, fabriano, coordinator):
    project = make.project(lead=fabriano, status="archived")
    as_user(coordinator).post(at(project, "republish"))
    after = Project.objects.get()
    assert (after.status, after.published_at) == ("published", project.published_at)


def test_sending_back_carries_the_comment_to_the_city_and_to_its_page(
    as_user, fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted")
    response = as_user(coordinator).post(at(project, "send_back"), {"comment": "Manca la fonte."})
    assert response.headers["Location"] == "/it/scrivania/"  # a draft is its city's alone
    assert status_of(project) == "draft"
    assert told() == {"Fabia"}
    assert "Manca la fonte." in Email.objects.get().message
    page = as_user(fabriano_delegate).get(f"/it/progetti/{project.slug}/")
    assert "Manca la fonte." in page.content.decode()


def test_a_comment_answered_by_submitting_again_is_no_longer_shown(
    as_user, fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted")
    project.send_back(by=coordinator, comment="Manca la fonte.")
    project.submit(by=fabriano_delegate)
    page = as_user(fabriano_delegate).get(f"/it/progetti/{project.slug}/")
    assert "Manca la fonte." not in page.content.decode()


@pytest.mark.parametrize("comment", ["", "   "])
def test_sending_back_without_a_word_asks_for_one(as_user, fabriano, coordinator, comment):
    project = make.project(lead=fabriano, status="submitted")
    response = as_user(coordinator).post(at(project, "send_back"), {"comment": comment})
    assert list(response.context["form"].errors) == ["comment"]
    assert status_of(project) == "submitted"


def test_the_lead_city_withdraws_and_partners_and_coordinators_are_told(
    client, as_user, fabriano, parma, fabriano_delegate, parma_delegate, coordinator
):
    project = make.project(lead=fabriano, status="published", partners=[parma])
    as_user(fabriano_delegate).post(at(project, "withdraw"))
    client.logout()
    assert client.get(f"/it/progetti/{project.slug}/").status_code == 410
    assert told() == {"Piero", "Carla"}


def test_of_a_withdrawal_only_those_responsible_for_its_fields_hear(
    fabriano, fabriano_delegate, coordinator
):
    responsible = make.coordinator(first_name="Dora", email="dora@example.org")
    project = make.project(lead=fabriano, status="published", fields=["design"])
    responsible.reviewed_fields.add(project.fields.get())
    project.withdraw(by=fabriano_delegate)
    assert told() == {"Dora"}


def test_archiving_keeps_the_page_and_tells_everyone_who_took_part(
    as_user, fabriano, parma, fabriano_delegate, parma_delegate, coordinator
):
    project = make.project(lead=fabriano, status="published", partners=[parma])
    as_user(coordinator).post(at(project, "archive"))
    assert status_of(project) == "archived"
    assert told() == {"Fabia", "Piero"}


def test_what_was_withdrawn_can_be_reopened_as_a_draft(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano, status="withdrawn")
    as_user(fabriano_delegate).post(at(project, "reopen"))
    assert status_of(project) == "draft"


# Who may not


@pytest.mark.parametrize("verb", RIGHT_STATUS)
def test_neighbours_and_observers_get_404_and_strangers_the_log_in(
    client, as_user, fabriano, parma_delegate, observer, verb
):
    project = make.project(lead=fabriano, status=RIGHT_STATUS[verb], **COMPLETE)
    response = client.post(at(project, verb), {"comment": "Perché sì"})
    assert "/accounts/login/" in response.headers["Location"]
    for person in [parma_delegate, observer]:
        response = as_user(person).post(at(project, verb), {"comment": "Perché sì"})
        assert response.status_code == 404
    assert status_of(project) == RIGHT_STATUS[verb]
    assert not Event.objects.exists()


@pytest.mark.parametrize("verb", ["approve", "send_back", "archive", "republish"])
def test_a_city_does_not_decide_on_its_own_project(as_user, fabriano, fabriano_delegate, verb):
    project = make.project(lead=fabriano, status=RIGHT_STATUS[verb])
    response = as_user(fabriano_delegate).post(at(project, verb), {"comment": "Perché sì"})
    assert response.status_code == 404
    assert status_of(project) == RIGHT_STATUS[verb]


def test_a_coordinator_does_not_submit_for_a_city(as_user, fabriano, coordinator):
    project = make.project(lead=fabriano, **COMPLETE)
    assert as_user(coordinator).post(at(project, "submit")).status_code == 404


@pytest.mark.parametrize("verb", RIGHT_STATUS)
def test_no_link_changes_anything(as_user, fabriano, fabriano_delegate, coordinator, verb):
    project = make.project(lead=fabriano, status=RIGHT_STATUS[verb], **COMPLETE)
    for person in [fabriano_delegate, coordinator]:
        assert as_user(person).get(at(project, verb)).status_code == 405
    assert status_of(project) == RIGHT_STATUS[verb]


@pytest.mark.parametrize(
    ("verb", "status", "by_city"),
    [
        ("submit", "submitted", True),
        ("take_back", "draft", True),
        ("take_back", "published", True),
        ("republish", "published", False),
        ("submit", "published", True),
        ("approve", "published", False),
        ("approve", "draft", False),
        ("send_back", "published", False),
        ("archive", "draft", False),
        ("withdraw", "draft", True),
        ("reopen", "published", True),
    ],
)
def test_the_wrong_state_refuses_and_says_so(
    as_user, fabriano, fabriano_delegate, coordinator, verb, status, by_city
):
    project = make.project(lead=fabriano, status=status, **COMPLETE)
    person = fabriano_delegate if by_city else coordinator
    response = as_user(person).post(at(project, verb), {"comment": "Troppo tardi"}, follow=True)
    assert response.status_code == 200
    changed, typed = response.context["messages"]
    assert (changed.level_tag, typed.level_tag) == ("warning", "warning")
    assert "Troppo tardi" in typed.message
    assert status_of(project) == status
    assert not Event.objects.exists()


def test_of_two_coordinators_the_second_is_told_and_nothing_is_undone(
    as_user, fabriano, coordinator
):
    project = make.project(lead=fabriano, status="submitted")
    project.approve(by=coordinator)
    second = make.coordinator()
    response = as_user(second).post(at(project, "send_back"), {"comment": "Aspettate"}, follow=True)
    assert response.redirect_chain[-1][0] == f"/it/progetti/{project.slug}/"
    assert status_of(project) == "published"


@pytest.mark.parametrize(
    ("status", "city", "coordination"),
    [
        ("draft", ["submit"], None),
        ("submitted", ["take_back", "withdraw"], ["approve", "send_back", "withdraw"]),
        ("published", ["withdraw"], ["archive", "withdraw"]),
        ("archived", ["withdraw"], ["republish", "withdraw"]),
        ("withdrawn", ["reopen"], ["reopen"]),
    ],
)
def test_the_page_offers_exactly_what_can_be_done(
    as_user, fabriano, fabriano_delegate, observer, coordinator, status, city, coordination
):
    project = make.project(lead=fabriano, status=status)
    address = f"/it/progetti/{project.slug}/"

    def offered(person):
        response = as_user(person).get(address)
        if response.status_code != 200:
            return None
        page = response.content.decode()
        offered = [each["name"] for each in response.context["verbs"]]
        assert all(f'action="{at(project, name)}"' in page for name in offered)
        return sorted(offered)

    assert offered(fabriano_delegate) == city
    assert offered(coordinator) == coordination
    if status in ("published", "archived"):
        assert offered(observer) == []


# Every verb, in every state, by everyone

ALLOWED = {
    ("submit", "draft"): {"lead"},
    ("take_back", "submitted"): {"lead"},
    ("approve", "submitted"): {"coordinator"},
    ("send_back", "submitted"): {"coordinator"},
    ("archive", "published"): {"coordinator"},
    ("republish", "archived"): {"coordinator"},
    ("withdraw", "submitted"): {"lead", "coordinator"},
    ("withdraw", "published"): {"lead", "coordinator"},
    ("withdraw", "archived"): {"lead", "coordinator"},
    ("reopen", "withdrawn"): {"lead", "coordinator"},
}


@pytest.mark.parametrize("status", ["draft", "submitted", "published", "archived", "withdrawn"])
def test_each_verb_works_for_whom_and_when_it_should_and_never_else(
    as_user, fabriano, parma, fabriano_delegate, parma_delegate, observer, coordinator, status
):
    roma = make.city(name="Roma")
    project = make.project(lead=fabriano, status=status, partners=[roma], **COMPLETE)
    make.partnership(project=project, city=parma, status="accepted", may_edit=True)
    people = {
        "lead": fabriano_delegate,
        "editing partner": parma_delegate,
        "partner": make.delegate(city=roma),
        "neighbour": make.delegate(city=make.city()),
        "observer": observer,
        "coordinator": coordinator,
    }
    done = set()
    for role, person in people.items():
        browser = as_user(person)
        for verb in RIGHT_STATUS:
            with transaction.atomic():
                browser.post(at(project, verb), {"comment": "Perché sì"})
                if Event.objects.filter(verb=verb).exists():
                    done.add((verb, role))
                transaction.set_rollback(True)
    assert done == {
        (verb, role)
        for (verb, source), roles in ALLOWED.items()
        for role in roles
        if source == status
    }
