"""What those invited have answered, city by city, for the coordinators to watch."""

from itertools import groupby

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.models import City
from meetings.models import Meeting
from meetings.quorum import quorum_of
from meetings.states import Answer
from meetings.steps import page_context


@require_safe
def meeting_answers(request, pk):
    """The answers as they come in; the page asks for them anew by itself (live.js)."""
    meeting = get_object_or_404(Meeting, pk=pk)
    answers = answers_of(meeting)
    if "X-Fragment" in request.headers:
        context = {"meeting": meeting, **answers}
        return render(request, "admin/meetings/meeting_answers.html#answers", context)
    context = {**page_context(request, meeting, _("Answers")), **answers}
    return render(request, "admin/meetings/meeting_answers.html", context)


def answers_of(meeting):
    """Who answered what: city by city, then those who come for none; and how many."""
    invitations = list(
        meeting.invitations.standing()
        .for_lists()
        .select_related("stands_for__user", "substitute__user")
    )
    sent = [each for each in invitations if each.sent_at]
    silent = [each for each in sent if not each.answer]
    quorum = quorum_of(meeting, invitations)
    return {
        "groups": by_city(invitations),
        "uninvited": uninvited(meeting, invitations) if quorum.asked else [],
        "counts": [
            (answer, answer.label, sum(each.answer == answer for each in sent)) for answer in Answer
        ],
        "silent": silent,
        "unopened": [each for each in silent if not each.opened_at],
        "quorum": quorum,
        "at": timezone.now(),
    }


def by_city(invitations):
    """(city, its people), as the list is ordered; those of no city come last."""
    groups = groupby(invitations, key=lambda each: each.city)
    return [(city, list(people)) for city, people in groups]


def uninvited(meeting, invitations):
    """The member cities of the day from which nobody is on the list."""
    known = {each.city_id for each in invitations}
    members = City.objects.members(on=meeting.starts_on).order_by("name")
    return [city for city in members if city.pk not in known]
