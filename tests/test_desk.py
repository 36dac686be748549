"""The desk shows what waits for me, and nothing that waits for others."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from journal.models import Notification
from tests import make

pytestmark = pytest.mark.django_db

DESK = "/it/scrivania/"


@pytest.fixture(autouse=True)
def one_factor_is_enough(settings):
    settings.COORDINATORS_NEED_MFA = False


def titles(things):
    return [thing.title for thing in things]


def test_the_desk_asks_strangers_to_log_in(client):
    assert client.get(DESK).headers["Location"] == f"/it/accounts/login/?next={DESK}"


def test_a_delegate_finds_own_drafts_and_what_was_sent_back_or_waits(
    as_user, fabriano, parma, fabriano_delegate, coordinator
):
    make.project(lead=fabriano, title_it="Bozza")
    make.project(lead=fabriano, title_it="Inviato", status="submitted")
    back = make.project(lead=fabriano, title_it="Rimandato", status="submitted")
    back.send_back(by=coordinator, comment="Manca la fonte.")
    make.project(lead=fabriano, title_it="Pubblico", status="published")
    make.project(lead=parma, title_it="Di altri")

    response = as_user(fabriano_delegate).get(DESK)

    assert titles(response.context["drafts"]) == ["Bozza"]
    assert titles(response.context["submitted"]) == ["Inviato"]
    assert titles(response.context["sent_back"]) == ["Rimandato"]
    page = response.content.decode()
    assert "Manca la fonte." in page
    assert 'href="/it/progetti/nuovo/"' in page
    assert "Di altri" not in page


def test_a_delegate_answers_invitations_from_the_desk(as_user, fabriano, parma, parma_delegate):
    asked = make.partnership(
        project=make.project(lead=fabriano, status="submitted", title_it="Insieme"), city=parma
    )
    make.partnership(project=make.project(lead=fabriano, title_it="Ancora bozza"), city=parma)
    page = as_user(parma_delegate).get(DESK).content.decode()
    assert f'action="/it/partenariati/{asked.pk}/accetta/"' in page
    assert f'action="/it/partenariati/{asked.pk}/declina/"' in page
    assert "Ancora bozza" not in page


def test_someone_of_two_cities_sees_both(as_user, fabriano, parma):
    person = make.delegate(city=fabriano)
    make.delegate(city=parma, user=person)
    make.project(lead=fabriano, title_it="Uno")
    make.project(lead=parma, title_it="Due")
    response = as_user(person).get(DESK)
    assert sorted(titles(response.context["drafts"])) == ["Due", "Uno"]
    assert [city.name for city in response.context["cities"]] == ["Fabriano", "Parma"]


def test_meetings_are_those_of_my_track_with_the_online_link(as_user, fabriano):
    link = "https://example.org/sala"
    make.meeting(title_it="Tecnico", track="technical", online_link=link, is_public=False)
    make.meeting(title_it="Politico", track="political")
    make.meeting(title_it="Tutti", track="both")
    make.meeting(title_it="Bozza", track="both", status="draft")
    make.meeting(title_it="Annullato", track="both", status="cancelled")
    make.meeting(title_it="Passato", starts_at=timezone.now() - timedelta(days=9))
    technical = as_user(make.delegate(city=fabriano, role="focal_point")).get(DESK)
    assert titles(technical.context["meetings"]) == ["Tecnico", "Tutti"]
    assert f'href="{link}"' in technical.content.decode()
    political = as_user(make.delegate(city=fabriano, role="political")).get(DESK)
    assert titles(political.context["meetings"]) == ["Politico", "Tutti"]


def test_news_is_shown_as_new_once_and_then_as_known(
    as_user, fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, status="submitted", title_it="Carta")
    project.approve(by=coordinator)
    client = as_user(fabriano_delegate)

    first = client.get(DESK)
    assert [each.is_new for each in first.context["notifications"]] == [True]
    assert f'<a href="/it/progetti/{project.slug}/">Carta</a>' in first.content.decode()
    assert Notification.objects.get().read_at is not None

    second = client.get(DESK)
    assert [each.is_new for each in second.context["notifications"]] == [False]


def test_what_was_not_shown_is_not_marked_as_read(
    as_user, fabriano, fabriano_delegate, coordinator
):
    for _each in range(12):
        make.project(lead=fabriano, status="submitted").approve(by=coordinator)
    client = as_user(fabriano_delegate)
    client.get(DESK)
    assert Notification.objects.unread().count() == 2
    client.get(DESK)
    assert Notification.objects.unread().count() == 0


def test_nobody_reads_what_others_were_told(
    as_user, fabriano, fabriano_delegate, parma_delegate, coordinator
):
    make.project(lead=fabriano, status="submitted").approve(by=coordinator)
    assert as_user(parma_delegate).get(DESK).context["notifications"] == []
    assert Notification.objects.unread().count() == 1


def test_a_new_delegate_is_shown_three_first_steps(as_user, fabriano_delegate):
    page = as_user(fabriano_delegate).get(DESK).content.decode()
    steps = page.partition('id="first-steps"')[2]
    for address in ["/it/citta/fabriano/", "/it/progetti/nuovo/", "/it/accounts/2fa/"]:
        assert f'href="{address}"' in steps


def test_a_delegate_of_a_candidate_city_sees_the_way_in_but_begins_no_project(as_user):
    napoli = make.city(name="Napoli", slug="napoli", member=False)
    make.meeting(title_it="Riservato", is_public=False)
    make.meeting(title_it="Aperto", online_link="https://example.org/sala")
    response = as_user(make.delegate(city=napoli)).get(DESK)
    page = response.content.decode()
    assert "/it/rete/#" in page
    assert "/it/progetti/nuovo/" not in page
    assert titles(response.context["meetings"]) == ["Aperto"]
    assert "https://example.org/sala" not in page


def test_rights_end_on_the_desk_too(as_user, fabriano):
    person = make.delegate(city=fabriano, ends_on=timezone.localdate())
    make.project(lead=fabriano, title_it="Bozza")
    assert "Bozza" in as_user(person).get(DESK).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        page = as_user(person).get(DESK).content.decode()
    assert "Bozza" not in page
    assert "/it/progetti/nuovo/" not in page


def test_a_coordinator_finds_what_the_network_waits_for(
    as_user, fabriano, fabriano_delegate, coordinator
):
    make.project(lead=fabriano, status="submitted", title_it="Da leggere")
    make.project(lead=fabriano, title_it="Bozza di altri")
    invited = make.user(first_name="Ivo", invited_at=timezone.now())
    response = as_user(coordinator).get(DESK)
    page = response.content.decode()
    assert titles(response.context["to_review"]) == ["Da leggere"]
    assert list(response.context["invited"]) == [invited]
    assert 'href="/admin/"' in page
    assert "Bozza di altri" not in page


def test_an_observer_reads_meetings_and_the_latest_projects(as_user, fabriano, observer):
    make.project(lead=fabriano, status="published", title_it="Pubblico")
    make.project(lead=fabriano, status="submitted", title_it="Non ancora")
    make.meeting(title_it="Politico", track="political", online_link="https://example.org/sala")
    response = as_user(observer).get(DESK)
    assert titles(response.context["latest"]) == ["Pubblico"]
    assert titles(response.context["meetings"]) == ["Politico"]
    page = response.content.decode()
    assert "https://example.org/sala" in page
    assert "/admin/" not in page
    assert "/it/progetti/nuovo/" not in page


def test_someone_without_city_and_role_is_told_so(as_user, db):
    response = as_user(make.user()).get(DESK)
    assert response.status_code == 200
    assert "drafts" not in response.context
