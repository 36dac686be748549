"""Meetings on the desk: those this person is invited to, and the others."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.answer_forms import AnswerForm
from network.desk.items import Item


def called(desk, meetings):
    """What this person is invited to: with the buttons until it is answered, quietly after."""
    for meeting in meetings:
        each = meeting.call
        each.meeting, each.user = meeting, desk.user
        form = AnswerForm(invitation=each)
        waits = each.is_open and not form.standing_holds
        link = meeting.online_link if not waits and each.answer != "cannot" else ""
        yield Item(
            label=_("Invitation") if waits else _("Meeting"),
            tone="waiting" if waits else "good",
            what=meeting,
            url=f"{meeting.get_absolute_url()}#answer",
            why=asked(meeting) if waits else answered(meeting, form),
            when=meeting.starts_on,
            due=meeting.starts_on if waits else None,
            day="" if waits else meeting.day,
            form=form if waits else None,
            action=(_("Take part online"), link) if link else (),
        )


def asked(meeting):
    return _("You are invited: %(when)s.") % {
        "when": ", ".join(filter(None, [meeting.moment, meeting.place]))
    }


def answered(meeting, form):
    return " ".join(filter(None, [str(form.standing), when_and_where(meeting)]))


def when_and_where(meeting):
    hour = _("at %(hour)s") % {"hour": date_format(timezone.localtime(meeting.starts_at), "H:i")}
    return ", ".join(filter(None, [meeting.has_time and hour, meeting.place]))


def meetings(desk, things):
    """Others that concern this person; only those who run them are shown the online link."""
    for meeting in things:
        link = meeting.online_link if desk.user.is_coordinator else ""
        yield Item(
            label=_("Meeting"),
            tone="good",
            what=meeting,
            url=meeting.get_absolute_url(),
            why=when_and_where(meeting),
            when=meeting.starts_on,
            day=meeting.day,
            action=(_("Take part online"), link) if link else (),
        )
