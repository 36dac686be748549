"""Answers to invitations: from the letter, without logging in; from the meeting's page; from the
desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from journal.signed_links import NotOurs, by_link, opened
from meetings import calendars
from meetings.agenda import put_in_order
from meetings.answer_forms import SAID, AnswerForm
from meetings.calendar_links import ways_to_add
from meetings.invitations import Invitation, TooLate, written_for
from meetings.models import Meeting
from meetings.page_parts import agenda_of, hand_out, papers_for
from meetings.states import Answer, MeetingStatus

LONGEST = 3 * 365  # days; what ends a link is the end of its meeting


@login_not_required
@never_cache
@by_link(gone="meetings/meeting_answer_gone.html")
def meeting_answer(request, token):
    """Answer from a letter, without logging in. Opening it changes nothing, its buttons do."""
    invitation, person = invitation_of(token)
    if "opened" in request.POST:
        return note_opened(invitation)
    return answer_by_link(request, token, invitation, person)


def answer_by_link(request, token, invitation, person):
    """Its page, and what its buttons do; raises NotOurs where the link ends meanwhile."""
    form = AnswerForm(
        request.POST or None, invitation=invitation, chosen=request.GET.get("answer", "")
    )
    if request.method == "POST" and form.is_valid():
        try:
            overtaken = form.give(by=person)
        except TooLate:
            invitation, person = invitation_of(token)
        else:
            query = {"before": overtaken} if overtaken else {}
            return redirect(reverse("meeting_answer", args=[token], query=query))
    context = {"form": form, **page_of(request, token, invitation, person)}
    return render(request, "meetings/meeting_answer.html", context)


def invitation_of(token):
    """The invitation that a link is about, and its person if they have an account.

    Raises NotOurs when it was taken back, or the meeting is over.
    """
    person, pk, address = opened("meeting", token, days=LONGEST)
    invitation = (
        Invitation.objects.standing()
        .select_related("meeting__host", "user", "city", "stands_for__user", "substitute__user")
        .filter(pk=pk, user=person)
        .first()
    )
    if invitation is None or not constant_time_compare(address, written_for(invitation)):
        raise NotOurs
    if not Meeting.objects.coming().filter(pk=invitation.meeting_id).exists():
        raise NotOurs
    return invitation, person


def note_opened(invitation):
    """That a person has looked at it.

    Mail scanners open links, some of them in a browser; so the page says it by itself only at the
    first touch, key or turn of the wheel (opened.js). Without JavaScript the answer says it.
    """
    Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=timezone.now())
    return HttpResponse(status=204)


def page_of(request, token, invitation, person):
    """What the page shows of the meeting: what this reader may see, and the ways to keep it free.

    The link is the key of whoever holds it: it opens what the invitation says. Who has an account
    logs in for the files; to guests the link itself opens what is for those invited.
    """
    meeting, reader = invitation.meeting, person or AnonymousUser()
    agenda, papers = agenda_of(meeting, reader), list(papers_for(invitation))
    joins = meeting.status == MeetingStatus.CONVENED and invitation.answer != Answer.CANNOT
    file = reverse("meeting_answer_calendar", args=[token])
    return {
        "invitation": invitation,
        "meeting": meeting,
        "agenda": agenda,
        "documents": hand_out(meeting, agenda, papers),
        "has_papers": bool(papers),
        "has_archive": len(papers) > 1,
        "paper_token": "" if person else token,
        "may_join": joins,
        "ways": ways_to_add(meeting, join=joins, file=file) if invitation.is_coming else [],
        "overtaken": SAID.get(request.GET.get("before"), ""),
        "unsent": "" if invitation.is_open else request.POST.get("note", ""),
    }


@login_not_required
@never_cache
@require_safe
@by_link(gone="meetings/meeting_answer_gone.html")
def meeting_answer_calendar(request, token):
    """The meeting for the calendar of whoever holds the link, also where visitors do not see it."""
    invitation, _person = invitation_of(token)
    meeting = invitation.meeting
    if not meeting.has_day:
        raise Http404
    calendar = calendars.meeting_calendar(
        meeting, put_in_order(meeting, meeting.agenda.all()), join=True
    )
    headers = {"Content-Disposition": content_disposition_header(True, f"{meeting.slug}.ics")}
    return HttpResponse(
        calendar.to_ical(), content_type="text/calendar; charset=utf-8", headers=headers
    )


@require_POST
def meeting_reply(request, slug):
    """The same answers for those who are logged in, from the meeting's page or from the desk."""
    invitation = get_object_or_404(
        Invitation.objects.of(request.user)
        .sent()
        .filter(
            meeting__in=Meeting.objects.visible_to(request.user).coming().order_by().values("pk")
        )
        .select_related("meeting", "user", "substitute__user"),
        meeting__slug=slug,
    )
    form = AnswerForm(request.POST, invitation=invitation)
    back = "desk" if request.GET.get("to") == "desk" else invitation.meeting
    if not invitation.is_open:
        return too_late(request, back)
    if not form.is_valid():
        context = {"form": form, "meeting": invitation.meeting}
        return render(request, "meetings/meeting_reply.html", context)
    try:
        overtaken = form.give(by=request.user)
    except TooLate:
        return too_late(request, back)
    messages.success(request, _("Thank you: the coordination sees your answer."))
    if overtaken:
        text = _("It takes the place of an answer that was given meanwhile: %(answer)s")
        messages.warning(request, text % {"answer": SAID[overtaken]})
    return redirect(back)


def too_late(request, back):
    messages.warning(request, _("Too late: the meeting has begun, or has changed."))
    if note := request.POST.get("note", "").strip():
        text = _("What you wrote was not sent. Here it is, to copy: “%(comment)s”")
        messages.warning(request, text % {"comment": note})
    return redirect(back)


def answer_box(meeting, user):
    """The form with which this person answers on the meeting's page, until it is over; nothing for
    those who are not invited."""
    if not user.is_authenticated:
        return None
    convened = Meeting.objects.coming().filter(status=MeetingStatus.CONVENED, pk=meeting.pk)
    invitation = (
        Invitation.objects.of(user)
        .sent()
        .filter(meeting__in=convened.order_by().values("pk"))
        .select_related("user", "substitute__user", "stands_for__user")
        .first()
    )
    if invitation is None:
        return None
    invitation.meeting = meeting
    return AnswerForm(invitation=invitation)
