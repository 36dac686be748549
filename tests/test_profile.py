"""My profile: what I settle, what I take along, and how my account ends."""

import json
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from post_office.models import Email

from accounts.closing import LastInCharge, close_account
from accounts.models import User
from accounts.traces import ERASED, traces
from cities.models import Delegate
from journal.mail import send_digests
from journal.models import Event, Presence
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

PROFILE, DATA, CLOSE = "/en/profile/", "/en/profile/data/", "/en/profile/close/"
ANSWERS = {"first_name": "Fabia", "last_name": "Neri", "language": "en", "mail_choice": "daily"}


def choose(person, choice):
    person.mail_choice = choice
    person.save()


# What a person settles


def test_a_person_settles_name_language_and_mail(as_user, fabriano_delegate):
    answer = as_user(fabriano_delegate).post(PROFILE, ANSWERS)
    assert answer.headers["Location"] == PROFILE
    fabriano_delegate.refresh_from_db()
    assert str(fabriano_delegate) == "Fabia Neri"
    assert (fabriano_delegate.language, fabriano_delegate.mail_choice) == ("en", "daily")


def test_a_profile_without_a_name_is_asked_for_it_and_the_page_still_knows_who_it_is(
    as_user, fabriano_delegate
):
    page = as_user(fabriano_delegate).post(PROFILE, {**ANSWERS, "last_name": ""})
    assert page.context["form"].errors["last_name"]
    assert str(fabriano_delegate) in page.text


def test_the_header_leads_to_the_profile(as_user, fabriano_delegate):
    assert 'href="/en/profile/" class="slim__user"' in as_user(fabriano_delegate).get("/en/").text


# How much mail


def approve(fabriano, coordinator, **values):
    make.project(lead=fabriano, status="submitted", **values).approve(by=coordinator)


@pytest.mark.parametrize(("choice", "at_once"), [("immediate", 1), ("daily", 0), ("none", 0)])
def test_decisions_come_at_once_only_to_those_who_want_that(
    fabriano, fabriano_delegate, coordinator, choice, at_once
):
    choose(fabriano_delegate, choice)
    approve(fabriano, coordinator)
    assert Email.objects.filter(to=fabriano_delegate.email).count() == at_once
    assert fabriano_delegate.notifications.count() == 1


@pytest.mark.parametrize(("choice", "digests"), [("immediate", 0), ("daily", 1), ("none", 0)])
def test_what_did_not_come_at_once_comes_with_the_digest_unless_no_mail_is_wanted(
    fabriano, fabriano_delegate, coordinator, choice, digests
):
    choose(fabriano_delegate, choice)
    with time_machine.travel("2026-03-02 15:00+00:00", tick=False):
        approve(fabriano, coordinator)
        assert send_digests() == digests


@pytest.mark.parametrize("choice", ["immediate", "daily", "none"])
def test_convocations_and_their_cancelling_come_always_and_at_once(
    fabriano, fabriano_delegate, coordinator, choice
):
    choose(fabriano_delegate, choice)
    meeting = make.meeting(status="draft")
    make.invitation(meeting=meeting, user=fabriano_delegate, city=fabriano, sent=False)
    meeting.convene(by=coordinator)
    meeting.cancel(by=coordinator, comment="Sciopero")
    assert Email.objects.filter(to=fabriano_delegate.email).count() == 2


def test_whoever_wants_mail_again_is_not_sent_all_that_happened_meanwhile(
    as_user, fabriano, fabriano_delegate, coordinator
):
    choose(fabriano_delegate, "none")
    with time_machine.travel("2026-03-02 15:00+00:00", tick=False):
        approve(fabriano, coordinator)
        as_user(fabriano_delegate).post(PROFILE, ANSWERS)
        approve(fabriano, coordinator, title_it="Dopo", title_en="Later")
        assert send_digests() == 1
    call_command("deliver")
    assert [letter.body.count("* ") for letter in mail.outbox] == [1]
    assert "Later" in mail.outbox[0].body


# My data


