"""Questions about meetings."""

from django.db.models import (
    Case,
    Count,
    Exists,
    FilteredRelation,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from accounts.roles import DELEGATES
from cities.models import Designation
from cities.search import SearchableQuerySet
from meetings.agenda import Proposal
from meetings.invitations import Invitation
from meetings.states import (
    MINUTED,
    TO_COME,
    TOOK_PLACE,
    WRITABLE,
    InvitedAs,
    Kind,
    MeetingStatus,
    MomentPrecision,
)
from projects.rights import delegations_of


def over(now=None):
    """The condition that a meeting is over, as far as its moment is known.

    A meeting without an end lasts the day; one known to the month or year, that month or year.
    One put off is still to come, whatever day it was on.
    """
    now = timezone.localtime(now)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    floors = {
        MomentPrecision.DAY: today,
        MomentPrecision.MONTH: today.replace(day=1),
        MomentPrecision.YEAR: today.replace(day=1, month=1),
    }
    condition = (
        Q(status__in=TOOK_PLACE)
        | Q(precision=MomentPrecision.TIME, ends_at__lt=now)
        | Q(precision=MomentPrecision.TIME, ends_at=None, starts_at__lt=today)
    )
    for precision, floor in floors.items():
        condition |= Q(precision=precision, last_moment__lt=floor)
    return condition & ~Q(status=MeetingStatus.POSTPONED)


class MeetingQuerySet(SearchableQuerySet):
    def visible_to(self, user):
        """Convened public ones for all; all convened for those inside; drafts, and what was called
        off as a draft: coordinators."""
        if user.is_authenticated and user.is_coordinator:
            return self
        convened = self.exclude(status=MeetingStatus.DRAFT).filter(is_untold=False)
        if not user.is_authenticated:
            return convened.filter(is_public=True)
        if user.takes_part:
            return convened
        invited = Invitation.objects.of(user).sent().order_by()
        return convened.filter(Q(is_public=True) | Q(pk__in=invited.values("meeting")))

    def open_to_participant(self, user):
        """Those this person is invited to; all for coordinators."""
        if not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self
        invited = Invitation.objects.of(user).sent().order_by()
        return self.visible_to(user).filter(pk__in=invited.values("meeting"))

    def proposable_by(self, user):
        """Coming ones for whose agenda this person may propose items while they are taken: for a
        member city that is invited, or will be by what the meeting is."""
        mine = [each.city_id for each in delegations_of(user) if each.of_member]
        if not mine:
            return self.none()
        own_fields = Designation.objects.filter(ended_on=None, city__in=mine).values("field")
        clusters = self.model.fields.through.objects.filter(creativefield__in=own_fields)
        invited = Invitation.objects.standing().filter(city__in=mine).order_by()
        return self.filter(status__in=TO_COME, proposals_until__isnull=False).filter(
            Q(kind__in=[Kind.PLENARY, Kind.UNESCO])
            | Q(kind=Kind.CLUSTER, pk__in=clusters.values("meeting"))
            | Q(kind=Kind.WORKING_GROUP, group__in=user.working_groups.order_by().values("pk"))
            | Q(host__in=mine)
            | Q(pk__in=invited.values("meeting"))
        )

    def minuted_to(self, user):
        """Those whose minutes this person may read. Once they are circulated: delegates and those
        invited; once they are final: observers too. Coordinators read what they are writing."""
        if not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self.filter(status__in=TOOK_PLACE)
        minuted = self.filter(status__in=MINUTED).exclude(minutes=None)
        if DELEGATES in user.roles:
            return minuted
        invited = Invitation.objects.of(user).sent().order_by()
        heard = invited.exclude(role=InvitedAs.OBSERVER)
        final = Q(status=MeetingStatus.CLOSED)
        if not user.takes_part:
            final &= Q(pk__in=invited.values("meeting"))
        return minuted.filter(final | Q(pk__in=heard.values("meeting")))

    def written_by(self, user):
        """Those whose minutes this person writes: held, and not yet approved."""
        if not (user.is_authenticated and user.is_coordinator):
            return self.none()
        return self.filter(status__in=WRITABLE)

    def to_propose_to(self, user):
        """Those for which the time to propose runs, and this person's city has proposed nothing."""
        cities = [each.city_id for each in delegations_of(user)]
        proposed = Proposal.objects.filter(city__in=cities).order_by().values("meeting")
        open_now = self.filter(proposals_until__gte=timezone.localdate()).exclude(pk__in=proposed)
        return open_now.proposable_by(user)

    def with_open_proposals(self):
        """Each coming one with how many proposed items wait to be decided."""
        waiting = Proposal.objects.waiting().order_by().filter(meeting=OuterRef("pk"))
        coming = waiting.filter(meeting__status__in=TO_COME)
        number = coming.values("meeting").annotate(n=Count("pk")).values("n")
        return self.annotate(proposals_open=Coalesce(Subquery(number), 0))

    def calling(self, user):
        """Those to which this person has been called by a letter."""
        invited = Invitation.objects.of(user).sent().order_by()
        return self.filter(pk__in=invited.values("meeting"))

    def with_call_of(self, user):
        """Each with `call`, this person's invitation if any, in the same query."""
        mine = FilteredRelation("invitations", condition=Q(invitations__user=user.pk))
        return self.annotate(call=mine).select_related("call__substitute__user")

    def drafts(self):
        return self.filter(status=MeetingStatus.DRAFT)

    def run_here(self):
        """Those that people were invited to from here; not what is told of earlier years."""
        invited = Invitation.objects.standing().sent().order_by()
        return self.filter(pk__in=invited.values("meeting"))

    def convened(self):
        return self.filter(status=MeetingStatus.CONVENED)

    def took_place(self):
        return self.filter(status__in=TOOK_PLACE)

    def coming(self, now=None):
        """Not over yet, the nearest first."""
        return self._with_last_moment().exclude(over(now)).order_by("starts_at", "pk")

    def past(self, now=None):
        """Over, the latest first."""
        return self._with_last_moment().filter(over(now)).order_by("-starts_at", "-pk")

    def coming_first(self, now=None):
        """The coming ones, the nearest first; then the past ones, the latest first."""
        is_past = Case(When(over(now), then=Value(True)), default=Value(False))
        return (
            self._with_last_moment()
            .annotate(is_past=is_past)
            .order_by("is_past", Case(When(is_past=False, then="starts_at")), "-starts_at", "-pk")
        )

    def next_end(self, now):
        """The next moment, other than a midnight, at which one of these is over; None without."""
        timed = self.filter(precision=MomentPrecision.TIME, ends_at__gte=now)
        return timed.aggregate(next=Min("ends_at"))["next"]

    def _with_last_moment(self):
        return self.alias(last_moment=Coalesce("ends_at", "starts_at"))

    def before(self, meeting):
        """Those that began earlier, the nearest first."""
        earlier = Q(starts_at__lt=meeting.starts_at)
        same = Q(starts_at=meeting.starts_at, pk__lt=meeting.pk)
        return self.filter(earlier | same).order_by("-starts_at", "-pk")

    def after(self, meeting):
        """Those that begin later, the nearest first."""
        later = Q(starts_at__gt=meeting.starts_at)
        same = Q(starts_at=meeting.starts_at, pk__gt=meeting.pk)
        return self.filter(later | same).order_by("starts_at", "pk")

    def with_neighbours(self):
        """Each with what names the one `earlier` and the one `later` among these."""
        here = Q(starts_at=OuterRef("starts_at"))
        earlier = Q(starts_at__lt=OuterRef("starts_at")) | (here & Q(pk__lt=OuterRef("pk")))
        later = Q(starts_at__gt=OuterRef("starts_at")) | (here & Q(pk__gt=OuterRef("pk")))
        named = {name: name for name in ("slug", "title_it", "title_en", "is_demo")}

        def nearest(condition, *order):
            one = self.filter(condition).order_by(*order).annotate(named=JSONObject(**named))
            return Subquery(one.values("named")[:1])

        return self.annotate(
            earlier=nearest(earlier, "-starts_at", "-pk"), later=nearest(later, "starts_at", "pk")
        )

    def with_part_of(self, user):
        """Each with whether this person is `invited` (coordinators are to all), `may_propose`
        items, and `may_read` its minutes."""
        meetings = self.model.objects
        asked = {
            "invited": meetings.open_to_participant(user),
            "may_propose": meetings.proposable_by(user),
            "may_read": meetings.minuted_to(user),
        }
        return self.annotate(
            **{
                name: Exists(found.order_by().filter(pk=OuterRef("pk")))
                for name, found in asked.items()
            }
        )

    def on_days(self, *, since):
        """Those whose day is known and that were not over before a moment, in their order."""
        known = self.filter(precision__in=[MomentPrecision.TIME, MomentPrecision.DAY])
        return known._with_last_moment().filter(last_moment__gte=since).order_by("starts_at", "pk")

    def for_cards(self):
        return self.select_related("host")
