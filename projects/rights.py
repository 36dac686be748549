"""Who may do what to a project or a partnership; the verbs ask these."""

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cities.models import Delegate, Designation
from projects.states import ProjectStatus


def delegates_of(cities):
    """The people who act for these cities today."""
    return get_user_model().objects.filter(
        is_active=True,
        pk__in=Delegate.objects.current().filter(city__in=cities).order_by().values("user"),
    )


def delegations_of(user):
    """For which cities this person acts today, and as what; asked once a day."""
    today = timezone.localdate()
    day, delegations = getattr(user, "delegations_of_the_day", (None, []))
    if day != today:
        delegations = user.is_authenticated and list(
            Delegate.objects.current(today)
            .filter(user=user)
            .select_related("city")
            .annotate(
                of_member=Exists(Designation.objects.filter(city=OuterRef("city"), ended_on=None))
            )
        )
        user.delegations_of_the_day = today, delegations or []
    return delegations or []


def acts_for(user, city_id):
    """Whether this person acts for the city today."""
    return any(each.city_id == city_id for each in delegations_of(user))


def may_edit(project, user):
    return project.status == ProjectStatus.DRAFT and acts_for(user, project.lead_id)


def may_review(project, user):
    return user.is_coordinator


def may_withdraw(project, user):
    return user.is_coordinator or acts_for(user, project.lead_id)


def may_answer(partnership, user):
    return acts_for(user, partnership.city_id)
