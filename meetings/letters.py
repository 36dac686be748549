"""Letters to those invited: each in the language of its reader, with the meeting for their
calendar, and with links by which they answer without logging in."""

from typing import NamedTuple

from django.conf import settings
from django.core.mail import mailers
from django.db.models import Q
from django.utils import timezone, translation

from documents.models import Audience, Document
from documents.richtext import words_of
from journal.harmless import harmless
from journal.mail import absolute, write_mail
from meetings.agenda import AgendaItem, put_in_order
from meetings.answer_forms import BUTTONS, SAID, answers_to
from meetings.calendar_links import ways_to_add
from meetings.calendar_requests import CANCEL, REQUEST, calendar_for
from meetings.facts import changes_between, facts_of, when
from meetings.invitations import Letter, answer_url, paper_url
from meetings.states import Answer, InvitedAs, LetterKind

TOLD = [LetterKind.INVITATION, LetterKind.UPDATE]  # letters that say when and where
ANNOUNCED = [*TOLD, LetterKind.CANCELLATION]  # letters that calendars read


class Last(NamedTuple):
    """What a person was written last: in which letter, and what it said of when and where."""

    kind: str
    sequence: int
    facts: dict


def send_invitation(invitation, *, by, preface=""):
    """Write to one person alone: somebody added later, or once more."""
    meeting, prefaces = invitation.meeting, {invitation.reads: preface}
    kind = kind_for(meeting, invitation)
    return Mailing(meeting, kind, prefaces=prefaces).send([invitation], by=by)


def send_cancellation(invitation, *, by, preface=""):
    """Write to one person that they are no longer invited."""
    mailing = Mailing(
        invitation.meeting, LetterKind.CANCELLATION, prefaces={invitation.reads: preface}
    )
    return mailing.send([invitation], by=by)


def kind_for(meeting, invitation):
    """Whether a person is to be invited, or told what has changed since."""
    outdated = invitation.sent_at and invitation.sequence < meeting.sequence
    return LetterKind.UPDATE if outdated else LetterKind.INVITATION


def write_to_waiting(meeting, *, by, prefaces=None):
    """Invite those on the list who have not been written to, and tell the others what has changed;
    answers how many were written to."""
    waiting = list(meeting.invitations.to_write_to(meeting).for_lists())
    written = 0
    for kind in TOLD:
        chosen = [each for each in waiting if kind_for(meeting, each) == kind]
        written += Mailing(meeting, kind, prefaces=prefaces).send(chosen, by=by)
    return written


def call_off(meeting, status, *, by, reason):
    """Tell everybody who was invited that a meeting is cancelled or put off, and why."""
    mailing = Mailing(meeting, LetterKind.CANCELLATION, status=status, reason=reason)
    return mailing.send(list(meeting.invitations.standing().sent().for_lists()), by=by)


