"""Every verb, in every state, by every person, at its own door: what happened, and what was said.

The rule is that of tests/test_rights.py. Each trial is taken back.
"""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.models import Event
from meetings.convening import stamp_of
from meetings.models import Action, Amendment, Meeting, Proposal
from network.rights_matrix import Cast, things_of
from projects.models import Project
from projects.partnerships import Partnership
from tests import make
from tests.test_rights import rule, the_verbs

pytestmark = pytest.mark.django_db

# People besides those of the rule, and as whom they are let in: None as nobody.
ALIKE = {
    "politician": "lead",
    "collaborator": "lead",
    "superuser": "coordinator",
    "closed": None,
    "without second factor": None,
}
# The verbs of meetings that are used on a page of their own.
OWN_PAGES = ["convene", "circulate", "approve"]


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """A browser for every person, and things in every state, made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = Cast()
        people = cast.people | more_people(cast)
        for name in ("coordinator", "superuser"):
            people[name].authenticator_set.create(type=Authenticator.Type.TOTP, data={})
        browsers = {name: Client() for name in people}
        for name, browser in browsers.items():
            if name != "visitor":
                browser.force_login(people[name])
        type(people["closed"]).objects.filter(pk=people["closed"].pk).update(is_active=False)
        yield people, browsers, things_of(cast)
        transaction.set_rollback(True)


def more_people(cast):
    lead = cast.cities["lead"]
    return {
        "politician": make.delegate(city=lead, role="political"),
        "collaborator": make.delegate(city=lead, role="collaborator"),
        "superuser": make.user(is_superuser=True),
        "closed": make.delegate(city=lead),
        "without second factor": make.coordinator(),
    }


@pytest.mark.parametrize(("heading", "verb"), the_verbs())
def test_a_verb_happens_at_its_door_for_whom_it_is_and_for_nobody_else(stage, heading, verb):
    people, browsers, things = stage
    for (state, thing), allowed in zip(things[heading].items(), rule(heading)[verb], strict=True):
        ever = set().union(*rule(heading)[verb])
        for name, browser in browsers.items():
            role = ALIKE.get(name, name)
            with transaction.atomic():
                said = browser.post(address_of(thing, verb), what_is_sent(thing))
                done = [(event.verb, event.actor) for event in Event.objects.about(thing)]
                after = type(thing).objects.filter(pk=thing.pk).values().get()
                transaction.set_rollback(True)
            happened = [(verb, people[name])] if role in allowed else []
            assert done == happened, (name, state)
            if role in allowed:
                assert after["status"] in targets(thing, verb), (name, state)
                continue
            assert after == {key: getattr(thing, key) for key in after}, (name, state)
            late = role in ever or (verb == "ask" and said.status_code == 200)  # with their words
            assert refusal(browser, said) in due(name, late, said), (name, state)


def targets(thing, verb):
    """Where a verb can lead; a status that it does not change is its own."""
    steps = type(thing)._meta.get_field("status").get_all_transitions(type(thing))
    return {step.target or thing.status for step in steps if step.name == verb}


def due(name, late, said):
    """What a person can be told whom a verb is not for now, or not for at all."""
    if name in ("visitor", "closed"):
        return ["login"]
    if name == "without second factor":
        return ["second factor"]
    runs = ALIKE.get(name, name) == "coordinator" and said.request["PATH_INFO"][:7] == "/admin/"
    return ["too late", "not found"] if late or runs else ["not found"]


def refusal(browser, said):
    """What a person was told, in a word."""
    where = said.headers.get("Location", "")
    if where.startswith("/admin/login/"):  # which asks who comes
        said = browser.get(where)
        where = said.headers.get("Location", "")
    if "/accounts/login/" in where:
        return "login"
    if where == reverse("mfa_index"):
        return "second factor"
    return {404: "not found", 302: "too late", 200: "too late"}[said.status_code]


def address_of(thing, verb):
    if isinstance(thing, Meeting):
        if verb in OWN_PAGES:
            return reverse(f"admin:meeting_{verb}", args=[thing.pk])
        return reverse("admin:meetings_meeting_verb", args=[thing.pk, verb])
    if isinstance(thing, Proposal):
        room = "" if verb == "withdraw" else "admin:"
        return reverse(f"{room}proposal_{verb}", args=[thing.pk])
    if isinstance(thing, Amendment):
        return reverse(f"admin:amendment_{verb}", args=[thing.pk])
    if isinstance(thing, Action):
        return reverse(f"action_{verb}", args=[thing.pk])
    if isinstance(thing, Project):
        return reverse(f"project_{verb}", args=[thing.slug])
    key = thing.project.slug if verb in Partnership.PAGES else thing.pk
    return reverse(f"partnership_{verb}", args=[key])


def what_is_sent(thing):
    """What any of the forms asks for: a comment, or the city it is about."""
    city = getattr(thing, "city_id", "")
    words = {"comment": "Perché sì.", "cities": [city], "city": city, "message": "Venite!"}
    words["stamp"] = stamp_of([])  # of a list on which nobody is
    until = timezone.localdate() + timedelta(days=10)
    words |= {"due_on": timezone.localdate() + timedelta(days=20)}
    return words | {"comments_until": until, "approval": "meeting", "silence_days": 15}
