"""The record: all that minutes say, as plain data in the active language.

The page and the paper are both made from it. At approval it is kept for each language in
`Minutes.record`, and from then on it is read from there: whatever changes later, the name of a
city or a person's account, changes nothing in it.
"""

import base64
from typing import NamedTuple

from django.conf import settings
from django.db.models import F, Prefetch
from django.utils import timezone, translation
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from cities.letterhead import letterhead
from documents.blocks import blocks, join_html
from meetings.agenda import put_in_order
from meetings.models import Minutes, Vote
from meetings.quorum import quorum_of
from meetings.states import Approval, MeetingStatus


def told(meeting):
    """The record of a meeting: as it was approved, or else as it stands now."""
    return meeting.minutes.record.get(get_language()) or record_of(meeting)


def frozen(meeting):
    """The record in each language, to be kept for good."""
    records = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            records[language] = record_of(meeting)
    return records


def record_of(meeting):
    """All that the minutes of a meeting say as it stands now."""
    minutes = getattr(meeting, "minutes", None) or Minutes(meeting=meeting)
    invitations = list(
        meeting.invitations.standing().for_lists().select_related("stands_for__user")
    )
    decisions = [decision_told(each) for each in decisions_of(meeting)]
    actions = [action_told(each) for each in actions_of(meeting)]
    items = [
        item_told(item, decisions, actions)
        for item in put_in_order(meeting, meeting.agenda.for_agenda().select_related("section"))
    ]
    known = {item["pk"] for item in items}
    return {
        "title": words(meeting, "title"),
        "kind": capfirst(meeting.get_kind_display()),
        "date": meeting.starts_on.isoformat(),
        "day": capfirst(meeting.day),
        "hours": hours(meeting),
        "place": meeting.place,
        "mode": capfirst(meeting.get_mode_display()),
        "chair": minutes.chair,
        "secretary": minutes.secretary,
        "letterhead": head(meeting),
        "quorum": quorum_told(quorum_of(meeting, invitations)),
        "attendance": [person_told(each) for each in invitations if each.attendance],
        "items": items,
        # What was entered under no item, or under one that is gone.
        "decisions": [each for each in decisions if each["item"] not in known],
        "actions": [each for each in actions if each["item"] not in known],
    }


def words(thing, name):
    """A text with the language it is in: Italian where the other is missing."""
    here = get_language()
    own = getattr(thing, build_localized_fieldname(name, here), "")
    return {"text": getattr(thing, name) or "", "lang": here if own else settings.LANGUAGE_CODE}


def rich(thing, name):
    text = words(thing, name)
    return {"blocks": blocks(text["text"]), "lang": text["lang"]}


def hours(meeting):
    """From when to when, in Italy."""
    if not meeting.has_time:
        return ""
    start, end = meeting.starts_at, meeting.ends_at
    times = [time_format(timezone.localtime(each), "H:i") for each in (start, end) if each]
    return " – ".join(times) if meeting.starts_on == meeting.ends_on else times[0]


def head(meeting):
    """The letterhead of that day; its logo as text, so that it can be kept."""
    of = letterhead(meeting.starts_on)
    return {**of, "logo": base64.b64encode(of["logo"]).decode() if of["logo"] else ""}


def quorum_told(quorum):
    return {
        "asked": quorum.asked,
        "members": quorum.members,
        "needed": quorum.needed,
        "present": quorum.attended,
        "reached": quorum.was_reached,
        "text": quorum_sentence(quorum) if quorum.asked else "",
    }


def quorum_sentence(quorum):
    numbers = {"n": quorum.attended, "members": quorum.members, "needed": quorum.needed}
    if quorum.was_reached:
        return _("%(n)s of %(members)s member cities took part: valid, %(needed)s are needed.") % (
            numbers
        )
    return _("%(n)s of %(members)s member cities took part: %(needed)s are needed.") % numbers


def person_told(invitation):
    """One line of the list of presence."""
    left_at = time_format(invitation.left_at, "H:i") if invitation.left_at else ""
    other = invitation.stands_for.person if invitation.stands_for else ""
    return {
        "city": str(invitation.city or ""),
        "name": invitation.person,
        "role": capfirst(invitation.get_role_display()),
        "how": capfirst(invitation.get_attendance_display()),
        "left_at": _("until %(time)s") % {"time": left_at} if left_at else "",
        "instead_of": _("instead of %(name)s") % {"name": other} if other else "",
    }


def item_told(item, decisions, actions):
    section = getattr(item, "section", None)
    return {
        "pk": item.pk,
        "section": section.pk if section else None,
        "number": item.place.number,
        "is_sub": "." in item.place.number,
        "title": words(item, "title"),
        "kind": capfirst(item.get_kind_display()),
        "presenter": ", ".join(filter(None, [item.presenter, str(item.city or "")])),
        "text": rich(section, "text") if section else {"blocks": [], "lang": get_language()},
        "decisions": [each for each in decisions if each["item"] == item.pk],
        "actions": [each for each in actions if each["item"] == item.pk],
    }


def decisions_of(meeting):
    votes = Prefetch("votes", Vote.objects.select_related("city"))
    decisions = meeting.decisions.select_related("line").prefetch_related(votes, "projects")
    return decisions.order_by(F("number").asc(nulls_last=True), "pk")


def decision_told(decision):
    votes = {}
    for vote in decision.votes.all():
        votes.setdefault(capfirst(vote.get_choice_display()), []).append(str(vote.city))
    return {
        "pk": decision.pk,
        "item": decision.item_id,
        "reference": decision.reference,
        "text": words(decision, "text"),
        "how": capfirst(decision.get_how_display()),
        "votes": [{"choice": choice, "cities": sorted(cities)} for choice, cities in votes.items()],
        "line": str(decision.line or ""),
        "projects": [str(project) for project in decision.projects.all()],
    }


def actions_of(meeting):
    actions = meeting.actions.select_related("line", "project").prefetch_related("cities")
    return actions.order_by("due_on", "pk")


def action_told(action):
    return {
        "pk": action.pk,
        "item": action.item_id,
        "text": words(action, "title"),
        "cities": [str(city) for city in action.cities.all()],
        "due_on": date_format(action.due_on, "DATE_FORMAT"),
        "line": str(action.line or ""),
        "project": str(action.project or ""),
    }


class Standing(NamedTuple):
    """How far the minutes are, in one sentence."""

    key: str
    text: str


def standing(meeting):
    minutes = meeting.minutes
    if meeting.status == MeetingStatus.CLOSED:
        day = date_format(minutes.approved_on) if minutes.approved_on else ""
        if minutes.approval == Approval.SILENCE:
            return Standing("final", _("Approved by silence on %(day)s.") % {"day": day})
        return Standing("final", _("Approved on %(day)s.") % {"day": day})
    if meeting.status == MeetingStatus.CIRCULATED:
        if minutes.comments_until is None:
            return Standing("circulated", _("Circulated, not approved yet."))
        day = date_format(minutes.comments_until)
        return Standing("circulated", _("Not approved yet: remarks until %(day)s.") % {"day": day})
    return Standing("preview", _("A preview: these minutes have not been circulated yet."))


def annexes_told(meeting):
    """The dated corrections that came after the approval; they stand apart from the record."""
    annexes = []
    if meeting.status != MeetingStatus.CLOSED:
        return annexes
    for each in meeting.minutes.annexes.all():
        text = rich(each, "text")
        day = date_format(timezone.localtime(each.added_at))
        annexes.append({"day": day, "text": text, "html": join_html(text["blocks"], 4)})
    return annexes
