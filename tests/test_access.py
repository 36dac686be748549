"""Who gets in, how far, and until when."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import User
from cities.models import City
from projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db


def log_in(client, email, password=make.PASSWORD):
    return client.post("/it/accounts/login/", {"login": email, "password": password})


def test_people_log_in_by_e_mail_whatever_its_case(client, fabriano_delegate):
    response = log_in(client, "Fabriano@Example.org")
    assert response.headers["Location"] == "/it/scrivania/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, fabriano_delegate):
    wrong = log_in(client, "fabriano@example.org", "wrong").context["form"].errors
    unknown = log_in(client, "nobody@example.org", "wrong").context["form"].errors
    assert wrong == unknown


def test_sign_up_is_closed(client):
    response = client.post(
        "/it/accounts/signup/", {"email": "new@example.org", "password1": "una frase lunga"}
    )
    assert not User.objects.filter(email="new@example.org").exists()
    assert response.status_code == 200


def through_a_provider(email):
    """Come back from an identity provider that vouches for this address."""
    request = RequestFactory().get("/it/accounts/oidc/oidc/login/callback/")
    SessionMiddleware(lambda request: None).process_request(request)
    MessageMiddleware(lambda request: None).process_request(request)
    request.user = AnonymousUser()
    address = EmailAddress(email=email, verified=True, primary=True)
    account = SocialAccount(provider="oidc", uid=email)
    provider = get_adapter().get_provider(request, "oidc")
    came = SocialLogin(
        provider=provider, user=User(email=email), account=account, email_addresses=[address]
    )
    with request_context(request):
        complete_social_login(request, came)
    return request.session.get("_auth_user_id")


def test_an_identity_provider_lets_in_who_is_invited_and_nobody_else(fabriano_delegate, settings):
    oidc = {
        "provider_id": "oidc",
        "name": "OIDC",
        "client_id": "x",
        "settings": {"server_url": "x"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [oidc]}}
    assert through_a_provider("fabriano@example.org") == str(fabriano_delegate.pk)
    assert through_a_provider("stranger@example.org") is None
    assert User.objects.count() == 1
    fabriano_delegate.is_active = False
    fabriano_delegate.save()
    assert through_a_provider("fabriano@example.org") is None


def test_whoever_has_left_cannot_log_in(client, fabriano_delegate):
    fabriano_delegate.is_active = False
    fabriano_delegate.save()
    log_in(client, "fabriano@example.org")
    assert "_auth_user_id" not in client.session


def test_rights_end_on_the_day_the_delegate_ends(fabriano):
    person = make.delegate(city=fabriano, ends_on=date(2026, 6, 30))
    make.project(lead=fabriano)

    with time_machine.travel("2026-06-30 21:30+00:00", tick=False):  # 23:30 in Rome
        assert Project.objects.editable_by(person).count() == 1
    with time_machine.travel("2026-06-30 22:30+00:00", tick=False):  # 0:30 on 1 July in Rome
        assert Project.objects.editable_by(person).count() == 0
        assert list(City.objects.served_by(person)) == []


def test_rights_begin_on_the_day_the_delegate_begins(fabriano):
    tomorrow = timezone.localdate() + timedelta(days=1)
    person = make.delegate(city=fabriano, starts_on=tomorrow)
    assert list(City.objects.served_by(person)) == []


def test_a_coordinator_without_second_factor_is_led_to_set_one_up(as_user, coordinator):
    client = as_user(coordinator)
    for door in ["/it/scrivania/", "/admin/", "/it/"]:
        assert client.get(door).headers["Location"].endswith("/accounts/2fa/")
    assert client.get("/it/accounts/2fa/").status_code == 200


def test_a_coordinator_with_second_factor_passes(as_user, coordinator):
    Authenticator.objects.create(
        user=coordinator, type=Authenticator.Type.TOTP, data={"secret": "x"}
    )
    assert as_user(coordinator).get("/admin/").status_code == 200


def test_a_delegate_is_not_asked_for_a_second_factor(as_user, fabriano_delegate):
    assert as_user(fabriano_delegate).get("/it/scrivania/").status_code == 200


def test_the_admin_sends_strangers_to_the_portals_log_in_and_shows_delegates_nothing(
    client, as_user, fabriano_delegate, observer
):
    assert "/accounts/login/?next=/admin/" in client.get("/admin/", follow=True).request[
        "PATH_INFO"
    ] + "?" + client.get("/admin/", follow=True).request["QUERY_STRING"].replace("%2F", "/")
    assert as_user(fabriano_delegate).get("/admin/", follow=True).status_code == 404
    assert as_user(observer).get("/admin/", follow=True).status_code == 404


def test_the_admin_speaks_the_language_of_the_coordinator(as_user, settings):
    settings.COORDINATORS_NEED_MFA = False
    client = as_user(make.coordinator(language="en"))
    page = client.get("/admin/", HTTP_ACCEPT_LANGUAGE="it").content.decode()
    assert '<html lang="en' in page


def test_people_are_filtered_by_roles_in_the_coordinators_language(as_user, observer, settings):
    settings.COORDINATORS_NEED_MFA = False
    client = as_user(make.coordinator(language="it"))
    page = client.get("/admin/accounts/user/", {"role": "observers"})
    assert [person.pk for person in page.context["cl"].result_list] == [observer.pk]
    assert '<a href="?role=observers">Osservatori</a>' in " ".join(page.content.decode().split())


def test_roles_are_made_by_migrate_and_come_back_if_someone_deletes_them(db):
    Group.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert set(Group.objects.values_list("name", flat=True)) == {"coordinators", "observers"}
    assert (
        Group.objects.get(name="coordinators")
        .permissions.filter(codename="change_meeting")
        .exists()
    )
    assert not Group.objects.get(name="observers").permissions.exists()


def test_a_coordinator_cannot_see_or_make_superusers(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    root = User.objects.create_superuser(
        "root@example.org", "x" * 14, first_name="R", last_name="R"
    )
    client = as_user(coordinator)
    assert client.get(f"/admin/accounts/user/{root.pk}/change/").status_code == 302
    page = client.get(f"/admin/accounts/user/{coordinator.pk}/change/").content.decode()
    assert "is_superuser" not in page
