"""Projects that nobody keeps: the last person who could edit a published card has gone."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from journal.models import Event
from projects.models import Project
from projects.states import ProjectStatus

LOST, FOUND = "lose_keeper", "find_keeper"
MOST = 200  # at a time; the next time goes on with the rest


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
