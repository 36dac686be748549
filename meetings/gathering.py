"""Who is to be invited: the list that follows from who acts for which city on the day."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cities.delegates import DelegateRole
from cities.models import City, Delegate, Designation
from meetings.invitations import Invitation
from meetings.states import InvitedAs, Track

ROLES = {
    Track.POLITICAL: [DelegateRole.POLITICAL],
    Track.TECHNICAL: [DelegateRole.FOCAL_POINT],
    Track.BOTH: [DelegateRole.POLITICAL, DelegateRole.FOCAL_POINT],
}


def gather(meeting, *, collaborators=False, observers=False):
    """Put on the list whoever belongs there and is not on it; answers how many.

    Whoever was taken off stays off, and nothing that was edited is lost, so that it may be done
    again when people have come since.
    """
    with transaction.atomic():
        type(meeting).objects.select_for_update().get(pk=meeting.pk)
        known = set(meeting.invitations.values_list("user", flat=True))
        written = set(meeting.invitations.exclude(email="").values_list("email", flat=True))
        written = {address.lower() for address in written}
        found = invitations_for(meeting, collaborators=collaborators, observers=observers)
        made = [
            each
            for each in found
            if each.user_id not in known and each.user.email.lower() not in written
        ]
        Invitation.objects.bulk_create(made)
    return len(made)


def gather_again(meeting, earlier):
    """Build the list as that of an earlier meeting was: who acts for the cities now, and the
    guests, observers and coordinators of then."""
    before = earlier.invitations.standing().sent().filter(stands_for=None)
    if not before.exists():
        return
    gather(meeting, collaborators=before.filter(role=InvitedAs.COLLABORATOR).exists())
    others = [InvitedAs.GUEST, InvitedAs.OBSERVER, InvitedAs.COORDINATOR]
    for each in before.filter(role__in=others).select_related("user"):
        if not each.address or meeting.invitations.at(each.address).exists():
            continue
        again = invitation_of(meeting, each.user) if each.user else Invitation(meeting=meeting)
        again.name, again.email, again.language = each.name, each.email, each.language
        again.city = again.city or each.city
        again.save()


def invitations_for(meeting, *, collaborators, observers):
    """Those who belong on the list, each once, not stored yet."""
    people = {}
    for delegate in delegates_for(meeting, collaborators=collaborators):
        people.setdefault(
            delegate.user_id,
            Invitation(meeting=meeting, user=delegate.user, city=delegate.city, role=delegate.role),
        )
    if meeting.group_id:
        for user in meeting.group.people.active():
            people.setdefault(user.pk, invitation_of(meeting, user))
    if observers:
        for user in get_user_model().objects.observers():
            invitation = Invitation(meeting=meeting, user=user, role=InvitedAs.OBSERVER)
            people.setdefault(user.pk, invitation)
    return list(people.values())


def delegates_for(meeting, *, collaborators=False):
    """Who acts, on the day of the meeting, for the cities that meet, as the track asks; of a
    working group its people, as whatever they act."""
    delegates = (
        Delegate.objects.current(on=meeting.starts_on)
        .active()
        .filter(city__in=cities_for(meeting))
        .select_related("user", "city")
        .order_by("city__name", "role", "starts_on", "pk")
    )
    if meeting.group_id:
        return delegates.filter(user__in=meeting.group.people.all())
    roles = [*ROLES[meeting.track], *([DelegateRole.COLLABORATOR] if collaborators else [])]
    return delegates.filter(role__in=roles)


def cities_for(meeting):
    """The members of the day; of a meeting of some fields, those that were named in them."""
    day = meeting.starts_on
    cities = City.objects.members(on=day)
    fields = list(meeting.fields.all())
    if not fields:
        return cities
    named = Designation.objects.filter(
        Q(ended_on=None) | Q(ended_on__gt=day),
        city=OuterRef("pk"),
        field__in=fields,
        designated_on__lte=day,
    )
    return cities.filter(Exists(named))


def cities_without_anybody(meeting):
    """The cities that meet and for which nobody is on the list."""
    invited = meeting.invitations.standing().exclude(city=None).order_by().values("city")
    return cities_for(meeting).exclude(pk__in=invited).order_by("name")


def invitation_of(meeting, user):
    """An invitation of a person, as what and for which city they act on the day."""
    day = meeting.starts_on
    delegate = user.delegates.current(on=day).select_related("city").order_by("role").first()
    if delegate:
        return Invitation(meeting=meeting, user=user, city=delegate.city, role=delegate.role)
    if user.is_coordinator:
        return Invitation(meeting=meeting, user=user, role=InvitedAs.COORDINATOR)
    role = InvitedAs.OBSERVER if user.is_observer else InvitedAs.GUEST
    return Invitation(meeting=meeting, user=user, role=role)
