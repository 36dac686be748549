"""Letters about minutes to those who were invited, and the link by which guests read them."""

from django.conf import settings
from django.core.mail import mailers
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare

from journal.mail import absolute, write_mail
from journal.signed_links import NotOurs, opened, sign
from meetings.invitations import Invitation, Letter, written_for
from meetings.letters import called
from meetings.states import MINUTED, InvitedAs, LetterKind, MeetingStatus

PURPOSE = "minutes"
LINK_DAYS = 730


def reader_of(token):
    """The invitation of the guest who follows a letter's link; raises NotOurs."""
    _person, pk, address = opened(PURPOSE, token, days=LINK_DAYS)
    invitations = Invitation.objects.standing().select_related(
        "meeting__minutes", "meeting__host", "user"
    )
    invitation = invitations.filter(pk=pk, meeting__status__in=MINUTED).first()
    if invitation is None or (invitation.user and not invitation.user.is_active):
        raise NotOurs
    if not constant_time_compare(address, written_for(invitation)):
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
        return absolute(reverse("minutes_answer", args=[token_for(invitation)]))


def token_for(invitation):
    return sign(PURPOSE, None, invitation, written_for(invitation))


def write_letters(invitations, template, *, by, once):
    """Write to each of these people, whatever their mail choice; nobody gets a letter twice."""
    told = invitations.exclude(letters__once=once).select_related("user", "meeting__minutes")
    readers = [each for each in told if each.address]
    mails = [letter_to(each, template) for each in readers]
    if mails:
        mailers.default.send_messages(mails)
    Letter.objects.bulk_create(
        Letter(
            invitation=each,
            kind=LetterKind.MINUTES,
            once=once,
            sent_by=by,
            mail=getattr(mail, "row", None),
        )
        for each, mail in zip(readers, mails, strict=True)
    )


def letter_to(invitation, template):
    with translation.override(invitation.reads):
        context = {
            "name": called(invitation),
            "invitation": invitation,
            "meeting": invitation.meeting,
            "minutes": invitation.meeting.minutes,
            "url": link_for(invitation),
        }
        mail = write_mail(f"meetings/email/{template}", context, to=invitation.address)
    if owner := settings.OWNER["email"]:
        mail.reply_to = [owner]
    return mail
