"""From draft to the public and back: every verb on the page, who may, and who is told."""

import pytest
from django.urls import reverse
from django.utils.translation import override
from post_office.models import Email

from journal.models import Event, Notification
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db

RIGHT_STATUS = {
    "submit": "draft",
    "approve": "submitted",
    "send_back": "submitted",
    "withdraw": "published",
    "archive": "published",
    "reopen": "withdrawn",
}
COMPLETE = {"text_it": "<p>Storia</p>", "fields": ["design"]}


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
    project = make.project(lead=fabriano, fields=["design"], title_it="A metà")
    response = as_user(fabriano_delegate).post(at(project, "submit"), follow=True)
    assert status_of(project) == "draft"
    assert list(response.context["form"].errors) == ["text_it"]
    assert "A metà" in response.content.decode()


def test_approving_publishes_and_tells_the_lead_and_the_invited_at_once(
    client, as_user, fabriano, parma, fabriano_delegate, parma_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted")
    make.partnership(project=project, city=parma)
    as_user(coordinator).post(at(project, "approve"))
    client.logout()
    assert client.get(f"/it/progetti/{project.slug}/").status_code == 200
    assert told() == {"Fabia", "Piero"}
    assert sorted(mail.to[0] for mail in Email.objects.all()) == [
        "fabriano@example.org",
        "parma@example.org",
    ]


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


@pytest.mark.parametrize("verb", ["approve", "send_back", "archive"])
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
    assert [message.level_tag for message in response.context["messages"]] == ["warning"]
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
        ("submitted", ["withdraw"], ["approve", "send_back", "withdraw"]),
        ("published", ["withdraw"], ["archive", "withdraw"]),
        ("archived", ["withdraw"], ["withdraw"]),
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
