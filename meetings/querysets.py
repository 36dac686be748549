"""Questions about meetings."""

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from cities.search import SearchableQuerySet
from meetings.invitations import Invitation
from meetings.states import TOOK_PLACE, MeetingStatus, MomentPrecision


def over(now=None):
    """The condition that a meeting is over, as far as its moment is known.

    A meeting without an end lasts the day; one known to the month or year, that month or year.
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
    return condition


class MeetingQuerySet(SearchableQuerySet):
    def visible_to(self, user):
        """Convened public ones for all; all convened for those inside; drafts: coordinators."""
        if user.is_authenticated and user.is_coordinator:
            return self
        convened = self.exclude(status=MeetingStatus.DRAFT)
        if user.is_authenticated and user.takes_part:
            return convened
        return convened.filter(is_public=True)

    def open_to_participant(self, user):
        """Those this person is invited to; all for coordinators."""
        if not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self
        invited = Invitation.objects.of(user).sent().order_by()
        return self.visible_to(user).filter(pk__in=invited.values("meeting"))

    def drafts(self):
        return self.filter(status=MeetingStatus.DRAFT)

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

    def for_cards(self):
        return self.select_related("host")
