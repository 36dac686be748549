"""Before letters go out: how they will be read, who gets which, and the one button that sends."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Language
from journal.models import Event
from journal.verbs import TransitionNotAllowed
from meetings.facts import changes_between, facts_of
from meetings.invitations import Invitation, Letter
from meetings.letters import Mailing, kind_for, last_letters, write_to_waiting
from meetings.models import Meeting
from meetings.states import LetterKind, MeetingStatus
from meetings.steps import page_context

TO_CONVENE = [MeetingStatus.DRAFT, MeetingStatus.POSTPONED]
# A letter carries its own styles and nothing else; it is shown in a frame that runs nothing.
AS_A_LETTER = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
}


class PrefaceForm(forms.Form):
    """The first words of the letters, before what the portal writes."""

    it = forms.CharField(
        label=gettext_lazy("First words, in Italian"),
        widget=forms.Textarea(attrs={"rows": 4, "lang": "it"}),
        max_length=2000,
        required=False,
    )
    en = forms.CharField(
        label=gettext_lazy("First words, in English"),
        help_text=gettext_lazy("Where one language is empty, the other is sent."),
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
        max_length=2000,
        required=False,
    )


def meeting_outbox(request, pk):
    """What is about to be sent: the words, how they look, and to whom. Nothing is sent here."""
    meeting = get_object_or_404(Meeting.objects.select_related("host"), pk=pk)
    form = PrefaceForm(request.POST or None, initial=prefaces_of(request, meeting))
    if request.method == "POST" and form.is_valid():
        request.session[key_of(meeting)] = form.cleaned_data
        return redirect(f"{request.path}?reader={request.POST.get('reader', '')}#preview")
    waiting = waiting_of(meeting)
    context = {
        **page_context(request, meeting, _("Outbox")),
        **about(meeting, waiting),
        "form": form,
        **preview(meeting, waiting, request.GET.get("reader"), prefaces_of(request, meeting)),
    }
    return render(request, "admin/meetings/meeting_outbox.html", context)


def waiting_of(meeting):
    """Those to be written to, each with the `kind` of letter they get."""
    waiting = list(meeting.invitations.to_write_to(meeting).for_lists())
    for each in waiting:
        each.kind = kind_for(meeting, each)
    return waiting


def about(meeting, waiting):
    """To whom how many letters of which kind go, and what they tell that is new."""
    reached = [each for each in waiting if each.address]
    last, facts = last_letters(meeting), facts_of(meeting)
    told = [last[each.pk].facts for each in reached if each.pk in last and last[each.pk].facts]
    changes = {change for facts_said in told for change in changes_between(facts_said, facts)}
    return {
        "waiting": waiting,
        "reached": len(reached),
        "unreached": [each for each in waiting if not each.address],
        "new": sum(each.kind == LetterKind.INVITATION for each in reached),
        "changed": sum(each.kind == LetterKind.UPDATE for each in reached),
        "changes": sorted(changes),
        "to_convene": meeting.status in TO_CONVENE,
        "may_send": meeting.status in [*TO_CONVENE, MeetingStatus.CONVENED],
        "is_over": not Meeting.objects.coming().filter(pk=meeting.pk).exists(),
        "stamp": stamp_of(waiting),
    }


def stamp_of(waiting):
    """By which the portal knows whether the list is still the one that was looked at."""
    return ".".join(f"{each.pk}{each.kind[0]}" for each in waiting)


def preview(meeting, waiting, chosen, prefaces):
    """The letter as one kind of reader will have it, in both languages."""
    kinds = {}
    for each in waiting:
        kinds.setdefault((each.kind, each.role, bool(each.stands_for_id)), each)
    readers = list(kinds.values())
    if not readers:
        return {"readers": []}
    reader = next((each for each in readers if str(each.pk) == chosen), readers[0])
    mailing = Mailing(meeting, reader.kind, prefaces=prefaces, dry=True)
    letters = [
        (language, label, mailing.mail_to(reader, language)) for language, label in Language.choices
    ]
    return {"readers": readers, "reader": reader, "letters": letters}


@require_safe
@xframe_options_sameorigin
@csp_override(AS_A_LETTER)
def letter_preview(request, pk, language):
    """The HTML of a letter alone, to be looked at in a frame."""
    if language not in Language.values:
        language = Language.ITALIAN
    invitation = get_object_or_404(
        Invitation.objects.select_related("meeting__host", "user", "city", "stands_for__user"),
        pk=pk,
    )
    meeting = invitation.meeting
    mailing = Mailing(
        meeting, kind_for(meeting, invitation), prefaces=prefaces_of(request, meeting), dry=True
    )
    return HttpResponse(mailing.mail_to(invitation, language).alternatives[0].content)


@require_POST
def meeting_convene(request, pk):
    """Convene the meeting: the verb that shows it and writes to everybody on the list."""
    meeting = get_object_or_404(Meeting, pk=pk)
    prefaces, refused = words_of(request, meeting)
    if refused:
        return refused
    since = timezone.now()
    try:
        meeting.convene(by=request.user, prefaces=prefaces)
    except TransitionNotAllowed:
        messages.warning(request, _("Somebody was faster: it has been convened already."))
        return redirect("admin:meeting_letters", pk)
    return done(request, meeting, since)


@require_POST
def meeting_tell(request, pk):
    """Write to those who came to the list since, and to the others what has changed."""
    convened = Meeting.objects.filter(status=MeetingStatus.CONVENED)
    meeting = get_object_or_404(convened, pk=pk)
    prefaces, refused = words_of(request, meeting)
    if refused:
        return refused
    since = timezone.now()
    with transaction.atomic():
        convened.select_for_update().get(pk=pk)
        if write_to_waiting(meeting, by=request.user, prefaces=prefaces):
            Event.objects.record(meeting, "tell", by=request.user)
    return done(request, meeting, since)


def words_of(request, meeting):
    """The first words as they were sent; or where to look again, when the list is another one by
    now than the one that was looked at."""
    form = PrefaceForm(request.POST)
    if not form.is_valid():
        return {}, meeting_outbox(request, meeting.pk)
    request.session[key_of(meeting)] = form.cleaned_data
    if request.POST.get("stamp") == stamp_of(waiting_of(meeting)):
        return form.cleaned_data, None
    messages.warning(request, _("The list has changed meanwhile: please look at it once more."))
    return {}, redirect("admin:meeting_outbox", meeting.pk)


def done(request, meeting, since):
    """The letters are written; their log shows how they go out."""
    request.session.pop(key_of(meeting), None)
    written = Letter.objects.filter(
        invitation__meeting=meeting, sent_by=request.user, created_at__gte=since
    ).count()
    told = ngettext(
        "%(n)s letter is in the outbox: it goes out within a minute.",
        "%(n)s letters are in the outbox: they go out within minutes.",
        written,
    )
    messages.success(request, told % {"n": written} if written else _("Done."))
    return redirect("admin:meeting_letters", meeting.pk)


def key_of(meeting):
    return f"first-words-{meeting.pk}"


def prefaces_of(request, meeting):
    """The first words as this coordinator left them."""
    return request.session.get(key_of(meeting), {})
