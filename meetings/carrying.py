"""What a meeting takes over from earlier ones: what is still to be done, and minutes to approve."""

from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext

from cities.models import Designation
from meetings.agenda import AgendaItem, put_in
from meetings.models import Action, Meeting
from meetings.states import TO_COME, Approval, ItemKind, Kind, MeetingStatus

ACTIONS = "actions"


def open_actions_for(meeting):
    """The undone actions of earlier meetings that this one looks at, by their day.

    All of them; but a cluster looks at those of the cities of its fields, a working group at its
    own, and a bilateral meeting at those of the cities that meet.
    """
    actions = Action.objects.carried_into(meeting)
    if meeting.kind == Kind.WORKING_GROUP:
        return actions.filter(meeting__group=meeting.group_id)
    if meeting.kind in (Kind.CLUSTER, Kind.BILATERAL):
        return actions.of_cities(cities_that_meet(meeting))
    return actions


def cities_that_meet(meeting):
    """The keys of a cluster's cities; of a bilateral meeting's, its host and those invited."""
    if meeting.kind == Kind.CLUSTER:
        fields = meeting.fields.order_by().values("pk")
        return Designation.objects.filter(ended_on=None, field__in=fields).values("city")
    invited = meeting.invitations.standing().order_by().values_list("city", flat=True)
    return [pk for pk in {meeting.host_id, *invited} if pk]


def minutes_to_approve_at(meeting):
    """The earlier meetings of its kind whose minutes wait for the next one to approve them, and
    stand on no other agenda."""
    waiting = Meeting.objects.before(meeting).filter(
        alike(meeting), status=MeetingStatus.CIRCULATED, minutes__approval=Approval.MEETING
    )
    elsewhere = AgendaItem.objects.exclude(minutes_of=None).filter(meeting__status__in=TO_COME)
    return waiting.exclude(pk__in=elsewhere.order_by().values("minutes_of"))


def alike(meeting):
    """The condition that another meeting is of the same people."""
    same = models.Q(kind=meeting.kind)
    if meeting.kind == Kind.WORKING_GROUP:
        return same & models.Q(group=meeting.group_id)
    if meeting.kind == Kind.BILATERAL:
        return same & models.Q(host=meeting.host_id)
    if meeting.kind == Kind.CLUSTER:
        through = Meeting.fields.through.objects
        shared = through.filter(creativefield__in=meeting.fields.order_by().values("pk"))
        return same & models.Q(pk__in=shared.values("meeting"))
    return same


@transaction.atomic
def put_on_agenda(meeting):
    """Put on the agenda what belongs there by itself, and answer with the new items.

    The open actions come first, then the minutes to approve. Each is put there once: what a
    coordinator has taken off stays off.
    """
    offered = Meeting.objects.select_for_update().values_list("offered", flat=True)
    meeting.offered = offered.get(pk=meeting.pk)
    items = []
    if ACTIONS not in meeting.offered and open_actions_for(meeting).exists():
        items.append(actions_item(meeting))
    items += [
        approval_item(meeting, each)
        for each in minutes_to_approve_at(meeting)
        if each.pk not in meeting.offered
    ]
    first = 2 if meeting.agenda.filter(lists_actions=True).exists() else 1
    for place, item in enumerate(items, start=first):
        put_in(item, place)
        meeting.offered.append(item.minutes_of_id or ACTIONS)
    Meeting.objects.filter(pk=meeting.pk).update(offered=meeting.offered)
    return items


def carry_over(meeting):
    """Put what a meeting leaves behind on the agendas that are being prepared."""
    for later in Meeting.objects.after(meeting).filter(
        status__in=[MeetingStatus.DRAFT, MeetingStatus.POSTPONED]
    ):
        put_on_agenda(later)


def actions_item(meeting):
    titles = in_both_languages(lambda: gettext("Open actions"))
    return AgendaItem(meeting=meeting, lists_actions=True, minutes=10, **titles)


def approval_item(meeting, earlier):
    titles = in_both_languages(
        lambda: (
            gettext("Approval of the minutes of %(meeting)s, %(day)s")
            % {"meeting": earlier.title, "day": earlier.day}
        )
    )
    return AgendaItem(
        meeting=meeting, minutes_of=earlier, kind=ItemKind.DECISION, minutes=5, **titles
    )


def in_both_languages(title):
    """A title as it is said in each language, as long as the column is."""
    longest = AgendaItem._meta.get_field("title").max_length
    titles = {}
    for language in ("it", "en"):
        with translation.override(language):
            titles[f"title_{language}"] = title()[:longest]
    return titles