class Mailing:
    """Letters of one kind about one meeting, with the same words for all their readers.

    `prefaces`: the first words by language; `status`: what a meeting that is called off becomes;
    `why`: which reminder it is; `once`: the name of a letter that nobody gets twice.
    """

    def __init__(
        self, meeting, kind, *, prefaces=None, reason="", status="", why="", once="", dry=False
    ):
        self.meeting, self.kind, self.once, self.dry = meeting, kind, once, dry
        self.prefaces = {lang: text for lang, text in (prefaces or {}).items() if text.strip()}
        self.reason, self.status, self.why = reason, status, why
        self.facts = facts_of(meeting)
        self.agenda = put_in_order(meeting, meeting.agenda.for_agenda())
        self.documents = documents_of(meeting)
        self.last = last_letters(meeting)

    def send(self, invitations, *, by):
        """Put a letter to each into the outbox; answers how many. People without an address stay
        unwritten."""
        invitations = [each for each in invitations if each.address]
        mails = [self.mail_to(each) for each in invitations]
        if mails:
            mailers.default.send_messages(mails)
        Letter.objects.bulk_create(
            Letter(
                invitation=each,
                kind=self.kind,
                sequence=self.sequence_of(each),
                once=self.once,
                preface=self.preface_in(each.reads),
                facts=self.facts,
                sent_by=by,
                mail=getattr(mail, "row", None),
            )
            for each, mail in zip(invitations, mails, strict=True)
        )
        if self.kind in ANNOUNCED:
            self.note_sent(invitations)
        return len(mails)

    def note_sent(self, invitations):
        now = timezone.now()
        for each in invitations:
            each.sequence = self.meeting.sequence
            each.sent_at = each.sent_at or now
        rows = self.meeting.invitations.filter(pk__in=[each.pk for each in invitations])
        rows.update(sequence=self.meeting.sequence)
        rows.filter(sent_at=None).update(sent_at=now)

    def mail_to(self, invitation, language=""):
        """The letter to one person, not sent yet; in their language unless said otherwise."""
        invitation.meeting = self.meeting
        with translation.override(language or invitation.reads):
            context = self.context_for(invitation)
            mail = write_mail(f"meetings/email/{self.kind}", context, to=invitation.address)
            if owner := settings.OWNER["email"]:
                mail.reply_to = [owner]
            if self.kind in ANNOUNCED and self.meeting.has_day:
                mail.calendar = calendar_for(
                    invitation,
                    self.agenda,
                    method=CANCEL if self.kind == LetterKind.CANCELLATION else REQUEST,
                    sequence=self.sequence_of(invitation),
                    answer_at=context["answer_at"],
                    status=self.status,
                )
        return mail

    def context_for(self, invitation):
        """What a letter is made of, in the active language."""
        meeting, last = self.meeting, self.last.get(invitation.pk)
        answer_at = "#" if self.dry else answer_url(invitation)
        instead_of = invitation.stands_for
        seen = meeting.is_public or invitation.user_id
        return {
            "name": called(invitation),
            "instead_of": harmless(instead_of.person) if instead_of else "",
            "preface": self.preface_in(translation.get_language()),
            "reason": self.reason,
            "why": self.why or self.status,
            "invitation": invitation,
            "meeting": meeting,
            "text": words_of(meeting.text),
            "when": when(self.facts),
            "where": self.facts["place"][translation.get_language()],
            "changes": changes_between(last.facts, self.facts) if last and last.facts else [],
            "was_off": bool(last) and last.kind == LetterKind.CANCELLATION,
            "agenda": self.agenda,
            "documents": [
                (document, "#" if self.dry else paper_url(invitation, document))
                for document in self.documents
                if may_open(invitation, document)
            ],
            "answer_at": answer_at,
            "answers": [
                (BUTTONS[each][0], answer_at if self.dry else f"{answer_at}?answer={each}")
                for each in answers_to(invitation)
                if each in BUTTONS
            ],
            "may_send_other": Answer.SUBSTITUTE in answers_to(invitation),
            "answered": SAID.get(invitation.answer, ""),
            "page_at": absolute(meeting.get_absolute_url()) if seen else "",
            "ways": [way for way in ways_to_add(meeting, join=True) if "://" in way.url],
        }

    def preface_in(self, language):
        """The first words in a language, or in the one in which they were written."""
        return self.prefaces.get(language) or next(iter(self.prefaces.values()), "")

    def sequence_of(self, invitation):
        """Higher than that of any earlier letter, unless this one says the same once more."""
        last = self.last.get(invitation.pk)
        if last is None:
            return self.meeting.sequence
        again = self.kind == LetterKind.INVITATION and last.kind != LetterKind.CANCELLATION
        return max(self.meeting.sequence, last.sequence + (0 if again else 1))


def called(invitation):
    """By which name a letter greets its reader: nothing else than a name fits in there."""
    name = invitation.user.first_name if invitation.user else invitation.name
    return harmless(name)


def last_letters(meeting):
    """What each invited person was told last, by the key of the invitation."""
    last = {}
    letters = Letter.objects.filter(invitation__meeting=meeting, kind__in=ANNOUNCED).order_by("pk")
    for row in letters.values_list("invitation", "kind", "sequence", "facts"):
        invitation, kind, sequence, facts = row
        before = last.get(invitation)
        if kind not in TOLD:
            facts = before.facts if before else {}
        last[invitation] = Last(kind, max(sequence, before.sequence if before else 0), facts)
    return last


def documents_of(meeting):
    """The papers of a meeting and of its items."""
    kinds = [(type(meeting), [meeting.pk]), (AgendaItem, meeting.agenda.values("pk"))]
    belonging = Q(pk=None)
    for model, keys in kinds:
        belonging |= Q(
            content_type__app_label=model._meta.app_label,
            content_type__model=model._meta.model_name,
            object_id__in=keys,
        )
    return list(Document.objects.filter(belonging).order_by("uploaded_at", "pk"))


def may_open(invitation, document):
    """What `Document.objects.visible_to` will say of this reader, without asking it each time; a
    guest's own link opens what is for those invited (see `papers`)."""
    allowed = {Audience.PUBLIC, Audience.PARTICIPANTS}
    if invitation.user_id and invitation.role != InvitedAs.GUEST:
        allowed.add(Audience.DELEGATES)
    if invitation.user_id and invitation.role == InvitedAs.COORDINATOR:
        allowed.add(Audience.COORDINATORS)
    return document.audience in allowed
