"""A city is asked to take part, and answers for itself."""

import re

import pytest

from journal.models import Event, Notification
from projects.partnerships import Partnership
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(fabriano, parma):
    """Parma is asked to join a project of Fabriano."""
    return make.partnership(project=make.project(lead=fabriano, status="published"), city=parma)


def accept(partnership):
    return f"/it/partenariati/{partnership.pk}/accetta/"


def decline(partnership):
    return f"/it/partenariati/{partnership.pk}/declina/"


def answer_of(partnership):
    return Partnership.objects.values_list("status", "reason").get(pk=partnership.pk)


def test_a_city_takes_part_and_the_lead_is_told(as_user, asked, parma_delegate, fabriano_delegate):
    response = as_user(parma_delegate).post(accept(asked))
    assert response.headers["Location"] == f"/it/progetti/{asked.project.slug}/"
    assert answer_of(asked) == ("accepted", "")
    assert [each.user for each in Notification.objects.all()] == [fabriano_delegate]
    event = Event.objects.get()
    assert (event.verb, event.actor, event.target) == ("accept", parma_delegate, asked)


def test_a_city_declines_with_a_reason_that_the_lead_reads(
    as_user, asked, parma_delegate, fabriano_delegate
):
    as_user(parma_delegate).post(decline(asked), {"comment": "Quest’anno manca il tempo."})
    assert answer_of(asked) == ("declined", "Quest’anno manca il tempo.")
    assert [each.user for each in Notification.objects.all()] == [fabriano_delegate]
    page = as_user(fabriano_delegate).get("/it/scrivania/").content.decode()
    assert "Quest’anno manca il tempo." in page


def test_declining_without_a_reason_asks_for_one(as_user, asked, parma_delegate):
    response = as_user(parma_delegate).post(decline(asked), {"comment": " "})
    assert list(response.context["form"].errors) == ["comment"]
    assert answer_of(asked) == ("invited", "")


def test_a_city_may_change_its_mind(as_user, asked, parma_delegate):
    client = as_user(parma_delegate)
    client.post(decline(asked), {"comment": "No"})
    client.post(accept(asked))
    assert answer_of(asked) == ("accepted", "")
    client.post(decline(asked), {"comment": "Ci ritiriamo"})
    assert answer_of(asked) == ("declined", "Ci ritiriamo")


def test_only_the_city_that_is_asked_answers(
    client, as_user, asked, fabriano_delegate, observer, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    neighbour = make.delegate(city=make.city(name="Como", slug="como"))
    for address in [accept(asked), decline(asked)]:
        assert "/accounts/login/" in client.post(address).headers["Location"]
        for person in [fabriano_delegate, neighbour, observer, coordinator]:
            assert as_user(person).post(address, {"comment": "Sì"}).status_code == 404
        client.logout()
    assert answer_of(asked) == ("invited", "")
    assert not Event.objects.exists()


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_nobody_is_asked_before_the_project_is_handed_on(
    as_user, fabriano, parma, parma_delegate, status
):
    project = make.project(lead=fabriano, status=status)
    asked = make.partnership(project=project, city=parma)
    assert as_user(parma_delegate).post(accept(asked)).status_code == 404
    assert list(Partnership.objects.answerable_by(parma_delegate)) == []


def test_answering_twice_changes_nothing_and_says_so(as_user, asked, parma_delegate):
    client = as_user(parma_delegate)
    client.post(accept(asked))
    response = client.post(accept(asked), follow=True)
    levels = [message.level_tag for message in response.context["messages"]]
    assert levels == ["success", "warning"] or levels == ["warning"]
    assert Event.objects.count() == 1


def test_the_page_offers_the_answer_to_the_city_that_is_asked_only(
    as_user, asked, parma_delegate, fabriano_delegate
):
    address = f"/it/progetti/{asked.project.slug}/"
    page = as_user(parma_delegate).get(address).content.decode()
    assert f'action="{accept(asked)}"' in page
    assert f'action="{decline(asked)}"' in page
    assert (
        f'action="{accept(asked)}"' not in as_user(fabriano_delegate).get(address).content.decode()
    )


def test_a_link_answers_nothing(as_user, asked, parma_delegate):
    assert as_user(parma_delegate).get(accept(asked)).status_code == 405
    assert as_user(parma_delegate).get(decline(asked)).status_code == 405


def test_two_invitations_on_one_desk_have_ids_of_their_own(
    as_user, fabriano, parma, parma_delegate
):
    for _each in range(2):
        project = make.project(lead=fabriano, status="published")
        make.partnership(project=project, city=parma)
    page = as_user(parma_delegate).get("/it/scrivania/").content.decode()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert sum(each.startswith("comment-decline") for each in ids) == 2
