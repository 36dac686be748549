"""Meetings in which every page of theirs has something to show, one in each state of its life."""

from datetime import timedelta
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from journal.signed_links import sign
from meetings.invitations import token_of, written_for
from meetings.models import Meeting, Vote
from meetings.states import Answer, Approval, Attendance, DecidedHow
from tests import make

PREPARING = ["duplicate", "proposals", "invite", "outbox"]
CONVENING = ["invite", "outbox", "letters", "answers", "attendance"]
LONG = "https://example.org/" + "una-strada-molto-lunga-" * 5


def build(*, fabriano, parma, project):
    """Everything, by name: the meetings, whose people they are, and what hangs on them."""
    there = SimpleNamespace(fabriano=fabriano, parma=parma, project=project)
    there.coordinator = make.coordinator(first_name="Carla", last_name="Conti")
    there.person = make.delegate(city=fabriano, first_name="Bianca", last_name="Fabbri")
    there.neighbour = make.delegate(city=parma, first_name="Pietro", last_name="Parmigiani")
    there.observer = make.observer(first_name="Olga", last_name="Osti")
    there.draft = a_meeting(there, "bozza", days=60, status="draft", proposals_until=day(30))
    there.proposal = make.proposal(
        meeting=there.draft, city=parma, proposed_by=there.neighbour, text="Perché conviene a tutti"
    )
    there.coming = coming(there)
    there.postponed = a_meeting(there, "rinviata", days=30, status="convened")
    there.postponed.postpone(by=there.coordinator, comment="La sala è chiusa")
    there.cancelled = a_meeting(there, "annullata", days=20, status="convened")
    there.cancelled.cancel(by=there.coordinator, comment="Mancano le città")
    there.held = written(there, "tenuta", days=-3)
    there.circulated = circulated(there)
    there.closed = closed(there)
    there.action = there.circulated.actions.first()
    there.decision = there.closed.decisions.first()
    there.group = make.group(people=[there.person, there.neighbour])
    return there


def day(days):
    return timezone.localdate() + timedelta(days=days)


def a_meeting(there, slug, *, days, **fields):
    meeting = make.meeting(
        host=there.fabriano,
        slug=slug,
        title_it=f"Plenaria {slug}",
        title_en=f"Plenary {slug}",
        starts_at=timezone.now() + timedelta(days=days),
        venue="Museo della Carta e della Filigrana",
        address="Largo Fratelli Spacca 2",
        map_url="https://www.openstreetmap.org/?mlat=43.3&mlon=12.9",
        access_notes_it="Ascensore dal cortile",
        access_notes_en="Lift from the courtyard",
        mode="both",
        online_link="https://example.org/stanza",
        **fields,
    )
    kinds = ["information", "discussion", "decision"]
    for position, kind in enumerate(kinds, start=1):
        item = make.agenda_item(
            meeting=meeting,
            position=position,
            kind=kind,
            is_sub=position == 2,
            city=there.parma,
            presenter="Pietro Parmigiani",
            project=there.project if position == 3 else None,
        )
    for audience in ("public", "participants", "coordinators"):
        make.document(owner=meeting, audience=audience, title_it=f"Carta {audience}")
    make.document(owner=item, audience="public", title_it="Le prove")
    return meeting


def invite(there, meeting):
    """Two with an account, an observer and a guest; told apart by their answers."""
    invited = {
        "person": make.invitation(meeting=meeting, user=there.person, city=there.fabriano),
        "neighbour": make.invitation(meeting=meeting, user=there.neighbour, city=there.parma),
        "observer": make.invitation(meeting=meeting, user=there.observer, role="observer"),
        "guest": make.invitation(meeting=meeting, name="Gina Guida"),
    }
    return SimpleNamespace(**invited)


def coming(there):
    meeting = a_meeting(there, "convocata", days=40, status="draft", proposals_until=day(20))
    there.invited = invite(there, meeting)
    meeting.invitations.update(sent_at=None)
    meeting.convene(by=there.coordinator)
    there.invited.neighbour.reply(Answer.IN_PERSON, by=there.neighbour, note=f"Forse tardi {LONG}")
    return meeting


def written(there, slug, *, days, **fields):
    """Held, with presence, texts, a decision by votes and two actions, one of them overdue."""
    meeting = a_meeting(there, slug, days=days, status="held", **fields)
    invited = invite(there, meeting)
    meeting.invitations.exclude(pk=invited.guest.pk).update(attendance=Attendance.PRESENT)
    make.minutes(
        meeting=meeting,
        chair="Carla Conti",
        secretary="Bianca Fabbri",
        comments_until=day(10),
        approval=Approval.SILENCE,
    )
    text = f"<p>Parma mostra le prove.</p><ul><li><p>Una prova</p></li></ul><p>{LONG}</p>"
    for item in meeting.agenda.all():
        make.section(item=item, text_it=text, text_en="<p>Parma shows the trials.</p>")
    decision = make.decision(
        meeting=meeting, item=item, projects=[there.project], how=DecidedHow.MAJORITY
    )
    decision.cities.set([there.parma])
    for city, choice in [(there.fabriano, "for"), (there.parma, "abstained")]:
        Vote.objects.create(decision=decision, city=city, choice=choice)
    shared = {"meeting": meeting, "item": item, "decision": decision, "project": there.project}
    cities = [there.fabriano, there.parma]
    make.action(**shared, cities=cities, due_on=day(-9), is_public=True)
    make.action(**shared, cities=[there.fabriano], due_on=day(9), is_public=True)
    return meeting


