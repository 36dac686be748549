"""A city asks to join a project that looks for partners, and the lead answers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from journal.models import Event, Notification
from journal.verbs import TransitionNotAllowed
from projects.models import Project
from projects.partnerships import Partnership
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(fabriano):
    return make.project(
        lead=fabriano, status="published", looking_for_partners=True, title_it="Carta viva"
    )


@pytest.fixture
def asking(project, parma):
    return make.partnership(
        project=project, city=parma, status="asking", message="Portiamo la cucina"
    )


def ask(project):
    return reverse("partnership_ask", args=[project.slug])


def page_of(project):
    return f"/it/progetti/{project.slug}/"


def to(verb, partnership):
    return reverse(f"partnership_{verb}", args=[partnership.pk])


def state():
    return Partnership.objects.values_list("status", "reason").get()


def told():
    return sorted(each.user.email for each in Notification.objects.select_related("user"))


def levels(response):
    return [message.level_tag for message in response.context["messages"]]


def test_a_city_asks_with_a_message_that_the_lead_gets_at_once(
    as_user, project, parma, parma_delegate, fabriano_delegate
):
    client = as_user(parma_delegate)
    assert f'href="{ask(project)}"' in client.get(page_of(project)).content.decode()
    sent = {"city": parma.pk, "message": "Portiamo la cucina"}
    response = client.post(ask(project), sent)
    assert response.headers["Location"] == page_of(project)
    partnership = Partnership.objects.get()
    assert (partnership.city, partnership.status) == (parma, "asking")
    assert (partnership.message, partnership.may_edit) == ("Portiamo la cucina", False)
    assert [(each.verb, each.actor) for each in Event.objects.all()] == [("ask", parma_delegate)]
    letter = Email.objects.get()
    assert letter.to == [fabriano_delegate.email]
    assert "Portiamo la cucina" in letter.message
    assert f"http://testserver{page_of(project)}" in letter.message
    assert f'href="{ask(project)}"' not in client.get(page_of(project)).content.decode()


def test_asking_without_a_word_asks_for_one(as_user, project, parma, parma_delegate):
    response = as_user(parma_delegate).post(ask(project), {"city": parma.pk, "message": ""})
    assert list(response.context["form"].errors) == ["message"]
    assert not Partnership.objects.exists()


def test_who_acts_for_several_cities_says_for_which(as_user, project, parma, parma_delegate):
    como = make.city(name="Como", slug="como")
    make.delegate(city=como, user=parma_delegate)
    client = as_user(parma_delegate)
    page = client.get(ask(project)).content.decode()
    assert page.count('type="radio"') == 2
    response = client.post(ask(project), {"message": "Eccoci"})
    assert list(response.context["form"].errors) == ["city"]
    client.post(ask(project), {"city": como.pk, "message": "Eccoci"})
    assert Partnership.objects.get().city == como


def test_nobody_asks_for_a_city_of_others(as_user, project, parma_delegate):
    como = make.city(name="Como", slug="como")
    response = as_user(parma_delegate).post(ask(project), {"city": como.pk, "message": "Eccoci"})
    assert list(response.context["form"].errors) == ["city"]
    assert not Partnership.objects.exists()


def test_only_people_of_member_cities_outside_may_ask(
    client, as_user, project, fabriano_delegate, observer, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    assert "/accounts/login/" in client.get(ask(project)).headers["Location"]
    napoli = make.city(name="Napoli", slug="napoli", member=False)
    candidate = make.delegate(city=napoli)
    for person in [fabriano_delegate, candidate, observer, coordinator]:
        assert not Project.objects.joinable_by(person).exists()
        assert as_user(person).get(ask(project)).status_code == 404
        sent = {"city": napoli.pk, "message": "Eccoci"}
        assert as_user(person).post(ask(project), sent).status_code == 404
        assert f'href="{ask(project)}"' not in as_user(person).get(page_of(project)).text
    assert not Partnership.objects.exists()


@pytest.mark.parametrize("status", ["invited", "asking", "accepted", "declined"])
def test_who_stands_in_it_already_does_not_ask(as_user, project, parma, parma_delegate, status):
    make.partnership(project=project, city=parma, status=status)
    assert not Project.objects.joinable_by(parma_delegate).exists()
    client = as_user(parma_delegate)
    assert client.get(ask(project)).status_code == 404
    response = client.post(ask(project), {"city": parma.pk, "message": "Parole mie"})
    assert list(response.context["form"].errors) == ["__all__"]
    assert "Parole mie" in response.content.decode()
    assert state() == (status, "")


@pytest.mark.parametrize("status", ["refused", "left"])
def test_who_was_not_taken_in_or_has_left_may_ask_again(
    as_user, project, parma, parma_delegate, status
):
    before = make.partnership(project=project, city=parma, status=status, reason="Era tardi")
    client = as_user(parma_delegate)
    assert f'href="{ask(project)}?city={parma.pk}"' in client.get(page_of(project)).text
    client.post(ask(project), {"city": parma.pk, "message": "Ora sì"})
    assert Partnership.objects.get().pk == before.pk
    assert state() == ("asking", "")


@pytest.mark.parametrize(
    "values",
    [
        {"looking_for_partners": False},
        {"partners_until": timezone.localdate() - timedelta(days=1)},
        {"status": "archived"},
    ],
)
def test_a_project_that_no_longer_looks_cannot_be_asked_and_the_words_stay(
    as_user, fabriano, parma, parma_delegate, values
):
    project = make.project(
        lead=fabriano, **{"status": "published", "looking_for_partners": True, **values}
    )
    client = as_user(parma_delegate)
    assert f'href="{ask(project)}"' not in client.get(page_of(project)).content.decode()
    assert client.get(ask(project)).status_code == 404
    response = client.post(ask(project), {"city": parma.pk, "message": "Parole mie"})
    assert list(response.context["form"].errors) == ["__all__"]
    assert "Parole mie" in response.content.decode()
    with pytest.raises(TransitionNotAllowed):
        Partnership.objects.ask(project, parma, by=parma_delegate)
    assert not Partnership.objects.exists()


def test_on_the_last_day_a_city_may_still_ask(fabriano, parma, parma_delegate):
    project = make.project(
        lead=fabriano,
        status="published",
        looking_for_partners=True,
        partners_until=timezone.localdate(),
    )
    assert list(Project.objects.joinable_by(parma_delegate)) == [project]
    assert Partnership.objects.ask(project, parma, by=parma_delegate).status == "asking"


def test_a_draft_that_looks_for_partners_is_nobody_elses_to_ask(as_user, fabriano, parma_delegate):
    project = make.project(lead=fabriano, looking_for_partners=True)
    assert as_user(parma_delegate).get(ask(project)).status_code == 404
    assert as_user(parma_delegate).post(ask(project), {"message": "x"}).status_code == 404


def test_the_lead_welcomes_and_the_city_is_told_at_once(
    as_user, asking, fabriano_delegate, parma_delegate
):
    assert list(Partnership.objects.to_decide_by(fabriano_delegate)) == [asking]
    page = as_user(fabriano_delegate).get(page_of(asking.project)).content.decode()
    assert "Portiamo la cucina" in page
    assert f'action="{to("welcome", asking)}"' in page
    as_user(fabriano_delegate).post(to("welcome", asking))
    assert state() == ("accepted", "")
    assert told() == [parma_delegate.email]
    assert Notification.objects.get().mailed_at is not None


def test_the_lead_refuses_with_a_reason_that_the_city_reads(
    as_user, asking, fabriano_delegate, parma_delegate
):
    client = as_user(fabriano_delegate)
    assert client.post(to("refuse", asking)).status_code == 200  # and asks why
    assert state() == ("asking", "")
    client.post(to("refuse", asking), {"comment": "Siamo già in dieci"})
    assert state() == ("refused", "Siamo già in dieci")
    letter = Email.objects.get()
    assert letter.to == [parma_delegate.email]
    assert "Siamo già in dieci" in letter.message


def test_two_of_the_lead_answer_and_the_first_wins(as_user, asking, fabriano, fabriano_delegate):
    asking.welcome(by=make.delegate(city=fabriano))
    response = as_user(fabriano_delegate).post(to("refuse", asking), {"comment": "No"}, follow=True)
    assert levels(response) == ["warning", "warning"]
    assert state() == ("accepted", "")


def test_two_colleagues_ask_and_there_is_one_question(
    as_user, project, parma, parma_delegate, fabriano_delegate
):
    client = as_user(parma_delegate)
    assert client.get(ask(project)).status_code == 200
    Partnership.objects.ask(project, parma, by=make.delegate(city=parma), message="Prima")
    response = client.post(ask(project), {"city": parma.pk, "message": "Parole mie"})
    assert list(response.context["form"].errors) == ["__all__"]
    assert "Parole mie" in response.content.decode()
    assert Partnership.objects.get().message == "Prima"