def test_the_download_holds_everything_and_no_secret(as_user, fabriano, fabriano_delegate):
    project = make.project(lead=fabriano, created_by=fabriano_delegate, title_en="Paper")
    project.submit(by=fabriano_delegate)
    Presence.objects.note(project, fabriano_delegate)
    Authenticator.objects.create(user=fabriano_delegate, type="totp", data={"secret": "KEEPME"})
    Email.objects.create(to="fabriano@example.org", from_email="a@b.it", subject="Hello")

    answer = as_user(fabriano_delegate).get(DATA)

    assert "attachment" in answer.headers["Content-Disposition"]
    told = json.loads(answer.content)
    assert told["person"]["email"] == "fabriano@example.org"
    assert told["mails"][0]["subject"] == "Hello"
    assert [each["title_en"] for each in told["projects.project.created_by"]] == ["Paper"]
    assert told["journal.event.actor"][0]["verb"] == "submit"
    assert told["cities.delegate.user"][0]["city"]["what"] == "Fabriano"
    assert len(told["journal.presence.user"]) == len(told["mfa.authenticator.user"]) == 1
    assert len(told["usersessions.usersession.user"]) == UserSession.objects.count()
    assert set(told) == {"person", "mails"} | {
        f"{field.model._meta.label_lower}.{field.name}" for field in traces()
    }
    for secret in ("KEEPME", fabriano_delegate.password, "session_key"):
        assert secret not in answer.text


def test_every_row_that_points_at_a_person_is_either_erased_or_stays_by_decision():
    """Whoever adds one decides here."""
    stays = {field.model._meta.label for field in traces()} - ERASED
    assert {label for label in stays if ".Historical" not in label} == {
        "admin.LogEntry",
        "cities.Checkup",
        "cities.Delegate",
        "documents.Document",
        "documents.DocumentVersion",
        "journal.Event",
        "meetings.Annex",
        "meetings.Invitation",
        "meetings.Letter",
        "meetings.Proposal",
        "projects.Project",
        "projects.ProjectUpdate",
    }


# The end of an account


def test_closing_erases_who_it_was_and_keeps_what_was_done(
    as_user, client, fabriano, fabriano_delegate, coordinator
):
    project = make.project(lead=fabriano, status="draft", created_by=fabriano_delegate)
    project.submit(by=fabriano_delegate)
    project.approve(by=coordinator)
    Presence.objects.note(project, fabriano_delegate)
    browser = as_user(fabriano_delegate)

    page = browser.post(CLOSE, {"password": make.PASSWORD})

    assert page.status_code == 200
    assert "Your account is closed" in page.text
    person = User.objects.get(pk=fabriano_delegate.pk)
    with_name = {field.name: str(field.value_from_object(person)) for field in person._meta.fields}
    assert [name for name, value in with_name.items() if "Fabia" in value or "Rossi" in value] == []
    assert person.email == f"closed-{person.pk}@closed.invalid"
    assert person.closed_as["en"] == "Former delegate of Fabriano"
    assert not person.is_active
    assert not person.has_usable_password()
    for field in traces():
        if field.model._meta.label in ERASED:
            assert not field.model._base_manager.filter(**{field.name: person}).exists(), field
    assert not Email.objects.filter(to="fabriano@example.org").exists()
    assert not Delegate.objects.current().filter(user=person).exists()
    project.refresh_from_db()
    assert project.created_by == person
    assert Event.objects.filter(verb="submit").get().actor == person
    assert "_auth_user_id" not in browser.session
    login = {"login": "fabriano@example.org", "password": make.PASSWORD}
    browser.post("/en/accounts/login/", login)
    assert "_auth_user_id" not in browser.session


def test_what_was_done_reads_as_a_former_delegate_in_both_languages(
    as_user, fabriano, fabriano_delegate, coordinator, parma_delegate
):
    project = make.project(lead=fabriano)
    project.submit(by=fabriano_delegate)
    close_account(fabriano_delegate, by=fabriano_delegate)
    event = Event.objects.get(verb="submit")
    User.objects.filter(pk=fabriano_delegate.pk).update(
        closed_as={"it": "Ex", "en": "Former delegate of Fabriano"}
    )
    assert event.sentence.startswith("Ex ")
    assert [each.event.verb for each in coordinator.notifications.all()].count("leave") == 1


