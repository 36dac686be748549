"""What the portal asks of projects by itself."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from journal.models import Event
from projects.models import Project

CATCH_UP = timedelta(days=30)  # who ended long ago, before there was a portal, is not asked


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
