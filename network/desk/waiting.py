"""What can wait for a person: each kind with its question, and with how it is said.

A room that brings something new adds one entry to WAITING.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import Exists

from cities.models import City, DelegateRole
from meetings.models import Action, Meeting, MeetingStatus, Track
from network.desk import of_agendas, of_cities, of_meetings, of_the_coordination
from network.desk.things import open_checkups
from projects.models import Project
from projects.partnerships import Partnership

TRACK_OF = {
    DelegateRole.POLITICAL: Track.POLITICAL,
    DelegateRole.FOCAL_POINT: Track.TECHNICAL,
    DelegateRole.COLLABORATOR: Track.TECHNICAL,
}


def coming_meetings(desk):
    """Those this person is not invited to: of a delegate's tracks; a candidate city's the public
    ones; others': all."""
    coming = Meeting.objects.visible_to(desk.user).filter(status=MeetingStatus.CONVENED).coming()
    coming = coming.exclude(pk__in=Meeting.objects.calling(desk.user).order_by().values("pk"))
    if desk.user.is_coordinator or desk.user.is_observer:
        return coming
    tracks = {TRACK_OF[each.role] for each in desk.delegations if each.of_member}
    if not tracks:
        return coming.filter(is_public=True)
    return coming.filter(track__in=[*tracks, Track.BOTH])


def calls(desk):
    """Meetings to which this person is invited, until they are over."""
    convened = Meeting.objects.visible_to(desk.user).filter(status=MeetingStatus.CONVENED)
    return convened.calling(desk.user).coming()


class Kind(NamedTuple):
    """Something that can wait: for whom, which things they are, and how it is said."""

    name: str
    concerns: Callable  # desk → whether it can wait for this person
    question: Callable  # desk → a queryset
    said: Callable  # desk, things → items


def for_a_city(desk):
    return bool(desk.own)


def for_coordinators(desk):
    return desk.user.is_coordinator


def for_all(desk):
    return True


WAITING = [
    Kind(
        "invitations",
        for_a_city,
        lambda desk: Partnership.objects.answerable_by(desk.user).order_by("asked_at"),
        of_cities.invitations,
    ),
    Kind(
        "asking",
        for_a_city,
        lambda desk: Partnership.objects.to_decide_by(desk.user).order_by("asked_at"),
        of_cities.asking,
    ),
    Kind(
        "drafts",
        for_a_city,
        lambda desk: Project.objects.led_by(desk.user).drafts().order_by("-updated_at"),
        of_cities.drafts,
    ),
    Kind(
        "checkups",
        for_a_city,
        lambda desk: City.objects.served_by(desk.user).filter(Exists(open_checkups())),
        of_cities.checkups,
    ),
    Kind(
        "completeness",
        for_a_city,
        lambda desk: City.objects.served_by(desk.user),
        of_cities.completeness,
    ),
    Kind(
        "results",
        for_a_city,
        lambda desk: Project.objects.led_by(desk.user).asked_for_results().order_by("-ends_on"),
        of_cities.results,
    ),
    Kind(
        "actions",
        for_a_city,
        lambda desk: Action.objects.owed_by(desk.user).told().undone().by_due_date(),
        of_cities.actions,
    ),
    Kind(
        "submitted",
        for_a_city,
        lambda desk: Project.objects.led_by(desk.user).submitted().order_by("-updated_at"),
        of_cities.submitted,
    ),
    Kind("calls", for_all, calls, of_meetings.called),
    Kind("meetings", for_all, coming_meetings, of_meetings.meetings),
    Kind(
        "to_propose",
        for_a_city,
        lambda desk: Meeting.objects.to_propose_to(desk.user).order_by("proposals_until"),
        of_agendas.to_propose,
    ),
    Kind(
        "proposals",
        for_coordinators,
        lambda desk: Meeting.objects.with_open_proposals().filter(proposals_open__gt=0),
        of_agendas.proposals,
    ),
    Kind(
        "reviews",
        for_coordinators,
        lambda desk: Project.objects.for_reviewer(desk.user),
        of_the_coordination.reviews,
    ),
    Kind(
        "overdue",
        for_coordinators,
        lambda desk: Action.objects.told().overdue().by_due_date(),
        of_the_coordination.overdue,
    ),
    Kind(
        "orphans",
        for_coordinators,
        lambda desk: Project.objects.without_editor().recent(),
        of_the_coordination.orphans,
    ),
    Kind(
        "silent_cities",
        for_coordinators,
        lambda desk: City.objects.with_amber().filter(is_amber=True).order_by("name"),
        of_the_coordination.silent_cities,
    ),
    Kind(
        "dormant",
        for_coordinators,
        lambda desk: get_user_model().objects.dormant().order_by("last_seen"),
        of_the_coordination.dormant,
    ),
    Kind(
        "newcomers",
        for_coordinators,
        lambda desk: get_user_model().objects.invited().order_by("invited_at"),
        of_the_coordination.newcomers,
    ),
]
