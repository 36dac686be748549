"""The people of a city: who invites whom, who ends whom, and who is told."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from post_office.models import Email

from cities.models import City, Delegate
from journal.models import Event, Notification
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = "/en/cities/parma/people/"
INVITE = f"{PEOPLE}invite/"
ADA = {"first_name": "Ada", "last_name": "Verdi", "email": "Ada@Example.org", "language": "en"}


@pytest.fixture
def colleague(parma):
    person = make.delegate(city=parma, role="collaborator", first_name="Cora", language="en")
    person.last_login = timezone.now()
    person.save()
    return person


def end(delegate):
    return f"/en/delegates/{delegate.pk}/end/"


def row_of(person):
    return Delegate.objects.get(user=person)


def told(person):
    return [each.event.verb for each in person.notifications.order_by("pk")]


def test_the_focal_point_sees_who_acts_for_the_city_and_may_invite(
    as_user, parma, parma_delegate, colleague
):
    make.delegate(city=parma, role="political", first_name="Pia", ends_on=date(2025, 1, 1))
    page = as_user(parma_delegate).get(PEOPLE)
    assert page.status_code == 200
    assert {str(each.user) for each, _ in page.context["people"]} == {
        str(parma_delegate),
        str(colleague),
    }
    assert INVITE in page.text
    assert end(row_of(colleague)) in page.text
    assert end(row_of(parma_delegate)) not in page.text


def test_collaborators_read_the_list_without_buttons(as_user, parma_delegate, colleague):
    page = as_user(colleague).get(PEOPLE)
    assert page.status_code == 200
    assert INVITE not in page.text
    assert "/end/" not in page.text
    assert as_user(colleague).post(INVITE, ADA).status_code == 404


@pytest.mark.parametrize("who", ["fabriano_delegate", "observer"])
def test_who_does_not_act_for_the_city_finds_nothing_there(request, as_user, who, colleague):
    client = as_user(request.getfixturevalue(who))
    for address in (PEOPLE, INVITE, end(row_of(colleague))):
        assert client.get(address).status_code == 404
        assert client.post(address, ADA).status_code in (404, 405)
    assert not get_user_model().objects.filter(email="ada@example.org").exists()


def test_a_visitor_is_asked_to_log_in(client, parma):
    for address in (PEOPLE, INVITE, "/en/delegates/1/end/"):
        assert "/login/" in client.get(address).headers["Location"]


def test_whoever_is_invited_gets_one_letter_with_one_link_and_acts_for_the_city(
    as_user, parma, parma_delegate, colleague
):
    answer = as_user(parma_delegate).post(INVITE, ADA)
    call_command("deliver")

    assert answer.headers["Location"] == PEOPLE
    ada = get_user_model().objects.get(email="ada@example.org")
    row = row_of(ada)
    assert (row.city, row.role, row.starts_on) == (parma, "collaborator", timezone.localdate())
    (letter,) = [each for each in mail.outbox if each.to == ["ada@example.org"]]
    assert letter.body.count("http") == 2  # the link, and the portal's own address
    assert "You act for Parma, as collaborator." in letter.body
    assert told(ada) == []
    assert told(colleague) == ["invite"]
    assert told(parma_delegate) == []


def test_pressing_twice_invites_once(as_user, parma_delegate):
    client = as_user(parma_delegate)
    client.post(INVITE, ADA)
    again = client.post(INVITE, ADA)
    assert again.context["form"].errors["email"]
    assert Delegate.objects.filter(user__email="ada@example.org").count() == 1


def test_a_focal_point_names_collaborators_only(as_user, parma_delegate):
    as_user(parma_delegate).post(INVITE, {**ADA, "role": "focal_point"})
    assert Delegate.objects.get(user__email="ada@example.org").role == "collaborator"


def test_a_coordinator_names_any_role_in_any_city(as_user, coordinator, parma, settings):
    settings.COORDINATORS_NEED_MFA = False
    as_user(coordinator).post(INVITE, {**ADA, "role": "focal_point"})
    assert Delegate.objects.get(user__email="ada@example.org").role == "focal_point"


def test_a_known_person_gets_a_letter_that_says_so_and_the_same_answer_is_given(
    as_user, parma, parma_delegate, fabriano_delegate
):
    fabriano_delegate.last_login = timezone.now()
    fabriano_delegate.save()
    client = as_user(parma_delegate)
    known = client.post(INVITE, {**ADA, "email": "fabriano@example.org"}, follow=True)
    new = client.post(INVITE, ADA, follow=True)
    call_command("deliver")

    known_says, new_says = (
        [str(said) for said in each.context["messages"]] for each in (known, new)
    )
    assert known_says == ["A letter is on its way to fabriano@example.org."]
    assert new_says == ["A letter is on its way to ada@example.org."]
    fabriano_delegate.refresh_from_db()
    assert fabriano_delegate.first_name == "Fabia"
    letter = next(each for each in mail.outbox if each.to == ["fabriano@example.org"])
    assert "Parma" in letter.body
    assert "/invit" not in letter.body
    assert City.objects.served_by(fabriano_delegate).filter(pk=parma.pk).exists()


def test_a_person_whose_access_is_switched_off_stays_out_and_coordinators_hear(
    as_user, parma_delegate, coordinator
):
    make.user(email="ada@example.org", is_active=False)
    as_user(parma_delegate).post(INVITE, ADA)
    assert not Email.objects.exists()
    assert told(coordinator) == ["invite"]


def test_ending_takes_the_rights_away_at_once_and_tells_person_and_city(
    as_user, parma, parma_delegate, colleague
):
    third = make.delegate(city=parma, role="political")
    page = as_user(parma_delegate).get(end(row_of(colleague)))
    assert page.status_code == 200

    as_user(parma_delegate).post(end(row_of(colleague)), {"comment": "New office"})
    call_command("deliver")

    assert row_of(colleague).ends_on == timezone.localdate() - timedelta(days=1)
    assert not City.objects.served_by(colleague).exists()
    assert told(colleague) == told(third) == ["end"]
    [letter] = [each for each in mail.outbox if each.to == [colleague.email]]
    assert "New office" in letter.body
    assert as_user(colleague).get(PEOPLE).status_code == 404


def test_a_term_that_began_today_ends_at_once_as_well(as_user, parma, parma_delegate):
    person = make.delegate(city=parma, role="collaborator", starts_on=timezone.localdate())
    as_user(parma_delegate).post(end(row_of(person)))
    assert not City.objects.served_by(person).exists()
    assert row_of(person).starts_on == row_of(person).ends_on


def test_a_focal_point_ends_neither_peers_nor_people_of_other_cities(
    as_user, parma, fabriano, parma_delegate
):
    peer = make.delegate(city=parma, role="focal_point")
    stranger = make.delegate(city=fabriano, role="collaborator")
    for person in (peer, stranger, parma_delegate):
        assert as_user(parma_delegate).post(end(row_of(person))).status_code == 404
        assert row_of(person).ends_on is None


def test_what_has_ended_cannot_be_ended_again(as_user, parma_delegate, colleague):
    row = row_of(colleague)
    stale = row_of(colleague)
    row.end(by=parma_delegate)
    stale.end(by=parma_delegate)
    assert as_user(parma_delegate).post(end(row)).status_code == 404
    assert Event.objects.filter(verb="end").count() == 1


def test_the_drafts_of_whoever_ends_stay_with_the_city(as_user, parma, parma_delegate, colleague):
    draft = make.project(lead=parma, created_by=colleague, title_it="Pane e altro")
    row_of(colleague).end(by=parma_delegate)

    assert draft not in Project.objects.visible_to(colleague)
    assert draft not in Project.objects.editable_by(colleague)
    assert draft in Project.objects.editable_by(parma_delegate)
    kept = Event.objects.get(verb="hand_over")
    assert kept.comment == "Pane e altro"


def test_the_citys_people_learn_which_drafts_they_keep(parma, parma_delegate, coordinator):
    colleague = make.delegate(city=parma, role="collaborator")
    make.project(lead=parma, created_by=colleague, title_it="Pane e altro")
    row_of(colleague).end(by=coordinator)
    assert told(parma_delegate) == ["end", "hand_over"]


def test_coordinators_hear_when_a_city_loses_its_last_focal_point(
    as_user, parma, parma_delegate, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    other = make.coordinator()
    as_user(coordinator).post(end(row_of(parma_delegate)))
    assert told(other) == ["end"]
    assert list(City.objects.without_focal_point()) == [parma]


def test_coordinators_find_the_cities_without_a_focal_point_in_the_admin(
    as_user, coordinator, parma, fabriano_delegate, settings
):
    settings.COORDINATORS_NEED_MFA = False
    page = as_user(coordinator).get("/admin/cities/city/?focal_point=none")
    assert list(page.context["cl"].queryset) == [parma]


def test_a_delegate_entered_in_the_admin_is_told_as_well(
    as_user, coordinator, parma, parma_delegate, fabriano_delegate, settings
):
    settings.COORDINATORS_NEED_MFA = False
    fabriano_delegate.last_login = timezone.now()
    fabriano_delegate.save()
    row = {"user": fabriano_delegate.pk, "city": parma.pk, "role": "collaborator"}
    as_user(coordinator).post("/admin/cities/delegate/add/", {**row, "starts_on": "2026-01-01"})
    assert told(fabriano_delegate) == told(parma_delegate) == ["invite"]
    assert Email.objects.get().to == [fabriano_delegate.email]


def test_a_city_whose_focal_point_is_switched_off_counts_as_without(parma, fabriano_delegate):
    make.delegate(city=parma, is_active=False)
    assert list(City.objects.without_focal_point()) == [parma]


def test_a_mail_choice_holds_for_delegations_too(parma, parma_delegate, colleague):
    colleague.mail_choice = "none"
    colleague.save()
    row_of(colleague).end(by=parma_delegate)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        call_command("deliver")
    assert [each for each in mail.outbox if each.to == [colleague.email]] == []
    assert Notification.objects.filter(user=colleague).count() == 1
