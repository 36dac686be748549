"""The one next thing to do about a meeting, as a sentence with one button."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.agenda import AgendaItem, Proposal, duration, overrun
from meetings.models import Amendment, Invitation, Meeting
from meetings.querysets import over
from meetings.states import ATTENDED, AmendmentStatus, Approval, MeetingStatus, Mode

ANSWERS = "meeting_answers"


@dataclass
class NextThing:
    """What a coordinator does next, and where; the rest is only told."""

    text: str
    label: str
    url: str
    waits: bool = True  # for the coordinator, and not for others


def with_progress(meetings):
    """Meetings with what decides on their next thing, however many, in one question."""
    items = AgendaItem.objects.order_by().filter(meeting=OuterRef("pk"))
    proposals = Proposal.objects.order_by().filter(meeting=OuterRef("pk"))
    invited = Invitation.objects.order_by().filter(meeting=OuterRef("pk")).standing()
    cities = invited.sent().exclude(city=None)
    untold = Q(section=None) | (empty("section__text_it") & empty("section__text_en"))
    remarks = Amendment.objects.order_by().filter(invitation__meeting=OuterRef("pk"))
    last_moment = Coalesce("ends_at", "starts_at")
    return (
        meetings.select_related("host", "minutes")
        .alias(last_moment=last_moment)
        .annotate(
            is_over=Case(When(over(), then=Value(True)), default=Value(False)),
            agenda_items=number(items),
            agenda_minutes=number(items, Sum("minutes")),
            items_untold=number(items.filter(untold)),
            proposals_open=number(proposals.waiting()),
            people_invited=number(invited),
            people_unsent=number(invited.filter(sent_at=None)),
            people_outdated=number(invited.sent().filter(sequence__lt=OuterRef("sequence"))),
            people_there=number(invited.filter(attendance__in=ATTENDED)),
            cities_asked=number(cities, Count("city", distinct=True)),
            cities_answered=number(cities.exclude(answer=""), Count("city", distinct=True)),
            remarks_open=number(
                remarks.filter(status=AmendmentStatus.OPEN), by="invitation__meeting"
            ),
        )
    )


def empty(column):
    return Q(**{column: ""}) | Q(**{column: None})


def number(rows, counted=None, by="meeting"):
    """How many of these rows a meeting has, or what they sum up to."""
    counted = counted or Count("pk")
    found = rows.values(by).annotate(found=counted).values("found")
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)


def next_thing(meeting):
    """What is to be done next; asks the database unless the meeting comes `with_progress`."""
    if not hasattr(meeting, "agenda_items"):
        meeting = with_progress(Meeting.objects).get(pk=meeting.pk)
    return NEXT[meeting.status](meeting)


def warning_of(meeting):
    """What is wrong with the agenda as it stands, if anything."""
    if meeting.status not in (MeetingStatus.DRAFT, MeetingStatus.CONVENED):
        return ""
    minutes = getattr(meeting, "agenda_minutes", None)
    if minutes is None:
        minutes = meeting.agenda.aggregate(all=Sum("minutes"))["all"] or 0
    if too_long := overrun(meeting, minutes):
        return _("The agenda is %(time)s longer than the meeting.") % {"time": duration(too_long)}
    return ""


def in_preparation(meeting):
    if not meeting.agenda_items:
        return at_form(meeting, _("Write the agenda: it is empty."), _("Write it"), "agenda-group")
    if meeting.proposals_open:
        return proposals(meeting)
    if meeting.mode != Mode.ONLINE and not meeting.place:
        return at_form(meeting, _("Say where it takes place."), _("Say it"), "id_venue")
    if meeting.mode in (Mode.ONLINE, Mode.BOTH) and not meeting.online_link:
        text = _("Add the link by which people take part online.")
        return at_form(meeting, text, _("Add it"), "id_online_link")
    if not meeting.people_invited:
        return nobody_invited(meeting)
    text = ngettext(
        "Convene it: %(n)s person is on the list and has not been written to.",
        "Convene it: %(n)s people are on the list and have not been written to.",
        meeting.people_invited,
    )
    return on_page(meeting, text % {"n": meeting.people_invited}, _("Convene"), "meeting_invite")


def nobody_invited(meeting):
    text = _("Look at who is invited: nobody is on the list yet.")
    return on_page(meeting, text, _("Look at who is invited"), "meeting_invite")


def postponed(meeting):
    if meeting.starts_at == meeting.previous_start or meeting.starts_on < timezone.localdate():
        text = _("It is put off: give it a new day.")
        return at_form(meeting, text, _("Give it a new day"), "id_starts_at_0")
    text = _("It has a new day: convene it again.")
    return on_page(meeting, text, _("Convene it again"), "meeting_invite")


def convened(meeting):
    if meeting.is_over:
        return verb(meeting, _("It is over: note that it was held."), _("Mark as held"), "hold")
    if not meeting.people_invited:
        return nobody_invited(meeting)
    if meeting.people_outdated:
        text = ngettext(
            "%(n)s person does not know yet what has changed.",
            "%(n)s people do not know yet what has changed.",
            meeting.people_outdated,
        )
        text %= {"n": meeting.people_outdated}
        return on_page(meeting, text, _("Tell them"), "meeting_outbox")
    if meeting.people_unsent:
        text = ngettext(
            "%(n)s person is on the list and has not been written to.",
            "%(n)s people are on the list and have not been written to.",
            meeting.people_unsent,
        )
        text %= {"n": meeting.people_unsent}
        return on_page(meeting, text, _("Write to them"), "meeting_outbox")
    if meeting.proposals_open:
        return proposals(meeting)
    if meeting.starts_on <= timezone.localdate():
        text = _("It is today: note who is there.")
        return on_page(meeting, text, _("Note who is there"), "meeting_attendance")
    return answers(meeting)


def answers(meeting):
    silent = meeting.cities_asked - meeting.cities_answered
    if silent:
        text = ngettext(
            "%(n)s city has not answered yet.", "%(n)s cities have not answered yet.", silent
        )
        return on_page(meeting, text % {"n": silent}, _("See the answers"), ANSWERS)
    text = _("All cities have answered: nothing to do until %(day)s.") % {"day": meeting.day}
    return on_page(meeting, text, _("See the answers"), ANSWERS, waits=False)


def proposals(meeting):
    text = ngettext(
        "%(n)s proposed item to decide.",
        "%(n)s proposed items to decide.",
        meeting.proposals_open,
    )
    return on_page(meeting, text % {"n": meeting.proposals_open}, _("Decide"), "meeting_proposals")


def held(meeting):
    if not meeting.agenda_items and not meeting.people_invited:
        text = _("It was held, and not run from here: nothing is left to do.")
        return on_page(meeting, text, _("Write the minutes"), "meeting_write", waits=False)
    if not meeting.people_there:
        text = _("Note who was there: nobody is marked as present.")
        return on_page(meeting, text, _("Note who was there"), "meeting_attendance")
    if meeting.items_untold:
        text = ngettext(
            "Write the minutes: %(n)s item has no text.",
            "Write the minutes: %(n)s items have no text.",
            meeting.items_untold,
        )
        text %= {"n": meeting.items_untold}
        return on_page(meeting, text, _("Write the minutes"), "meeting_write")
    text = _("The minutes are written: give them to those who took part.")
    return on_page(meeting, text, _("Circulate"), "meeting_amendments")


def circulated(meeting):
    if meeting.remarks_open:
        text = ngettext(
            "%(n)s remark on the minutes to decide.",
            "%(n)s remarks on the minutes to decide.",
            meeting.remarks_open,
        )
        text %= {"n": meeting.remarks_open}
        return on_page(meeting, text, _("Decide"), "meeting_amendments")
    minutes = getattr(meeting, "minutes", None)
    until = minutes and minutes.comments_until
    if until and until >= timezone.localdate():
        text = _("Those who took part can remark on the minutes until %(day)s.")
        text %= {"day": date_format(until, "DATE_FORMAT")}
        return on_page(meeting, text, _("See the remarks"), "meeting_amendments", waits=False)
    if minutes and minutes.approval == Approval.SILENCE and until:
        text = _("Unless somebody speaks, the minutes are approved after %(day)s.")
        day = until + timedelta(days=minutes.silence_days)
        text %= {"day": date_format(day, "DATE_FORMAT")}
        return on_page(meeting, text, _("See the remarks"), "meeting_amendments", waits=False)
    text = _("The next meeting approves the minutes: note it once it has.")
    return on_page(meeting, text, _("Approve"), "meeting_amendments")


def closed(meeting):
    text = _("The minutes are approved: nothing is left to do here.")
    return on_page(meeting, text, _("Prepare the next one"), "meeting_duplicate", waits=False)


def cancelled(meeting):
    text = _("It was called off: nothing is left to do here.")
    return on_page(meeting, text, _("Prepare another one"), "meeting_duplicate", waits=False)


def at_form(meeting, text, label, part):
    """A next thing that is done on the meeting's own form."""
    address = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    return NextThing(text, label, f"{address}#{part}")


def on_page(meeting, text, label, name, waits=True):
    """One that is done on a page of the meeting."""
    return NextThing(text, label, reverse(f"admin:{name}", args=[meeting.pk]), waits)


def verb(meeting, text, label, name):
    """One that is a verb, which its page asks about once more."""
    address = reverse("admin:meetings_meeting_verb", args=[meeting.pk, name])
    return NextThing(text, label, address)


NEXT = {
    MeetingStatus.DRAFT: in_preparation,
    MeetingStatus.POSTPONED: postponed,
    MeetingStatus.CONVENED: convened,
    MeetingStatus.HELD: held,
    MeetingStatus.CIRCULATED: circulated,
    MeetingStatus.CLOSED: closed,
    MeetingStatus.CANCELLED: cancelled,
}
