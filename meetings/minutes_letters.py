"""Letters about minutes to those who were invited, and the link by which guests read them."""

from django.urls import reverse
from django.utils import translation

from journal.mail import absolute
from journal.signed_links import NotOurs, opened, sign
from meetings.invitations import Invitation
from meetings.states import MINUTED, InvitedAs, MeetingStatus

PURPOSE = "minutes"
LINK_DAYS = 730


def reader_of(token):
    """The invitation of the guest who follows a letter's link; raises NotOurs."""
    _person, pk, _state = opened(PURPOSE, token, days=LINK_DAYS)
    invitations = Invitation.objects.standing().select_related(
        "meeting__minutes", "meeting__host", "user"
    )
    invitation = invitations.filter(pk=pk, meeting__status__in=MINUTED).first()
    if invitation is None or (invitation.user and not invitation.user.is_active):
        raise NotOurs
    is_final = invitation.meeting.status == MeetingStatus.CLOSED
    if invitation.role == InvitedAs.OBSERVER and not is_final:
        raise NotOurs
    return invitation


def link_for(invitation):
    """Where a letter leads: with an account to the page, which asks to log in; a guest by a signed
    link."""
    with translation.override(invitation.reads):
        if invitation.user:
            return absolute(reverse("meeting_minutes", args=[invitation.meeting.slug]))
        return absolute(reverse("minutes_answer", args=[sign(PURPOSE, None, invitation)]))


def write_letters(invitations, template, *, by, once):
    """Write to each of these people once; nobody gets the same letter twice."""
    told = invitations.exclude(letters__once=once).select_related("user", "city", "meeting__minutes")
    for invitation in told:
        if not invitation.address:
            continue
        with translation.override(invitation.reads):
            context = {
                "invitation": invitation,
                "meeting": invitation.meeting,
                "minutes": invitation.meeting.minutes,
                "url": link_for(invitation),
            }
            send_mail(f"meetings/email/{template}", context, to=invitation.address)
        Letter.objects.create(
            invitation=invitation, kind=LetterKind.MINUTES, once=once, sent_by=by
        )
