"""What a desk is made of. One question finds all that waits; then each kind of thing is fetched
once, for what waits and for what happened alike."""

from collections import defaultdict

from django.contrib.auth import get_user_model
from django.db.models import (
    CharField,
    Exists,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.utils import timezone
from django.utils.translation import get_language

from cities.important import with_missing
from cities.models import City, CreativeField, Designation
from cities.parts import Checkup
from meetings.models import Action, Invitation, Meeting
from projects.models import Project
from projects.partnerships import Partnership
from projects.rights import delegations_of

MOST = 10


class Desk:
    """Whose desk it is: what this person acts for today."""

    def __init__(self, user):
        self.user = user
        self.today = timezone.localdate()
        self.delegations = delegations_of(user)
        self.cities = sorted({each.city for each in self.delegations}, key=str)
        self.own = {city.pk for city in self.cities}
        self.is_delegate = any(each.of_member for each in self.delegations)
        self.is_candidate = bool(self.delegations) and not self.is_delegate

    def own_fields(self):
        """The creative fields of the cities this person acts for."""
        return Designation.objects.filter(ended_on=None, city__in=self.own).values("field")


def keys_of(questions):
    """The keys of several querysets, {name: queryset}, in no order: {name: [key, …]}."""
    keys = {name: [] for name in questions}
    if questions:
        first, *others = [
            QuerySet(queryset.model)
            .filter(pk__in=queryset.values("pk")[: MOST + 1])
            .order_by()
            .annotate(question=Value(name, CharField()))
            .values_list("question", "pk")
            for name, queryset in questions.items()
        ]
        for name, key in first.union(*others, all=True).order_by():
            keys[name].append(key)
    return keys


def gather(desk, questions, events):
    """The things that questions ask for, {name: [thing, …]}; the events get theirs on the way.

    Of what the desk says nothing about, only that it is there, the keys are enough.
    """
    keys = keys_of(questions)
    wanted = defaultdict(set)
    for name, found in keys.items():
        wanted[questions[name].model].update(found)
    for event in events:
        wanted[event.content_type.model_class()].add(event.object_id)
    things = {
        model: queryset.in_bulk(wanted[model])
        for model, queryset in with_what_is_said(desk).items()
        if wanted[model]
    }
    for event in events:
        if thing := things.get(event.content_type.model_class(), {}).get(event.object_id):
            event.target = thing
    return {
        name: [things.get(questions[name].model, {}).get(key, key) for key in found]
        for name, found in keys.items()
    }


def with_what_is_said(desk):
    """For each kind of thing, the queryset with all that the desk says of it."""
    return {
        Partnership: Partnership.objects.select_related("city", "project__lead"),
        Project: projects_with_what_is_said(desk),
        City: with_missing(City.objects).annotate(
            asked_on=Subquery(open_checkups().values("asked_on")[:1])
        ),
        Meeting: Meeting.objects.select_related("host")
        .with_call_of(desk.user)
        .with_open_proposals(),
        Invitation: Invitation.objects.select_related("meeting", "user"),
        Action: Action.objects.select_related("meeting"),
        get_user_model(): get_user_model().objects.all(),
    }


def projects_with_what_is_said(desk):
    """With the last decision, its remarks, and the field it shares with the reader."""
    of_mine = CreativeField.objects.filter(projects=OuterRef("pk"), pk__in=desk.own_fields())
    return (
        Project.objects.with_last_word()
        .select_related("lead")
        .annotate(
            shared_field=Subquery(of_mine.values(f"name_{get_language()}")[:1]),
            has_fields=Exists(CreativeField.objects.filter(projects=OuterRef("pk"))),
            is_for_me=Exists(
                CreativeField.objects.filter(projects=OuterRef("pk"), responsible=desk.user)
            ),
        )
    )


def open_checkups():
    """The check-ups of a city (of the outer query) that nobody has answered yet."""
    return Checkup.objects.unanswered().filter(city=OuterRef("pk")).order_by("asked_on")
