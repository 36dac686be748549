"""The lead city invites others, each answers for itself, and the lead says who edits."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.urls import reverse
from post_office.models import Email

from journal.models import Event, Notification
from journal.verbs import TransitionNotAllowed
from projects.models import Project
from projects.partnerships import Partnership
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(fabriano):
    return make.project(lead=fabriano, status="published", title_it="Carta viva")


@pytest.fixture
def asked(project, parma):
    """Parma is asked to join a project of Fabriano."""
    return make.partnership(project=project, city=parma)


@pytest.fixture
def partner(project, parma):
    """Parma takes part in a project of Fabriano."""
    return make.partnership(project=project, city=parma, status="accepted")


def invite(project):
    return reverse("partnership_invite", args=[project.slug])


def page_of(project):
    return f"/it/progetti/{project.slug}/"


def to(verb, partnership):
    return reverse(f"partnership_{verb}", args=[partnership.pk])


def answer_of(partnership):
    return Partnership.objects.values_list("status", "reason").get(pk=partnership.pk)


def told():
    return sorted(each.user.email for each in Notification.objects.select_related("user"))


def levels(response):
    return [message.level_tag for message in response.context["messages"]]


# Inviting


@pytest.mark.parametrize("status", ["draft", "submitted", "published"])
def test_the_lead_city_invites_and_the_people_asked_are_told_at_once(
    as_user, fabriano, fabriano_delegate, parma, parma_delegate, status
):
    project = make.project(lead=fabriano, status=status, title_it="Carta viva")
    page = as_user(fabriano_delegate).get(invite(project)).content.decode()
    assert f'value="{parma.pk}"' in page
    assert f'value="{fabriano.pk}"' not in page

    sent = {"cities": [parma.pk], "message": "Portate la cucina?", "may_edit": "on"}
    response = as_user(fabriano_delegate).post(invite(project), sent)

    assert response.headers["Location"] == page_of(project)
    partnership = Partnership.objects.get()
    assert (partnership.city, partnership.status) == (parma, "invited")
    assert (partnership.message, partnership.may_edit) == ("Portate la cucina?", True)
    event = Event.objects.get()
    assert (event.verb, event.actor, event.target) == ("invite", fabriano_delegate, partnership)
    assert told() == [parma_delegate.email]
    letter = Email.objects.get()
    assert letter.to == [parma_delegate.email]
    assert "Carta viva" in letter.subject
    assert "Portate la cucina?" in letter.message


def test_several_cities_are_invited_at_once_each_in_a_row_of_its_own(
    as_user, project, fabriano_delegate, parma, parma_delegate
):
    como = make.city(name="Como", slug="como", field="crafts-folk-art")
    cities = [parma.pk, como.pk]
    response = as_user(fabriano_delegate).post(invite(project), {"cities": cities}, follow=True)
    assert set(Partnership.objects.values_list("city__name_it", "status", "may_edit")) == {
        ("Parma", "invited", False),
        ("Como", "invited", False),
    }
    # nobody acts for Como yet: whoever invites is told to call
    assert levels(response) == ["success", "warning"]
    assert "Como" in str(list(response.context["messages"])[1])


def test_nobody_is_chosen_and_the_message_is_still_there(as_user, project, fabriano_delegate):
    response = as_user(fabriano_delegate).post(invite(project), {"message": "Venite con noi"})
    assert list(response.context["form"].errors) == ["cities"]
    assert "Venite con noi" in response.content.decode()


def test_only_the_lead_and_coordinators_invite(
    client, as_user, project, partner, parma_delegate, observer, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    como = make.city(name="Como", slug="como")
    assert "/accounts/login/" in client.get(invite(project)).headers["Location"]
    for person in [parma_delegate, observer, make.delegate(city=como)]:
        assert as_user(person).get(invite(project)).status_code == 404
        assert as_user(person).post(invite(project), {"cities": [como.pk]}).status_code == 404
    assert not Partnership.objects.filter(city=como).exists()
    as_user(coordinator).post(invite(project), {"cities": [como.pk]})
    assert Partnership.objects.get(city=como).status == "invited"


def test_neither_the_lead_itself_nor_a_candidate_can_be_invited(
    as_user, project, fabriano, fabriano_delegate
):
    napoli = make.city(name="Napoli", slug="napoli", member=False)
    for city in [fabriano, napoli]:
        response = as_user(fabriano_delegate).post(invite(project), {"cities": [city.pk]})
        assert list(response.context["form"].errors) == ["cities"]
    with pytest.raises(TransitionNotAllowed):
        Partnership.objects.invite(project, fabriano, by=fabriano_delegate)
    assert not Partnership.objects.exists()


@pytest.mark.parametrize("status", ["archived", "withdrawn"])
def test_into_a_closed_project_nobody_is_invited(
    as_user, fabriano, fabriano_delegate, parma, status
):
    project = make.project(lead=fabriano, status=status)
    client = as_user(fabriano_delegate)
    assert levels(client.get(invite(project), follow=True)) == ["warning"]
    response = client.post(invite(project), {"cities": [parma.pk], "message": "Venite"})
    assert list(response.context["form"].errors) == ["__all__"]
    assert "Venite" in response.content.decode()
    assert not Partnership.objects.exists()


def test_inviting_the_same_city_twice_makes_one_row_and_says_so(
    as_user, project, fabriano_delegate, parma, parma_delegate
):
    client = as_user(fabriano_delegate)
    client.post(invite(project), {"cities": [parma.pk], "message": "Prima"}, follow=True)
    assert f'value="{parma.pk}"' not in client.get(invite(project)).content.decode()
    response = client.post(invite(project), {"cities": [parma.pk], "message": "Poi"}, follow=True)
    assert levels(response) == ["warning"]
    assert Partnership.objects.get().message == "Prima"
    assert Event.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory has one connection")
@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_invite_at_the_same_moment_ask_once(fabriano, fabriano_delegate, parma):
    make.delegate(city=parma, email="parma@example.org")
    project = make.project(lead=fabriano)
    colleague = make.delegate(city=fabriano)

    def ask(person):
        try:
            Partnership.objects.invite(Project.objects.get(pk=project.pk), parma, by=person)
        except TransitionNotAllowed:
            return "late"
        finally:
            connection.close()
        return "asked"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(ask, [fabriano_delegate, colleague]))
    assert outcomes == ["asked", "late"]
    assert Partnership.objects.get().status == "invited"
    assert Event.objects.count() == 1


@pytest.mark.parametrize("status", ["declined", "refused", "left"])
def test_a_city_outside_is_invited_again_in_its_old_row(
    as_user, project, fabriano_delegate, parma, status
):
    before = make.partnership(project=project, city=parma, status=status, reason="Manca il tempo")
    client = as_user(fabriano_delegate)
    assert f'href="{invite(project)}?city={parma.pk}"' in client.get(page_of(project)).text
    page = client.get(invite(project), {"city": parma.pk}).content.decode()
    assert re.search(rf'value="{parma.pk}"[^>]*checked', page)
    client.post(invite(project), {"cities": [parma.pk]})
    assert Partnership.objects.get().pk == before.pk
    assert answer_of(before) == ("invited", "")


def test_a_coordinator_who_adds_a_city_in_the_admin_invites_it_too(
    as_user, project, parma, parma_delegate, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    address = f"/admin/projects/project/{project.pk}/change/"
    form = as_user(coordinator).get(address).context["adminform"].form
    sent = {name: value for name, value in form.initial.items() if value not in (None, "")}
    sent |= {"title_it": "Carta viva", "partnerships-0-city": parma.pk}
    sent |= {"partnerships-0-message": "Venite?"}
    for formset in as_user(coordinator).get(address).context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        sent |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    as_user(coordinator).post(address, sent | {"partnerships-TOTAL_FORMS": 1})
    assert list(Partnership.objects.values_list("city", "status", "message")) == [
        (parma.pk, "invited", "Venite?")
    ]
    assert told() == [parma_delegate.email]


# Who sees it


def test_until_it_answers_only_those_concerned_see_the_city_invited(
    client, as_user, project, asked, parma_delegate, fabriano_delegate, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    stranger = make.delegate(city=make.city(name="Como", slug="como"))
    assert not Partnership.objects.visible_to(AnonymousUser()).exists()
    assert not Partnership.objects.visible_to(stranger).exists()
    for person in [parma_delegate, fabriano_delegate, coordinator]:
        assert list(Partnership.objects.visible_to(person)) == [asked]
    for status in ["declined", "refused", "left"]:
        Partnership.objects.update(status=status)
        assert not Partnership.objects.visible_to(stranger).exists()
        assert list(Partnership.objects.visible_to(fabriano_delegate)) == [asked]


def test_reasons_and_messages_are_for_those_concerned(as_user, client, project, fabriano_delegate):
    make.partnership(project=project, city=make.city(), status="accepted", message="Tra noi")
    make.partnership(project=project, city=make.city(), status="left", reason="Manca il tempo")
    page = client.get(page_of(project)).content.decode()
    assert "Tra noi" not in page
    assert "Manca il tempo" not in page
    assert "Manca il tempo" in as_user(fabriano_delegate).get(page_of(project)).content.decode()


# Answering


def test_a_city_takes_part_and_the_lead_is_told(as_user, asked, parma_delegate, fabriano_delegate):
    response = as_user(parma_delegate).post(to("accept", asked))
    assert response.headers["Location"] == page_of(asked.project)
    assert answer_of(asked) == ("accepted", "")
    assert told() == [fabriano_delegate.email]
    event = Event.objects.get()
    assert (event.verb, event.actor, event.target) == ("accept", parma_delegate, asked)


def test_a_city_declines_with_a_reason_that_the_lead_reads(
    as_user, asked, parma_delegate, fabriano_delegate
):
    reason = "Quest’anno manca il tempo. " * 40
    as_user(parma_delegate).post(to("decline", asked), {"comment": reason})
    assert answer_of(asked) == ("declined", reason.strip())
    letter = Email.objects.get()
    assert letter.to == [fabriano_delegate.email]
    assert reason.strip() in letter.message
    assert "Quest’anno manca il tempo." in as_user(fabriano_delegate).get("/it/scrivania/").text


def test_declining_without_a_reason_asks_for_one(as_user, asked, parma_delegate):
    response = as_user(parma_delegate).post(to("decline", asked), {"comment": " "})
    assert list(response.context["form"].errors) == ["comment"]
    assert answer_of(asked) == ("invited", "")


def test_a_city_may_change_its_mind(as_user, asked, parma_delegate):
    client = as_user(parma_delegate)
    client.post(to("decline", asked), {"comment": "No"})
    client.post(to("accept", asked))
    assert answer_of(asked) == ("accepted", "")


def test_only_the_city_that_is_asked_answers(
    client, as_user, asked, fabriano_delegate, observer, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    neighbour = make.delegate(city=make.city(name="Como", slug="como"))
    for verb in ["accept", "decline", "leave"]:
        client.logout()
        assert "/accounts/login/" in client.post(to(verb, asked)).headers["Location"]
        for person in [fabriano_delegate, neighbour, observer, coordinator]:
            assert as_user(person).post(to(verb, asked), {"comment": "Sì"}).status_code == 404
    assert answer_of(asked) == ("invited", "")
    assert not Event.objects.exists()


@pytest.mark.parametrize("status", ["archived", "withdrawn"])
def test_invitations_into_a_closed_project_wait_for_nobody(
    as_user, fabriano, parma, parma_delegate, fabriano_delegate, status
):
    project = make.project(lead=fabriano, status=status)
    asked = make.partnership(project=project, city=parma)
    make.partnership(project=project, city=make.city(), status="asking")
    assert list(Partnership.objects.answerable_by(parma_delegate)) == []
    assert list(Partnership.objects.to_decide_by(fabriano_delegate)) == []
    response = as_user(parma_delegate).post(to("accept", asked), follow=True)
    assert levels(response) == ["warning"]
    assert answer_of(asked) == ("invited", "")


def test_of_two_people_of_a_city_the_first_answers(asked, parma, parma_delegate, as_user):
    same_in_another_window = Partnership.objects.get(pk=asked.pk)
    asked.accept(by=parma_delegate)
    with pytest.raises(TransitionNotAllowed):
        same_in_another_window.decline(by=make.delegate(city=parma), comment="No")
    response = as_user(parma_delegate).post(
        to("decline", asked), {"comment": "Parole da non perdere"}, follow=True
    )
    assert levels(response) == ["warning", "warning"]
    assert "Parole da non perdere" in response.content.decode()
    assert answer_of(asked) == ("accepted", "")
    assert Event.objects.count() == 1


def test_who_read_the_page_before_the_project_was_withdrawn_comes_too_late(
    asked, parma_delegate, fabriano_delegate
):
    read_before = Partnership.objects.select_related("project").get(pk=asked.pk)
    Project.objects.get(pk=asked.project_id).withdraw(by=fabriano_delegate)
    with pytest.raises(TransitionNotAllowed):
        read_before.accept(by=parma_delegate)
    assert answer_of(asked) == ("invited", "")


def test_a_link_answers_nothing(as_user, asked, parma_delegate, fabriano_delegate):
    for person, verbs in [
        (parma_delegate, ["accept", "decline", "leave"]),
        (fabriano_delegate, ["cancel", "welcome", "refuse", "let_edit", "only_updates"]),
    ]:
        assert {as_user(person).get(to(verb, asked)).status_code for verb in verbs} == {405}


# Switches of the lead, and leaving


def test_the_lead_takes_an_invitation_back(as_user, asked, fabriano_delegate, parma_delegate):
    as_user(fabriano_delegate).post(to("cancel", asked))
    assert answer_of(asked) == ("refused", "")
    assert told() == [parma_delegate.email]
    assert list(Partnership.objects.answerable_by(parma_delegate)) == []


def test_the_lead_lets_a_partner_edit_and_takes_it_back(
    as_user, partner, fabriano_delegate, parma_delegate
):
    editable = Project.objects.editable_by(parma_delegate)
    lead = as_user(fabriano_delegate)
    assert not editable.exists()
    lead.post(to("let_edit", partner))
    assert editable.exists()
    assert levels(lead.post(to("let_edit", partner), follow=True))[-1] == "warning"
    lead.post(to("only_updates", partner))
    assert not editable.exists()
    assert [event.verb for event in Event.objects.order_by("pk")] == ["let_edit", "only_updates"]
    assert told() == [parma_delegate.email] * 2


def test_the_switches_are_for_the_lead_alone(
    client, as_user, partner, parma_delegate, observer, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    neighbour = make.delegate(city=make.city(name="Como", slug="como"))
    for verb in ["let_edit", "only_updates", "cancel", "welcome", "refuse"]:
        client.logout()
        assert "/accounts/login/" in client.post(to(verb, partner)).headers["Location"]
        for person in [parma_delegate, neighbour, observer, coordinator]:
            assert as_user(person).post(to(verb, partner), {"comment": "x"}).status_code == 404
    assert not Event.objects.exists()


def test_a_city_leaves_with_a_reason_and_what_it_did_stays(
    as_user, client, partner, parma, parma_delegate, fabriano_delegate
):
    Partnership.objects.update(may_edit=True)
    make.update(project=partner.project, city=parma, text_it="Il primo laboratorio")
    assert as_user(parma_delegate).post(to("leave", partner)).status_code == 200
    as_user(parma_delegate).post(to("leave", partner), {"comment": "Cambiamo strada"})
    assert answer_of(partner) == ("left", "Cambiamo strada")
    assert told() == [fabriano_delegate.email]
    assert not Project.objects.editable_by(parma_delegate).exists()
    client.logout()
    page = client.get(reverse("update_list", args=[partner.project.slug])).content.decode()
    assert "Il primo laboratorio" in page
    assert parma.get_absolute_url() in page
