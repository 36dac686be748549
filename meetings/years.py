"""The meetings of the network in numbers, year by year: cities present, decisions, actions done."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cities.models import Designation
from cities.tables import Column, Table, as_csv, as_xlsx
from journal.public_pages import public_page
from meetings.models import Action, Decision, Invitation, Kind, Meeting
from meetings.quorum import SPEAKS_FOR_A_CITY
from meetings.states import ActionStatus

FILES = {"csv": as_csv, "xlsx": as_xlsx}


@dataclass
class Row:
    """What came of one meeting."""

    meeting: Meeting
    # The member cities that took part; None where nobody noted who was there.
    present: set | None
    members: int
    decisions: int
    actions: int
    done: int

    @property
    def is_of_all(self):
        """Whether all members were called: then it counts how many of them came."""
        return self.meeting.kind == Kind.PLENARY


@dataclass
class Year:
    """What came of the meetings of one year."""

    number: int
    rows: list = field(default_factory=list)

    @property
    def cities(self):
        """The member cities that took part in at least one meeting; None where nobody noted it."""
        noted = [row.present for row in self.rows if row.present is not None]
        return len(set().union(*noted)) if noted else None

    @property
    def decisions(self):
        return sum(row.decisions for row in self.rows)

    @property
    def actions(self):
        return sum(row.actions for row in self.rows)

    @property
    def done(self):
        return sum(row.done for row in self.rows)


@public_page()
@require_safe
def meeting_years(request):
    """Every year's meetings with what came of them, as far as the reader may see it."""
    rows = rows_for(request.user)
    years = [
        Year(number, list(group))
        for number, group in groupby(rows, key=lambda row: row.meeting.starts_on.year)
    ]
    total = Year(0, rows)
    return render(request, "meetings/meeting_years.html", {"years": years, "total": total})


@public_page()
@require_safe
def meeting_years_export(request, format):
    """The table as a file: what everybody may see, whoever takes it."""
    if format not in FILES:
        raise Http404
    page = settings.SITE_URL + reverse("meeting_years")
    table = Table("meetings", _("Meetings in numbers"), COLUMNS, page, page)
    return FILES[format](table, rows_for(AnonymousUser()), f"meetings.{format}")


COLUMNS = [
    Column("day", _("day"), [], lambda row: row.meeting.day),
    Column("title_it", _("title"), [], lambda row: row.meeting.title_it),
    Column("title_en", _("title"), [], lambda row: row.meeting.title_en),
    Column("kind", _("kind"), [], lambda row: row.meeting.kind),
    Column("host", _("host city"), [], lambda row: row.meeting.host and row.meeting.host.slug),
    Column(
        "cities_present",
        _("cities present"),
        [_("Empty where nobody noted who was there.")],
        lambda row: row.present and len(row.present),
    ),
    Column("member_cities", _("member cities on that day"), [], lambda row: row.members),
    Column("decisions", _("public decisions"), [], lambda row: row.decisions),
    Column("actions", _("public actions"), [], lambda row: row.actions),
    Column("actions_done", _("public actions done"), [], lambda row: row.done),
]


def rows_for(user):
    """The meetings that took place and this person may see, the latest first."""
    meetings = Meeting.objects.visible_to(user).took_place().for_cards()
    present = cities_by_meeting()
    decisions = dict(
        Decision.objects.visible_to(user)
        .order_by()
        .values_list("meeting")
        .annotate(decided=Count("pk"))
    )
    is_done = Q(status=ActionStatus.DONE)
    actions = {
        meeting: (asked, done)
        for meeting, asked, done in Action.objects.visible_to(user)
        .order_by()
        .values_list("meeting")
        .annotate(asked=Count("pk"), done=Count("pk", filter=is_done))
    }
    terms = list(Designation.objects.values_list("city", "designated_on", "ended_on"))
    return [
        row_of(meeting, present, members_on(meeting.starts_on, terms), decisions, actions)
        for meeting in meetings
    ]


def row_of(meeting, present, members, decisions, actions):
    asked, done = actions.get(meeting.pk, (0, 0))
    came = present.get(meeting.pk)
    return Row(
        meeting=meeting,
        present=came and came & members,
        members=len(members),
        decisions=decisions.get(meeting.pk, 0),
        actions=asked,
        done=done,
    )


def cities_by_meeting():
    """For each meeting where presence was noted, the cities whose people were there."""
    attended = Invitation.objects.standing().attended().filter(role__in=SPEAKS_FOR_A_CITY)
    cities = {}
    for meeting, city in attended.order_by().values_list("meeting", "city").distinct():
        cities.setdefault(meeting, set()).add(city)
    return cities


def members_on(day: date, terms):
    """The cities that were in UNESCO's network on a day (see `City.objects.members`)."""
    return {city for city, began, ended in terms if began <= day and (ended is None or ended > day)}
