"""What happened: what this person was told, and what else befell their cities of late."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cities.models import City
from journal.models import Event, Notification
from network.desk.things import MOST
from projects.models import Project
from projects.partnerships import Partnership

KNOWN = 5  # of what was read before, so many at most
LATE = timedelta(days=30)  # how far back the desk tells what nobody was told of


def events_for(desk):
    """The events of a desk: what is new first, then what is known already."""
    mine = Notification.objects.filter(event=OuterRef("pk"), user=desk.user)
    told = desk.user.notifications.order_by().values("event")
    around = around_cities(desk).order_by().values("pk")
    events = list(
        Event.objects.filter(pk__in=told.union(around) if desk.own else told)
        .annotate(is_told=Exists(mine), is_known=Exists(mine.exclude(read_at=None)))
        .select_related("actor", "content_type")
        .order_by("is_known", "-at", "-pk")[:MOST]
    )
    return events[: max(sum(not each.is_known for each in events), KNOWN)]


def around_cities(desk):
    """What others did of late to the cities of this person, their projects and partnerships."""
    projects = Project.objects.filter(
        Q(lead__in=desk.own)
        | Q(pk__in=Partnership.objects.accepted().filter(city__in=desk.own).values("project"))
    )
    joining = Partnership.objects.filter(Q(city__in=desk.own) | Q(project__lead__in=desk.own))
    about = [
        (Project, projects),
        (Partnership, joining),
        (City, City.objects.filter(pk__in=desk.own)),
    ]
    concerned = Q()
    for model, things in about:
        kind = ContentType.objects.get_for_model(model)
        concerned |= Q(content_type=kind, object_id__in=things.order_by().values("pk"))
    return Event.objects.filter(concerned, at__gte=timezone.now() - LATE).exclude(actor=desk.user)


def mark_read(user, events):
    """What was shown counts as told and read from now on; no mail needs to repeat it."""
    now = timezone.now()
    Notification.objects.bulk_create(
        [
            Notification(event=event, user=user, at_once=True, read_at=now)
            for event in events
            if not event.is_known
        ],
        update_conflicts=True,
        unique_fields=["event", "user"],
        update_fields=["read_at"],
    )
