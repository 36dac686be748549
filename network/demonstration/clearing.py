"""Clearing the demonstration away: rows, their history, what was told of them, and their files."""

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from post_office.models import Email

from cities.models import City
from documents.models import throw_away_with
from journal.models import Event
from meetings.models import (
    Action,
    AgendaItem,
    Annex,
    Decision,
    Invitation,
    Meeting,
    MeetingPhoto,
    Minutes,
    MinutesSection,
    WorkingGroup,
)
from news.models import NewsItem
from projects.models import Project
from projects.partnerships import Partnership
from projects.parts import ProjectImage, ProjectUpdate


@transaction.atomic
def clear():
    """Remove the demonstration, and what its people made since; returns how many things went."""
    people = get_user_model().objects.filter(is_demo=True)
    partnerships = Partnership.objects.filter(city__is_demo=True)
    projects = Project.objects.filter(
        Q(is_demo=True) | Q(created_by__is_demo=True) | Q(lead__is_demo=True)
    )
    things = [
        NewsItem.objects.filter(is_demo=True),
        *meetings_and_parts(),
        Invitation.objects.filter(user__in=people),
        ProjectImage.objects.filter(project__in=projects),
        ProjectUpdate.objects.filter(Q(project__in=projects) | Q(created_by__in=people)),
        projects,
        partnerships,
        City.objects.filter(is_demo=True),
    ]
    gone = 0
    forget_doings(people)
    for queryset in things:
        gone += remove(queryset)
    return gone + remove(people)


def meetings_and_parts():
    """Its meetings, and before them what keeps a meeting from being deleted or has a history."""
    meetings = Meeting.objects.filter(is_demo=True)
    of_them = {"meeting__in": meetings}
    groups = WorkingGroup.objects.filter(meetings__in=meetings).exclude(meetings__is_demo=False)
    return [
        WorkingGroup.objects.filter(pk__in=list(groups.values_list("pk", flat=True))),
        Annex.objects.filter(minutes__meeting__in=meetings),
        Action.objects.filter(**of_them),
        Decision.objects.filter(**of_them),
        MinutesSection.objects.filter(item__meeting__in=meetings),
        Minutes.objects.filter(**of_them),
        MeetingPhoto.objects.filter(**of_them),
        Invitation.objects.filter(**of_them),
        AgendaItem.objects.filter(**of_them),
        meetings,
    ]


def forget_doings(people):
    """What its people did to real things, mails to them and its guests, their open sessions."""
    addresses = list(people.values_list("email", flat=True))
    Event.objects.filter(actor__in=people).delete()
    to_guests = Email.objects.filter(letter__invitation__meeting__is_demo=True).values("pk")
    Email.objects.filter(Q(to__in=addresses) | Q(pk__in=to_guests)).delete()
    open_sessions = apps.get_model("usersessions.UserSession").objects.filter(user__in=people)
    Session.objects.filter(session_key__in=open_sessions.values("session_key")).delete()


def remove(queryset):
    """Delete things with their files, their history and what the admin's log says of them."""
    model, things = queryset.model, list(queryset)
    pks = [thing.pk for thing in things]
    kind = ContentType.objects.get_for_model(model)
    for thing in things:
        for name in ("picture", "logo"):
            if getattr(thing, name, None):
                getattr(thing, name).delete(save=False)
    throw_away_with(things)
    forget_versions(model, pks)
    LogEntry.objects.filter(content_type=kind, object_id__in=map(str, pks)).delete()
    model._base_manager.filter(pk__in=pks).delete()
    forget_versions(model, pks)  # the last one says that it was deleted
    return len(pks)


def forget_versions(model, pks):
    """Delete the history of things, with what each version was sorted by."""
    if history := getattr(model, "history", None):
        versions = history.filter(**{f"{model._meta.pk.name}__in": pks})
        for relation in history.model._meta.related_objects:
            rows = relation.related_model._base_manager
            rows.filter(**{f"{relation.field.name}__in": versions}).delete()
        versions.delete()
