"""What the page of a meeting shows: each part asked for once, as far as the reader may see it."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from cities.at_once import at_once, remember
from documents.models import Audience, Document
from meetings.agenda import put_in_order
from meetings.carrying import open_actions_for
from meetings.models import Action, AgendaItem, Meeting, MeetingStatus
from meetings.register import load_around
from meetings.states import TO_COME, TOOK_PLACE
from projects.models import Project


def parts_of(meeting, user):
    """Its agenda, documents, decisions, actions, photographs and neighbours."""
    agenda = agenda_of(meeting, user)
    papers = list(papers_of(meeting).visible_to(user))
    return {
        "agenda": agenda,
        "documents": hand_out(meeting, agenda, papers),
        "has_archive": len(papers) > 1,
        "decisions": decisions_of(meeting, user),
        **shown_beside(meeting, actions_of(meeting, agenda, user)),
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


def papers_of(meeting):
    """The documents of a meeting and those of its agenda, whoever may open them."""
    kinds = {model: ContentType.objects.get_for_model(model) for model in (Meeting, AgendaItem)}
    items = meeting.agenda.order_by().values("pk")
    return Document.objects.filter(
        Q(content_type=kinds[Meeting], object_id=meeting.pk)
        | Q(content_type=kinds[AgendaItem], object_id__in=items)
    ).for_lists()


def papers_for(invitation):
    """Those that the link of a letter shows: an invited guest has no account to log in with."""
    papers = papers_of(invitation.meeting)
    if invitation.user_id:
        return papers.visible_to(invitation.user)
    return papers.filter(audience__in=[Audience.PUBLIC, Audience.PARTICIPANTS])


def hand_out(meeting, items, documents):
    """Those of the meeting itself; those of its items are laid on them as `papers`."""
    of_items = ContentType.objects.get_for_model(AgendaItem).pk
    own, papers = [], {}
    for each in documents:
        mine = papers.setdefault(each.object_id, []) if each.content_type_id == of_items else own
        mine.append(each)
    for item in items:
        item.papers = papers.get(item.pk, [])
    return own


def decisions_of(meeting, user):
    """What it decided, with all that hangs on it."""
    decisions = list(
        meeting.decisions.visible_to(user).select_related("meeting").order_by("number", "pk")
    )
    load_around(decisions, user)
    return decisions


def actions_of(meeting, agenda, user):
    """For those inside: before it, what is still open from earlier meetings, where the agenda has
    it; after it, what it asked of cities."""
    actions = Action.objects.visible_to(user)
    if not (user.is_authenticated and user.takes_part):
        return actions.none()
    if meeting.status not in TO_COME:
        return actions.filter(meeting=meeting).by_due_date()
    if any(item.lists_actions for item in agenda):
        carried = open_actions_for(meeting).order_by().values("pk")
        return actions.filter(pk__in=carried).by_due_date()
    return actions.none()


def shown_beside(meeting, actions):
    """Its photographs and fields, and these actions with their cities. Takes one query."""
    through = Action.cities.through.objects
    taken_on = through.filter(action__in=actions.order_by().values("pk"))
    found = at_once(
        photos=meeting.photos.all(),
        fields=meeting.fields.all(),
        actions=actions,
        taken_on=taken_on.select_related("city"),
    )
    taken_on = found.pop("taken_on")
    for action in found["actions"]:
        whose = [each.city for each in taken_on if each.action_id == action.pk]
        remember(action, cities=sorted(whose, key=str))
    return found


def summary_of(meeting):
    """What everybody reads of its minutes, once they are approved and it was said so."""
    minutes = getattr(meeting, "minutes", None)
    is_told = minutes and meeting.status == MeetingStatus.CLOSED and minutes.summary_is_public
    return minutes if is_told and minutes.summary else None


def neighbour(named):
    """The meeting before or after, as its link needs it."""
    return Meeting(**named) if named else None
