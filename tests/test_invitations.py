"""Nobody signs up: a coordinator invites, and the link in the mail works once, for seven days."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.invitations import invitation_token, send_invitation
from accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

ANSWER = {
    "new_password1": "una frase lunga e mia",
    "new_password2": "una frase lunga e mia",
    "language": "it",
    "privacy": "on",
}


def invited(**fields):
    return make.user(password=None, **fields)


def address(user, language="it"):
    return f"/{language}/{'invito' if language == 'it' else 'invitation'}/{invitation_token(user)}/"


def test_a_person_added_in_the_admin_gets_the_invitation_in_their_language(
    as_user, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    person = {
        "first_name": "Ada",
        "last_name": "Verdi",
        "email": "Ada@Example.org",
        "language": "en",
        "is_active": "on",
    }

    as_user(coordinator).post("/admin/accounts/user/add/", person)
    call_command("deliver")

    ada = User.objects.get(email="ada@example.org")
    assert not ada.has_usable_password()
    assert ada.invited_at is not None
    letter = mail.outbox[0]
    assert letter.to == ["ada@example.org"]
    assert letter.subject == "Your invitation to the portal of the Creative Cities"
    link = re.search(r"http://testserver(/en/invitation/\S+)", letter.body)[1]
    assert link in letter.alternatives[0].content
    assert as_user(coordinator).get(link).status_code == 200


def test_the_invited_person_sets_a_password_and_lands_on_the_desk(client):
    person = invited(email="nuova@example.org")

    response = client.post(address(person), {**ANSWER, "language": "en"})

    assert response.headers["Location"] == "/en/desk/"
    person.refresh_from_db()
    assert person.check_password("una frase lunga e mia")
    assert person.language == "en"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert person.emailaddress_set.get().verified
    assert timezone.now() - person.privacy_accepted_at < timedelta(minutes=1)
    assert person.is_new
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert not person.is_new


def test_the_link_also_offers_a_passkey_and_refuses_what_no_device_has_made(client):
    person = invited()
    link = address(person, "en")
    with_passkey = f"{link}passkey/"
    assert f'href="{with_passkey}"' in client.get(link).text

    page = client.get(with_passkey)
    assert page.context["js_data"]["creation_options"]["publicKey"]["user"]["name"] == person.email
    answer = {"language": "en", "privacy": "on"}
    for credential in ("", "no json", "{}", '{"id": "forged"}', "[1]", "7"):
        refused = client.post(with_passkey, {**answer, "credential": credential})
        assert refused.context["form"].errors.keys() & {"credential", "__all__"}
    person.refresh_from_db()
    assert person.last_login is None
    assert client.get("/en/invitation/forged:token/passkey/").status_code == 410


def test_the_link_works_once(client):
    person = invited()
    link = address(person)
    client.post(link, ANSWER)
    client.logout()

    response = client.post(link, {**ANSWER, "new_password1": "x" * 14, "new_password2": "x" * 14})

    assert response.status_code == 410
    person.refresh_from_db()
    assert person.check_password("una frase lunga e mia")


def test_the_link_is_dead_after_seven_days(client):
    person = invited()
    link = address(person)

    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert client.get(link).status_code == 410
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23), tick=False):
        assert client.get(link).status_code == 200


def test_a_forged_link_lets_nobody_in(client):
    assert client.get("/it/invito/forged:token/").status_code == 410


def test_whoever_has_left_cannot_use_the_link(client):
    person = invited(is_active=False)
    assert client.get(address(person)).status_code == 410


def test_without_the_privacy_notice_the_form_says_so_beside_the_box(client):
    person = invited()

    response = client.post(address(person), {**ANSWER, "privacy": ""})

    assert response.status_code == 200
    assert response.context["form"].errors["privacy"]
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_inviting_again_leaves_people_who_are_in_alone(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    waiting = invited(email="aspetta@example.org")
    inside = make.user(email="dentro@example.org")
    inside.last_login = timezone.now()
    inside.save()

    as_user(coordinator).post(
        "/admin/accounts/user/",
        {"action": "invite", "_selected_action": [waiting.pk, inside.pk]},
    )
    call_command("deliver")

    assert [letter.to for letter in mail.outbox] == [["aspetta@example.org"]]


def test_an_invitation_says_for_which_city_in_two_forms(coordinator, parma):
    person = invited(language="en")
    make.delegate(user=person, city=parma, role="political")
    send_invitation(person, by=coordinator)
    call_command("deliver")
    (letter,) = mail.outbox
    sentence = "You act for Parma, as political delegate."
    assert sentence in letter.body
    assert sentence in letter.alternatives[0].content


def test_the_subject_of_an_invitation_is_italian_for_an_italian(coordinator):
    send_invitation(invited(language="it"), by=coordinator)
    call_command("deliver")
    assert "/it/invito/" in mail.outbox[0].body


def change(person, **changes):
    """What the person's page in the admin sends."""
    names = ["first_name", "last_name", "email", "language"]
    return {**{name: getattr(person, name) for name in names}, "is_active": "on", **changes}


def test_when_a_coordinator_corrects_an_address_the_old_one_opens_nothing(
    as_user, client, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    person = invited(email="vecchia@example.org")
    client.post(address(person), ANSWER)
    person.refresh_from_db()

    page = f"/admin/accounts/user/{person.pk}/change/"
    as_user(coordinator).post(page, change(person, email="nuova@example.org"))
    client.logout()
    client.post("/it/accounts/password/reset/", {"email": "vecchia@example.org"})
    call_command("deliver")

    (letter,) = mail.outbox
    assert "/password/reset/key/" not in letter.body
    old = {"login": "vecchia@example.org", "password": ANSWER["new_password1"]}
    client.post("/it/accounts/login/", old)
    assert "_auth_user_id" not in client.session


def test_when_the_address_of_someone_invited_was_wrong_the_right_one_is_invited(
    as_user, coordinator, settings
):
    settings.COORDINATORS_NEED_MFA = False
    person = invited(email="sbagliata@example.org")
    page = f"/admin/accounts/user/{person.pk}/change/"

    as_user(coordinator).post(page, change(person, email="giusta@example.org"))
    as_user(coordinator).post(page, change(person, email="giusta@example.org", first_name="Eva"))
    call_command("deliver")

    assert [letter.to for letter in mail.outbox] == [["giusta@example.org"]]