def test_nothing_is_sent_to_an_address_that_is_erased(fabriano_delegate, coordinator):
    with time_machine.travel("2026-03-02 15:00+00:00", tick=False):
        close_account(fabriano_delegate, by=coordinator)
        call_command("deliver")
    assert mail.outbox == []
    assert not fabriano_delegate.notifications.exists()


def test_the_log_of_the_admin_forgets_the_name_too(fabriano, fabriano_delegate, coordinator):
    for thing in (fabriano_delegate, fabriano_delegate.delegates.get()):
        LogEntry.objects.create(
            user=coordinator,
            content_type=ContentType.objects.get_for_model(thing),
            object_id=thing.pk,
            object_repr=str(thing),
            action_flag=2,
        )
    close_account(fabriano_delegate, by=coordinator)
    assert not LogEntry.objects.filter(object_repr__contains="Fabia").exists()


def test_a_wrong_password_closes_nothing(as_user, fabriano_delegate):
    page = as_user(fabriano_delegate).post(CLOSE, {"password": "wrong"})
    assert page.context["form"].errors["password"]
    fabriano_delegate.refresh_from_db()
    assert fabriano_delegate.closed_at is None


def test_whoever_has_only_a_passkey_types_the_address(as_user, parma):
    person = make.delegate(city=parma, password=None, email="solo@example.org")
    client = as_user(person)
    assert client.post(CLOSE, {"email": "other@example.org"}).context["form"].errors["email"]
    client.post(CLOSE, {"email": "Solo@example.org"})
    person.refresh_from_db()
    assert person.closed_at is not None


def test_the_last_focal_point_is_warned_and_coordinators_hear(
    as_user, fabriano_delegate, coordinator
):
    page = as_user(fabriano_delegate).get(CLOSE)
    assert "Fabriano would have no focal point any more." in page.text
    as_user(fabriano_delegate).post(CLOSE, {"password": make.PASSWORD})
    assert {each.event.verb for each in coordinator.notifications.all()} == {"end", "leave"}


def test_the_last_coordinator_cannot_leave(as_user, coordinator, settings):
    settings.COORDINATORS_NEED_MFA = False
    make.coordinator(email="never-came@example.org")
    client = as_user(coordinator)
    assert client.get(CLOSE).context["is_last_in_charge"]
    answer = client.post(CLOSE, {"password": make.PASSWORD})
    assert answer.headers["Location"] == CLOSE
    coordinator.refresh_from_db()
    assert coordinator.closed_at is None


def test_of_the_last_two_coordinators_only_one_leaves(db):
    first, second = make.coordinator(), make.coordinator()
    User.objects.update(last_login=timezone.now())
    close_account(first, by=first)
    with pytest.raises(LastInCharge):
        close_account(second, by=second)
    assert list(User.objects.in_charge()) == [second]


def test_a_coordinator_closes_the_account_of_whoever_has_left(
    as_user, coordinator, fabriano_delegate, settings
):
    settings.COORDINATORS_NEED_MFA = False
    fabriano_delegate.last_login = timezone.now() - timedelta(days=3)
    fabriano_delegate.save()
    admin = as_user(coordinator)
    ticked = {"action": "close", "_selected_action": [fabriano_delegate.pk, coordinator.pk]}

    asked = admin.post("/admin/accounts/user/", ticked)
    assert str(fabriano_delegate) in asked.text
    fabriano_delegate.refresh_from_db()
    assert fabriano_delegate.closed_at is None

    admin.post("/admin/accounts/user/", {**ticked, "confirmed": "yes"})
    fabriano_delegate.refresh_from_db()
    coordinator.refresh_from_db()
    assert fabriano_delegate.closed_at is not None
    assert coordinator.closed_at is None  # the last one
    assert Event.objects.filter(verb="close").get().actor == coordinator
    page = f"/admin/accounts/user/{fabriano_delegate.pk}/change/"
    assert admin.get(page).status_code == 200
    assert admin.post(page, {"is_active": "on"}).status_code == 403