def circulated(there):
    """With remarks on it, one decided and one that waits."""
    meeting = written(there, "circolata", days=-20)
    meeting.circulate(by=there.coordinator)
    section = meeting.agenda.first().section
    invitation = meeting.invitations.get(user=there.person)
    remark = make.amendment(section=section, invitation=invitation)
    remark.decline(by=there.coordinator, comment="È già detto sotto")
    there.remark = make.amendment(
        section=section, invitation=invitation, quote="Parma mostra le prove."
    )
    there.guest = meeting.invitations.get(user=None)
    first, second = meeting.actions.all()
    first.begin(by=there.person)
    second.note(by=there.person, comment=f"Siamo a metà {LONG}")
    return meeting


def closed(there):
    """With photographs, a press note, a public summary and an annex."""
    words = {
        "press_note_it": "<p>Le città hanno deciso insieme.</p>",
        "press_note_en": "<p>The cities have decided together.</p>",
    }
    meeting = written(there, "chiusa", days=-90, **words)
    meeting.minutes.summary_it = "<p>Si è deciso il calendario.</p>"
    meeting.minutes.summary_is_public = True
    meeting.minutes.save()
    meeting.circulate(by=there.coordinator)
    meeting.approve(by=there.coordinator)
    meeting.minutes.annexes.create(text_it="<p>Dove si dice 11 si legga 12.</p>")
    for position in (1, 2):
        meeting.photos.create(
            picture=ContentFile(make.picture_upload().read(), name=f"foto-{position}.jpg"),
            picture_alt_it=f"La sala, {position}",
            position=position,
        )
    return Meeting.objects.get(pk=meeting.pk)


def for_everyone(there):
    """Addresses of the pages that anyone reads."""
    meetings = ["convocata", "rinviata", "annullata", "chiusa"]
    photo = there.closed.photos.first()
    return [
        *(reverse(name) for name in ["meeting_list", "meeting_years", "decision_list"]),
        reverse("decision_columns"),
        *(reverse("meeting_detail", args=[slug]) for slug in meetings),
        reverse("meeting_picture", args=["chiusa", photo.pk]),
        reverse("decision_detail", args=[there.decision.pk]),
        reverse("network_page"),
        there.project.get_absolute_url(),
        there.fabriano.get_absolute_url(),
    ]


def behind_links(there):
    """Addresses in letters, which open without logging in."""
    people = there.invited
    invited = [people.person, people.neighbour, people.guest]
    minutes = sign("minutes", None, there.guest, written_for(there.guest))
    return [
        *(reverse("meeting_answer", args=[token_of(each)]) for each in invited),
        reverse("meeting_answer", args=[token_of(people.guest)], query={"answer": "substitute"}),
        reverse("minutes_answer", args=[minutes]),
        reverse("action_answer", args=[sign("action", there.person, there.action)]),
    ]


def for_delegates(there):
    """Addresses of what a delegate reads and writes."""
    minuted = ["circolata", "chiusa"]
    return [
        *(reverse(name) for name in ["desk", "action_list", "decision_list", "calendar_settings"]),
        *(reverse("meeting_detail", args=[slug]) for slug in ["convocata", *minuted]),
        *(reverse("meeting_minutes", args=[slug]) for slug in minuted),
        reverse("meeting_propose", args=["convocata"]),
        reverse("action_detail", args=[there.action.pk]),
        reverse("decision_detail", args=[there.decision.pk]),
        there.project.get_absolute_url(),
        there.fabriano.get_absolute_url(),
    ]


def for_coordinators(there):
    """Addresses of the admin's pages of meetings."""
    held = there.held.agenda.last()
    person = there.invited.person.pk
    decision, action = there.held.decisions.first().pk, there.held.actions.first().pk
    meetings = [there.draft, there.coming, there.held, there.circulated, there.closed]
    return [
        reverse("admin:index"),
        *(reverse(f"admin:meetings_{name}_changelist") for name in ["meeting", "action"]),
        reverse("admin:meetings_workinggroup_changelist"),
        reverse("admin:meetings_workinggroup_change", args=[there.group.pk]),
        reverse("admin:meetings_action_change", args=[there.action.pk]),
        reverse("admin:meetings_meeting_add"),
        *(reverse("admin:meetings_meeting_change", args=[each.pk]) for each in meetings),
        *(reverse(f"admin:meeting_{name}", args=[there.draft.pk]) for name in PREPARING),
        *(reverse(f"admin:meeting_{name}", args=[there.coming.pk]) for name in CONVENING),
        reverse("admin:invitation_remove", args=[person]),
        reverse("admin:letter_again", args=[person]),
        reverse("admin:meeting_write", args=[there.held.pk]),
        reverse("admin:section_write", args=[there.held.pk, held.pk]),
        reverse("admin:section_history", args=[there.held.pk, held.pk]),
        reverse("admin:decision_edit", args=[there.held.pk, held.pk, decision]),
        reverse("admin:action_edit", args=[there.held.pk, held.pk, action]),
        reverse("admin:meeting_amendments", args=[there.held.pk]),
        reverse("admin:meeting_amendments", args=[there.circulated.pk]),
        reverse("admin:meeting_amendments", args=[there.closed.pk]),
    ]
