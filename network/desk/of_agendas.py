"""What waits about agendas: to propose an item, to decide on those that cities proposed."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.desk.items import Item, after


def to_propose(desk, meetings):
    for meeting in meetings:
        yield Item(
            label=_("Agenda"),
            tone="quiet",
            what=meeting,
            url=reverse("meeting_propose", args=[meeting.slug]),
            why=_("%(day)s: your city can propose an item until %(until)s.")
            % {
                "day": meeting.day,
                "until": date_format(meeting.proposals_until, "DATE_FORMAT"),
            },
            when=meeting.proposals_until,
            due=meeting.proposals_until,
            action=(_("Propose an item"), reverse("meeting_propose", args=[meeting.slug])),
        )


def proposals(desk, meetings):
    for meeting in meetings:
        address = reverse("admin:meeting_proposals", args=[meeting.pk])
        yield Item(
            label=_("Agenda"),
            what=meeting,
            url=address,
            why=ngettext(
                "%(n)s proposed item to decide.",
                "%(n)s proposed items to decide.",
                meeting.proposals_open,
            )
            % {"n": meeting.proposals_open},
            when=meeting.proposals_until or after(desk.today, 3),
            action=(_("Decide"), address),
        )
