"""The desk: what waits for the person who is logged in."""

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.shortcuts import render
from django.utils import timezone

from accounts.models import User
from cities.models import DelegateRole
from journal.models import Notification
from meetings.models import Meeting, MeetingStatus, Track
from projects.models import Project
from projects.partnerships import Partnership
from projects.rights import delegations_of
from projects.states import ProjectStatus

MOST = 10
KNOWN = 5  # of what was read before, so many at most
TRACK_OF = {
    DelegateRole.POLITICAL: Track.POLITICAL,
    DelegateRole.FOCAL_POINT: Track.TECHNICAL,
    DelegateRole.COLLABORATOR: Track.TECHNICAL,
}


def desk(request):
    """What waits for me, as delegate, coordinator or observer, and what happened since."""
    user = request.user
    delegations = delegations_of(user)
    notifications = news_for(user)
    context = {
        "cities": sorted({each.city for each in delegations}, key=str),
        "is_delegate": any(each.of_member for each in delegations),
        "is_candidate": bool(delegations) and not any(each.of_member for each in delegations),
        "notifications": notifications,
        "meetings": meetings_for(user, delegations),
        **(waits_for_cities(user) if delegations else {}),
        **(waits_for_coordinators(user) if user.is_coordinator else {}),
    }
    if user.is_observer and not delegations:
        context["latest"] = Project.objects.published().select_related("lead").recent()[:5]
    response = render(request, "network/desk.html", context)
    mark_read(notifications)
    return response


def waits_for_cities(user):
    """What a delegate's cities have to answer, to mend, to finish, and what they wait for."""
    unpublished = list(
        Project.objects.led_by(user)
        .filter(status__in=[ProjectStatus.DRAFT, ProjectStatus.SUBMITTED])
        .with_last_word()
        .select_related("lead")
        .order_by("-updated_at")[: 3 * MOST]
    )
    invitations = list(
        Partnership.objects.answerable_by(user).select_related("city", "project__lead")[:MOST]
    )
    for invitation in invitations:
        invitation.verbs = invitation.verbs_for(user)
    drafts = [each for each in unpublished if each.status == ProjectStatus.DRAFT]
    return {
        "invitations": invitations,
        "sent_back": [each for each in drafts if each.was_sent_back],
        "drafts": [each for each in drafts if not each.was_sent_back],
        "submitted": [each for each in unpublished if each.status == ProjectStatus.SUBMITTED],
    }


def waits_for_coordinators(user):
    """What the network waits for; the longest waiting first."""
    return {
        "to_review": Project.objects.reviewable_by(user)
        .select_related("lead")
        .order_by("updated_at")[:MOST],
        "invited": User.objects.invited().order_by("invited_at")[:MOST],
    }


def meetings_for(user, delegations):
    """Coming meetings: a delegate's tracks; a candidate city's the public ones; others': all."""
    meetings = (
        Meeting.objects.visible_to(user)
        .filter(status=MeetingStatus.CONVENED)
        .coming()
        .select_related("host")
    )
    if user.is_coordinator or user.is_observer:
        return meetings[:MOST]
    tracks = {TRACK_OF[each.role] for each in delegations if each.of_member}
    if not tracks:
        return meetings.filter(is_public=True)[:MOST]
    return meetings.filter(track__in=[*tracks, Track.BOTH])[:MOST]


def news_for(user):
    """What this person was told: what is new first, then what is known already."""
    targets = [
        Project.objects.all(),
        Meeting.objects.all(),
        Partnership.objects.select_related("city", "project"),
    ]
    told = list(
        user.notifications.select_related("event__actor")
        .prefetch_related(GenericPrefetch("event__target", targets))
        .annotate(is_new=ExpressionWrapper(Q(read_at=None), BooleanField()))
        .order_by("-is_new", "-event__at", "-pk")[:MOST]
    )
    return told[: max(sum(each.is_new for each in told), KNOWN)]


def mark_read(notifications):
    """What was shown counts as read from now on."""
    unread = [each.pk for each in notifications if each.is_new]
    if unread:
        Notification.objects.filter(pk__in=unread).update(read_at=timezone.now())
