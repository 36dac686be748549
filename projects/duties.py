"""What the portal does for projects by itself, day by day (see `manage.py deliver`).

The journal remembers what has been said already: nothing is done twice.
"""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from journal.models import Event
from projects.models import Project
from projects.states import ProjectStatus

CATCH_UP = timedelta(days=30)  # who ended long ago, before there was a portal, is not asked
LOST, FOUND = "lose_keeper", "find_keeper"
MOST = 200  # at a time; the next time goes on with the rest


def ask_for_results():
    """Tell the lead’s people, once for each project, that it has ended and tells no results.

    It waits for their next digest. Does nothing twice; returns how many projects it asked about.
    """
    today = timezone.localdate()
    asked = Event.objects.filter(
        content_type=ContentType.objects.get_for_model(Project),
        object_id=OuterRef("pk"),
        verb="ask_for_results",
    )
    over = Project.objects.asked_for_results().filter(ends_on__gte=today - CATCH_UP)
    return sum(ask(project) for project in over.exclude(Exists(asked)).only("pk", "lead"))


def ask(project):
    """Ask about one project, unless another process has just done so."""
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=project.pk)
        if project.events.filter(verb="ask_for_results").exists():
            return 0
        Event.objects.record(project, "ask_for_results", by=None, tell=project.delegates())
    return 1


def note_keepers():
    """Tell coordinators, once, of each published project that nobody keeps any more.

    The journal remembers what they were told, and since when somebody keeps it again.
    """
    last = Event.objects.filter(
        content_type=ContentType.objects.get_for_model(Project),
        object_id=OuterRef("pk"),
        verb__in=[LOST, FOUND],
    ).order_by("-pk")
    told = Coalesce(Subquery(last.values("verb")[:1]), Value(""))
    alone = Project.objects.without_editor()
    lost = list(alone.annotate(told=told).exclude(told=LOST)[:MOST])
    public = Project.objects.filter(status=ProjectStatus.PUBLISHED)
    found = public.annotate(told=told).filter(told=LOST).exclude(pk__in=alone.values("pk"))
    for project in lost:
        Event.objects.record(project, LOST, by=None, tell=project.reviewers())
    for project in found[:MOST]:
        Event.objects.record(project, FOUND, by=None)
    return len(lost)
