"""What became of each letter to those invited, in words; and sending one once more."""

from datetime import datetime
from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from post_office.models import STATUS

from journal.delivery import WAITING, is_in_doubt
from meetings.invitations import Invitation, Letter
from meetings.letters import Mailing, kind_for, send_invitation
from meetings.models import Meeting
from meetings.states import MeetingStatus
from meetings.steps import page_context

ROWS = 100
FILTERS = {
    "waiting": (gettext_lazy("waiting"), Q(mail__status__in=WAITING)),
    "sent": (gettext_lazy("sent"), Q(mail__status=STATUS.sent)),
    "failed": (gettext_lazy("given up"), Q(mail__status=STATUS.failed)),
}
# Why a mail server did not take a letter, as people say it.
REASONS = {
    "SMTPRecipientsRefused": gettext_lazy("the mail server refuses this address"),
    "SMTPSenderRefused": gettext_lazy("the mail server refuses the portal’s own address"),
    "SMTPDataError": gettext_lazy("the mail server refuses this letter"),
    "SMTPAuthenticationError": gettext_lazy("the mail server refuses the portal’s password"),
    "ValueError": gettext_lazy("this is not an address that a mail can be sent to"),
}
UNREACHABLE = gettext_lazy("the mail server could not be reached")
OTHERWISE = gettext_lazy("it could not be handed over")


class Fate(NamedTuple):
    """What became of a letter: a word, why, and what the mail server said exactly."""

    key: str
    label: str
    at: datetime | None = None
    reason: str = ""
    said: str = ""
    again_at: datetime | None = None


def fate_of(letter):
    """What became of a letter, from its mail and that mail's log."""
    mail = letter.mail
    if mail is None:
        return Fate("gone", _("not kept"))
    failures = [log for log in mail.logs.all() if log.status == STATUS.failed]
    last = max(failures, key=lambda log: log.date, default=None)
    told = {"reason": reason_of(last), "said": last.message} if last else {}
    if mail.status == STATUS.queued:
        return Fate("waiting", _("waits in the outbox"), mail.created)
    if mail.status == STATUS.requeued:
        return Fate(
            "trying", _("not gone yet"), mail.last_updated, again_at=mail.scheduled_time, **told
        )
    if mail.status == STATUS.failed:
        return Fate("failed", _("given up"), mail.last_updated, **told)
    if is_in_doubt(mail):
        reason = _("the portal stopped before it heard the mail server’s answer")
        return Fate("doubt", _("may not have arrived"), mail.last_updated, reason)
    return Fate("sent", _("sent"), mail.last_updated)


def reason_of(log):
    """Why it failed, in words."""
    if log.exception_type in REASONS:
        return str(REASONS[log.exception_type])
    unreached = log.exception_type.endswith(("ConnectError", "Disconnected", "gaierror"))
    unreached = unreached or "Connection" in log.exception_type or "Timeout" in log.exception_type
    return str(UNREACHABLE if unreached or log.exception_type == "OSError" else OTHERWISE)


@require_safe
def meeting_letters(request, pk):
    """Every letter to those invited to a meeting, the latest first, and what became of it."""
    meeting = get_object_or_404(Meeting, pk=pk)
    letters = Letter.objects.filter(invitation__meeting=meeting)
    counts = [
        (key, label, letters.filter(condition).count())
        for key, (label, condition) in FILTERS.items()
    ]
    chosen = request.GET.get("state", "")
    shown = letters.filter(FILTERS[chosen][1]) if chosen in FILTERS else letters
    shown = shown.select_related(
        "invitation__user", "invitation__city", "mail", "sent_by"
    ).prefetch_related("mail__logs")
    rows = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    for letter in rows:
        letter.fate = fate_of(letter)
    context = {
        **page_context(request, meeting, _("Letters")),
        "page_obj": rows,
        "counts": counts,
        "chosen": chosen,
        "waiting": meeting.invitations.to_write_to(meeting).count(),
        "is_convened": meeting.status == MeetingStatus.CONVENED,
    }
    return render(request, "admin/meetings/meeting_letters.html", context)


class AgainForm(forms.Form):
    """The first words of a letter that one person gets once more."""

    preface = forms.CharField(
        label=gettext_lazy("First words"),
        help_text=gettext_lazy("For instance why it comes once more."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
    # The last letter when the page was opened: a button that is pressed twice sends it once.
    last = forms.IntegerField(required=False, widget=forms.HiddenInput)


def letter_again(request, pk):
    """Send the invitation, as it stands now, to one person once more."""
    invitations = Invitation.objects.standing().filter(meeting__status=MeetingStatus.CONVENED)
    invitation = get_object_or_404(
        invitations.select_related("meeting__host", "user", "city", "stands_for__user"), pk=pk
    )
    meeting = invitation.meeting
    form = AgainForm(request.POST or None, initial={"last": last_letter(invitation)})
    if request.method == "POST" and form.is_valid():
        last, preface = form.cleaned_data["last"], form.cleaned_data["preface"]
        with transaction.atomic():
            Invitation.objects.select_for_update().get(pk=invitation.pk)
            is_sent = last is not None and last != last_letter(invitation)
            if not is_sent:
                is_sent = send_invitation(invitation, by=request.user, preface=preface)
        if is_sent:
            messages.success(request, _("In the outbox: %(name)s.") % {"name": invitation.person})
        else:
            messages.warning(request, _("There is no address to write to."))
        return redirect("admin:meeting_letters", meeting.pk)
    mailing = Mailing(meeting, kind_for(meeting, invitation), dry=True)
    context = {
        **page_context(request, meeting, _("Send once more")),
        "invitation": invitation,
        "form": form,
        "mail": mailing.mail_to(invitation),
    }
    return render(request, "admin/meetings/letter_again.html", context)


def last_letter(invitation):
    return invitation.letters.order_by("-pk").values_list("pk", flat=True).first() or 0
