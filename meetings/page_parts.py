"""What the page of a meeting shows: each part asked for once, as far as the reader may see it."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from cities.models import Mandate
from documents.models import Document
from meetings.agenda import put_in_order
from meetings.models import Action, AgendaItem, Kind, Meeting, MeetingStatus
from meetings.states import TO_COME, TOOK_PLACE, Choice
from projects.models import Project


def parts_of(meeting, user):
    """Its agenda, documents, decisions, actions, photographs and neighbours."""
    agenda = agenda_of(meeting, user)
    return {
        "agenda": agenda,
        "documents": hand_out(meeting, agenda, user),
        "decisions": decisions_of(meeting, user),
        "actions": actions_of(meeting, agenda, user),
        "photos": list(meeting.photos.all()),
        "fields": meeting.fields.all() if meeting.kind == Kind.CLUSTER else [],
        "took_place": meeting.status in TOOK_PLACE,
        "summary": summary_of(meeting),
        "previous": neighbour(meeting.earlier),
        "next": neighbour(meeting.later),
    }


def agenda_of(meeting, user):
    """Its items, numbered, each with whether this person may see its project."""
    seen = Project.objects.visible_to(user).order_by().filter(pk=OuterRef("project"))
    items = meeting.agenda.for_agenda().annotate(names_project=Exists(seen))
    return put_in_order(meeting, items)


def hand_out(meeting, items, user):
    """The documents of the meeting; those of its items are laid on them as `papers`."""
    kinds = {model: ContentType.objects.get_for_model(model).pk for model in (Meeting, AgendaItem)}
    documents = Document.objects.visible_to(user).filter(
        Q(content_type=kinds[Meeting], object_id=meeting.pk)
        | Q(content_type=kinds[AgendaItem], object_id__in=[item.pk for item in items])
    )
    papers = {}
    for each in documents:
        papers.setdefault((each.content_type_id, each.object_id), []).append(each)
    for item in items:
        item.papers = papers.get((kinds[AgendaItem], item.pk), [])
    return papers.get((kinds[Meeting], meeting.pk), [])


def decisions_of(meeting, user):
    """What it decided, how many cities voted how, the terms of office and projects it bears on."""
    votes = {f"votes_{choice}": Count("votes", filter=Q(votes__choice=choice)) for choice in Choice}
    return (
        meeting.decisions.visible_to(user)
        .annotate(**votes)
        .order_by("year", "number", "pk")
        .prefetch_related(
            Prefetch("mandates", Mandate.objects.select_related("city")),
            Prefetch("projects", Project.objects.visible_to(user)),
        )
    )


def actions_of(meeting, agenda, user):
    """For those inside: before it, what is still open from earlier meetings, where the agenda has
    it; after it, what it asked of cities."""
    if not (user.is_authenticated and user.takes_part):
        return []
    actions = Action.objects.visible_to(user).by_due_date().prefetch_related("cities")
    if meeting.status not in TO_COME:
        return actions.filter(meeting=meeting)
    if any(item.lists_actions for item in agenda):
        return actions.undone().filter(meeting__starts_at__lt=meeting.starts_at)
    return []


def summary_of(meeting):
    """What everybody reads of its minutes, once they are approved and it was said so."""
    minutes = getattr(meeting, "minutes", None)
    is_told = minutes and meeting.status == MeetingStatus.CLOSED and minutes.summary_is_public
    return minutes if is_told and minutes.summary else None


def neighbour(named):
    """The meeting before or after, as its link needs it."""
    return Meeting(**named) if named else None
