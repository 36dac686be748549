"""Quorum: how many member cities a meeting needs, how many say they come, how many are there.

Cities count, not people: each once, whoever speaks for it. Observers, guests and those who run the
meeting make no quorum.
"""

from dataclasses import dataclass

from django.utils.translation import ngettext

from cities.models import City
from meetings.states import ATTENDED, COMING, InvitedAs, Kind
from programme.models import Agreement

SPEAKS_FOR_A_CITY = [InvitedAs.POLITICAL, InvitedAs.FOCAL_POINT, InvitedAs.COLLABORATOR]


@dataclass(frozen=True)
class Quorum:
    """Of a meeting, counted in member cities (numero legale)."""

    members: int
    needed: int
    coming: int  # say that they come, in person or online
    present: int  # are there now
    attended: int  # were there at some time
    asked: bool  # whether this meeting needs one: only those to which every city is called do

    @property
    def is_promised(self):
        return self.coming >= self.needed

    @property
    def is_reached(self):
        return self.present >= self.needed

    @property
    def was_reached(self):
        return self.attended >= self.needed

    @property
    def promise(self):
        """Who says that they come, in one sentence."""
        if not self.asked:
            return ngettext(
                "%(n)s city says it comes.", "%(n)s cities say they come.", self.coming
            ) % {"n": self.coming}
        return ngettext(
            "%(n)s of %(members)s cities says it comes; %(needed)s are needed.",
            "%(n)s of %(members)s cities say they come; %(needed)s are needed.",
            self.coming,
        ) % {"n": self.coming, "members": self.members, "needed": self.needed}

    @property
    def presence(self):
        """Who is there, in one sentence."""
        if not self.asked:
            return ngettext("%(n)s city is here.", "%(n)s cities are here.", self.present) % {
                "n": self.present
            }
        return ngettext(
            "%(n)s of %(members)s cities is here; %(needed)s are needed.",
            "%(n)s of %(members)s cities are here; %(needed)s are needed.",
            self.present,
        ) % {"n": self.present, "members": self.members, "needed": self.needed}


def needed_of(members, percent=None):
    """How many of so many cities are needed: a share, rounded up; else half of them, plus one."""
    return members // 2 + 1 if percent is None else -(-members * percent // 100)


def quorum_of(meeting, invitations=None):
    """The quorum of a meeting, by the member cities and the agreement of its day.

    `invitations`: those that stand, where they are at hand already.
    """
    day = meeting.starts_on
    members = set(City.objects.members(on=day).order_by().values_list("pk", flat=True))
    agreement = Agreement.objects.in_force(day)
    if invitations is None:
        invitations = meeting.invitations.standing()
    speakers = [
        each for each in invitations if each.role in SPEAKS_FOR_A_CITY and each.city_id in members
    ]
    there = [each for each in speakers if each.attendance in ATTENDED]
    return Quorum(
        members=len(members),
        needed=needed_of(len(members), agreement and agreement.quorum_percent),
        coming=cities_of(each for each in speakers if each.answer in COMING),
        present=cities_of(each for each in there if each.left_at is None),
        attended=cities_of(there),
        asked=meeting.kind == Kind.PLENARY,
    )


def cities_of(invitations):
    return len({each.city_id for each in invitations})
