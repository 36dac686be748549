"""A journal entry for every verb: each, from each status it starts from, writes one event of its
own, by whoever did it, in a sentence of its own."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from journal.models import Event
from journal.verbs import VerbModel
from meetings.models import Action, Amendment, Meeting, Proposal
from projects.models import Project
from projects.partnerships import Partnership
from tests import make

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_models() if issubclass(model, VerbModel)]
STEPS = [
    (model, step.name, step.source)
    for model in MODELS
    for step in model._meta.get_field("status").get_all_transitions(model)
]


def thing_in(model, status, verb, lead, partner):
    """A thing of this model in a status, all else as the verb wants it."""
    if model in (Meeting, Action, Amendment, Proposal):
        return thing_of_a_meeting(model, status, lead)
    whole = {
        "text_it": "<p>Una storia</p>", "starts_on": "2026-01-01", "fields": ["design"],
        "looking_for_partners": True,
    }  # fmt: skip
    if model is Project:
        return make.project(lead=lead, status=status, **whole)
    project = make.project(lead=lead, status="published", **whole)
    return make.partnership(
        project=project, city=partner, status=status, may_edit=verb == "only_updates"
    )


def thing_of_a_meeting(model, status, city):
    """A meeting in a status, or what belongs to one whose minutes are circulated."""
    meeting = make.meeting(status=status if model is Meeting else "circulated")
    make.minutes(meeting=meeting)
    if model is Proposal:
        return make.proposal(meeting=make.meeting(), city=city, status=status)
    if model is Action:
        return make.action(meeting=meeting, cities=[city], status=status)
    if model is Amendment:
        section = make.section(item=make.agenda_item(meeting=meeting))
        invitation = make.invitation(meeting=meeting)
        return make.amendment(section=section, invitation=invitation, status=status)
    return meeting


def test_these_are_all_the_things_with_verbs():
    assert set(MODELS) == {Project, Partnership, Meeting, Action, Amendment, Proposal}
    assert len(STEPS) >= 25


@pytest.mark.parametrize(
    ("model", "verb", "status"), STEPS, ids=lambda value: getattr(value, "__name__", value)
)
def test_each_verb_writes_one_event_in_a_sentence_of_its_own(
    model, verb, status, fabriano, parma, fabriano_delegate, parma_delegate, coordinator
):
    thing = thing_in(model, status, verb, fabriano, parma)
    people = [fabriano_delegate, parma_delegate, coordinator]
    able = [each for each in people if verb in {known["name"] for known in thing.verbs_for(each)}]
    person = able[0] if able else None  # the portal
    known = {step.name: step.custom for step in thing.get_all_status_transitions()}
    asks = known[verb].get("asks")
    details = {"due_on": timezone.localdate() + timedelta(days=9)} if verb == "shift" else {}
    before = Event.objects.count()

    getattr(thing, verb)(by=person, **details, **({"comment": "Perché sì"} if asks else {}))

    event = Event.objects.get(pk__gt=0) if before == 0 else Event.objects.latest("pk")
    assert Event.objects.count() == before + 1
    assert (event.verb, event.actor, event.target) == (verb, person, thing)
    assert event.comment == ("Perché sì" if asks else "")
    sentences = [str(said) for said in model.SENTENCES.values()]
    assert sentences.count(str(model.SENTENCES[verb])) == 1
    assert (str(person) if person else str(thing)) in event.sentence
    assert model.objects.get(pk=thing.pk).status == thing.status
