"""The minutes as people read them: a page, a paper, and what participants say to a paragraph.

They have two doors: one for those who log in, and the link in a guest's letter.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from journal.signed_links import by_link
from meetings.minutes import Amendment, Minutes
from meetings.minutes_letters import reader_of
from meetings.minutes_paper import minutes_pdf
from meetings.models import Meeting
from meetings.record import annexes_told, standing, told
from meetings.remarks import RemarkForm, spots_of
from meetings.states import InvitedAs


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_minutes(request, slug):
    """The minutes for those who were invited, for delegates, and for coordinators before."""
    meeting = minuted(request, slug)
    invitation = meeting.invitations.of(request.user).sent().first()
    return minutes_page(
        request, meeting, invitation, reverse("meeting_minutes_pdf", args=[meeting.slug])
    )


@require_safe
def meeting_minutes_pdf(request, slug):
    return minutes_paper(minuted(request, slug))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link(gone="meetings/minutes_gone.html")
def minutes_answer(request, token):
    """The same page from the letter of somebody who has no account."""
    invitation = reader_of(token)
    pdf = reverse("minutes_answer_pdf", args=[token])
    return minutes_page(request, invitation.meeting, invitation, pdf, is_guest=True)


@login_not_required
@never_cache
@require_safe
@by_link(gone="meetings/minutes_gone.html")
def minutes_answer_pdf(request, token):
    invitation = reader_of(token)
    return minutes_paper(invitation.meeting)


def minuted(request, slug):
    meetings = Meeting.objects.minuted_to(request.user).select_related("minutes", "host")
    meeting = get_object_or_404(meetings, slug=slug)
    if not hasattr(meeting, "minutes"):
        meeting.minutes = Minutes(meeting=meeting)
    return meeting


def minutes_page(request, meeting, invitation, pdf, *, is_guest=False):
    record = told(meeting)
    spots = spots_of(record)
    may_remark = takes_part(invitation) and meeting.minutes.takes_remarks()
    form = RemarkForm(request.POST or None, spots=spots)
    if request.method == "POST" and may_remark and form.is_valid():
        may_remark = form.say(invitation)
        if may_remark:
            return redirect(f"{request.path}?thanks#remarks")
    context = {
        "meeting": meeting,
        "minutes": meeting.minutes,
        "record": record,
        "standing": standing(meeting),
        "annexes": annexes_told(meeting),
        "remarks": remarks_of(invitation),
        "may_remark": may_remark,
        "took_part": takes_part(invitation),
        "thanks": "thanks" in request.GET,
        "is_late": request.method == "POST" and not may_remark,
        "form": form,
        "is_guest": is_guest,
        "pdf": pdf,
    }
    return render(request, "meetings/meeting_minutes.html", context)


def takes_part(invitation):
    """Whether this person was invited to speak; observers are not."""
    return invitation is not None and invitation.role != InvitedAs.OBSERVER


def remarks_of(invitation):
    """What this person has said, each with the coordination's `answer`."""
    if invitation is None:
        return []
    remarks = list(Amendment.objects.filter(invitation=invitation).prefetch_related("events"))
    for remark in remarks:
        answers = [each.comment for each in remark.events.all() if each.verb != "propose"]
        remark.answer = answers[0] if answers else ""
    return remarks


def minutes_paper(meeting):
    """The minutes as a PDF, in the language of the page."""
    name = content_disposition_header(False, f"{meeting.slug}.pdf")
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-cache"}
    return HttpResponse(minutes_pdf(meeting), content_type="application/pdf", headers=headers)
