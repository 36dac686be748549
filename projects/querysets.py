"""What is asked of projects, in words that chain as a sentence."""

from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.lookups import IsNull
from django.utils import timezone

from cities.models import City, Delegate
from cities.search import SearchableQuerySet
from journal.models import Event
from projects.partnerships import Partnership
from projects.states import EDITABLE, HIDDEN, PUBLIC, Phase, ProjectStatus

ON_CARDS = [
    "slug", "title", "summary", "picture", "picture_width", "picture_height", "picture_alt",
    "picture_focus", "starts_on", "ends_on", "precision", "phase", "status", "published_at",
    "looking_for_partners", "partners_until", "is_demo", "lead", "lead__slug", "lead__name",
]  # fmt: skip


def some(rows):
    """Whether there are such rows, asked of each project in turn until enough are found. Asked by
    Exists, PostgreSQL gathers them of all projects at once."""
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))


class ProjectQuerySet(SearchableQuerySet):
    def published(self):
        """Those that the public reads. Asked by what they are not: asked by what they are, SQLite
        would gather all of them by status and sort them, instead of reading the first in order."""
        return self.exclude(status__in=HIDDEN)

    def submitted(self):
        return self.filter(status=ProjectStatus.SUBMITTED)

    def drafts(self):
        return self.filter(status=ProjectStatus.DRAFT)

    def visible_to(self, user):
        """Published ones for all; delegates also see, in any status, those of their cities, and
        those that their cities have joined or are asked to join."""
        if not user.is_authenticated:
            return self.published()
        own = City.objects.served_by(user)
        concerned = Q(lead__in=own) | Q(
            pk__in=Partnership.objects.standing().filter(city__in=own).values("project")
        )
        if user.is_coordinator:
            return self.filter(concerned | ~Q(status=ProjectStatus.DRAFT) | Q(created_by=user))
        return self.filter(concerned | Q(status__in=PUBLIC))

    def known_by(self, user):
        """Those whose private figures this person may read: who keeps the card, and coordinators
        of all."""
        return self if user.is_authenticated and user.is_coordinator else self.worked_on_by(user)

    def led_by(self, user):
        """Those whose lead city this person acts for, in any status."""
        return self.filter(lead__in=City.objects.served_by(user))

    def worked_on_by(self, user):
        """Those whose card this person keeps, in any status: for the lead city, or for a partner
        city that the lead lets edit."""
        own = City.objects.served_by(user)
        editing = Partnership.objects.accepted().filter(may_edit=True, city__in=own)
        return self.filter(Q(lead__in=own) | Q(pk__in=editing.values("project")))

    def editable_by(self, user):
        """Drafts and published projects whose card this person keeps."""
        return self.filter(status__in=EDITABLE).worked_on_by(user)

    def told_by(self, user):
        """Those this person may write updates of: for the lead city or for any partner city."""
        own = City.objects.served_by(user)
        joined = Partnership.objects.accepted().filter(city__in=own)
        return self.filter(status=ProjectStatus.PUBLISHED).filter(
            Q(lead__in=own) | Q(pk__in=joined.values("project"))
        )

    def inviting_by(self, user):
        """Those into which this person may invite cities: of their own city, or of all."""
        return self.overseen_by(user) | self.led_by(user)

    def joinable_by(self, user):
        """Public ones that look for partners, for whoever acts for a member city not yet in it."""
        taken = Partnership.objects.settled().filter(
            city=OuterRef("pk"), project=OuterRef(OuterRef("pk"))
        )
        free = (
            City.objects.members()
            .served_by(user)
            .exclude(pk=OuterRef("lead"))
            .exclude(Exists(taken))
            .order_by()
        )
        return self.filter(status=ProjectStatus.PUBLISHED).seeking().filter(Exists(free))

    def seeking(self, on=None):
        """Those that look for partners, and not only until a day that has passed."""
        on = on or timezone.localdate()
        return self.filter(looking_for_partners=True).filter(
            Q(partners_until=None) | Q(partners_until__gte=on)
        )

    def over(self, on=None):
        """Those whose end has passed."""
        return self.filter(ends_on__lt=on or timezone.localdate())

    def asked_for_results(self):
        """Public ones that are over and tell no result."""
        return self.filter(status=ProjectStatus.PUBLISHED).over().filter(results=None)

    def without_editor(self):
        """Published ones whose card nobody keeps today: no active person of the lead city or of a
        partner city that may edit."""
        people = Delegate.objects.current().filter(user__is_active=True).order_by()
        editing = Partnership.objects.accepted().filter(may_edit=True)
        return (
            self.filter(status=ProjectStatus.PUBLISHED)
            .exclude(lead__in=people.values("city"))
            .exclude(pk__in=editing.filter(city__in=people.values("city")).values("project"))
        )

    def overseen_by(self, user):
        """All, in any status, for those who coordinate."""
        return self if user.is_authenticated and user.is_coordinator else self.none()

    def reviewable_by(self, user):
        return self.submitted().overseen_by(user)

    def for_reviewer(self, user):
        """What waits for this coordinator: of their own fields first, the longest waiting first."""
        theirs = self.model.fields.through.objects.filter(
            project=OuterRef("pk"), creativefield__in=user.reviewed_fields.order_by().values("pk")
        )
        return (
            self.reviewable_by(user)
            .annotate(is_theirs=Exists(theirs))
            .order_by("-is_theirs", "updated_at", "pk")
        )

    def traced_by(self, user):
        """Those whose history this person may read: they keep the card, or coordinate (but of
        drafts, which are their cities' alone, only what they began)."""
        begun = Q(created_by=user.pk) | ~Q(status=ProjectStatus.DRAFT)
        return self.overseen_by(user).filter(begun) | self.worked_on_by(user)

    def restorable_by(self, user):
        """Those of which this person may take back a change."""
        return self.overseen_by(user).exclude(status=ProjectStatus.DRAFT) | self.editable_by(user)

    def withdrawable_by(self, user):
        """Those that this person may take from the public, or bring back as a draft."""
        return self.overseen_by(user) | self.led_by(user)

    def gone(self):
        """Those that the public once could read."""
        return self.filter(status=ProjectStatus.WITHDRAWN).exclude(published_at=None)

    def of_city(self, city):
        """Projects a city leads or has joined."""
        led = self.model.objects.filter(lead=city).order_by().values("pk")
        joined = Partnership.objects.accepted().filter(city=city).order_by().values("project")
        return self.filter(pk__in=led.union(joined, all=True))  # few keys, each by an index

    def belonging_to(self, name, **which):
        """Those that name this one among their fields, lines, goals or areas."""
        relation = self.model._meta.get_field(name)
        those = relation.related_model.objects.order_by().filter(**which).values("pk")[:1]
        theirs = relation.remote_field.through.objects.filter(
            **{
                relation.m2m_field_name(): OuterRef("pk"),
                relation.m2m_reverse_field_name(): Subquery(those),
            }
        )
        return self.filter(Exists(theirs))

    def joint(self):
        """Projects of more than one city."""
        return self.filter(pk__in=Partnership.objects.accepted().values("project"))

    def running_in(self, year):
        """At work in this year; without an end: until they are closed."""
        starts = Q(starts_on__lte=date(year, 12, 31)) | Q(starts_on=None, ends_on__year=year)
        lasts = Q(ends_on__gte=date(year, 1, 1)) | Q(ends_on=None) & (
            ~Q(phase=Phase.CLOSED) | Q(starts_on__year=year)
        )
        return self.filter(starts & lasts)

    def akin_to(self, project, lead):
        """Others that share a creative field, a strategic line or a city with this one and its
        lead city, both named by their keys."""
        this = OuterRef("pk")  # asked of each in turn: the first few of so many are soon found
        fields, lines = self.model.fields.through.objects, self.model.lines.through.objects
        in_fields = fields.filter(
            project=this, creativefield__in=fields.filter(project=project).values("creativefield")
        )
        on_lines = lines.filter(
            project=this, strategicline__in=lines.filter(project=project).values("strategicline")
        )
        accepted = Partnership.objects.accepted().order_by()
        cities = City.objects.filter(
            Q(pk=lead) | Q(pk__in=accepted.filter(project=project).values("city"))
        )
        joined = accepted.filter(project=this, city__in=cities)
        return self.exclude(pk=project).filter(
            some(in_fields) | some(on_lines) | some(joined) | Q(lead__in=cities)
        )

    def with_last_word(self):
        """With the last decision on each (`last_verb`), its comment (`last_comment`), and what
        was said when it was last sent back (`last_details`)."""
        decided = Event.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            object_id=OuterRef("pk"),
            verb__in=["submit", "approve", "send_back", "withdraw", "reopen"],
        ).order_by("-at", "-pk")
        return self.annotate(
            last_verb=Subquery(decided.values("verb")[:1]),
            last_comment=Subquery(decided.values("comment")[:1]),
            last_details=Subquery(decided.filter(verb="send_back").values("details")[:1]),
        )

    def recent(self):
        return self.order_by("-published_at", "-pk")

    def for_cards(self):
        """With what a card shows, in a fixed number of queries. The lead city has one of its own:
        joined, it lets SQLite walk from city to city and sort all projects for the first few."""
        return self.prefetch_related("lead", "fields")

    def on_cards(self):
        """The columns that a card shows, of the lead city too, for questions asked at once."""
        return self.select_related("lead").only(*ON_CARDS)

    def with_cities(self):
        """As cards, each with the partnerships in which cities take part (`joined`)."""
        accepted = Partnership.objects.accepted().select_related("city").order_by("pk")
        return self.for_cards().prefetch_related(Prefetch("partnerships", accepted, "joined"))
