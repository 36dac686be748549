from functools import partial, wraps

from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from journal.delivery import count_unsent
from journal.models import Event
from meetings.models import Meeting
from meetings.next_thing import next_thing, with_progress
from meetings.states import MeetingStatus
from projects.models import Project

SHOWN = 5
UNFINISHED = [MeetingStatus.HELD, MeetingStatus.CIRCULATED]


class PortalAdmin(AdminSite):
    """Where coordinators work. People log in at the portal's own door, then come here."""

    site_title = site_header = _("Coordination of the Creative Cities")
    index_title = _("What waits")

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.is_coordinator

    def admin_view(self, view, cacheable=False):
        """Questions that Django's admin does not understand (a key that is none, a year that no
        calendar has) are the asker's mistake, not ours."""
        answered = super().admin_view(view, cacheable)

        @wraps(answered)
        def understood(request, *args, **kwargs):
            try:
                answer = answered(request, *args, **kwargs)
                return answer.render() if hasattr(answer, "render") else answer
            except (ValueError, OverflowError, ValidationError) as error:
                if request.method == "GET" and request.GET:
                    raise BadRequest from error
                raise

        return understood

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """Anonymous people go to the portal's log-in; whoever is logged in and refused gets 404."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_app_list(self, request, app_label=None):
        """The rooms, asked for where they are shown: some pages have no list of them beside."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def index(self, request, extra_context=None):
        return super().index(request, {**what_waits(), **(extra_context or {})})


def what_waits():
    """What a coordinator finds on the start page: what is to be done, and what happened."""
    happened = Event.objects.recent().exclude(verb__in=["create", "update"])
    return {
        "unsent": count_unsent(),
        "submitted": first(Project.objects.submitted().select_related("lead").order_by("pk")),
        "coming": with_next_things(Meeting.objects.exclude(status="draft").coming()),
        "drafts": with_next_things(Meeting.objects.drafts().order_by("starts_at", "pk")),
        "minutes": with_next_things(
            Meeting.objects.filter(status__in=UNFINISHED).run_here().order_by("starts_at", "pk")
        ),
        "invited": first(get_user_model().objects.invited().order_by("invited_at", "pk")),
        "events": happened.with_targets()[:10],
    }


def with_next_things(meetings):
    """The first few meetings, each with the next thing to do about it."""
    found = first(with_progress(meetings))
    for meeting in found["things"]:
        meeting.next = next_thing(meeting)
    return found


def first(things):
    """The first few, and whether there are more."""
    found = list(things[: SHOWN + 1])
    return {"things": found[:SHOWN], "more": len(found) > SHOWN}
