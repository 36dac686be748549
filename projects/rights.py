"""Who may do what to a project or a partnership; the verbs ask these."""

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cities.models import Delegate, Designation
from projects.states import EDITABLE, ProjectStatus


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


def reviewers_of(project):
    """The coordinators named as responsible for a field of the project; else all of them."""
    coordinators = get_user_model().objects.coordinators()
    responsible = coordinators.filter(reviewed_fields__in=project.fields.all()).distinct()
    return responsible if responsible.exists() else coordinators


def keeps_card(project, user):
    """Whether this person acts for the lead city, or for a partner city that may edit."""
    if acts_for(user, project.lead_id):
        return True
    cities = [each.city_id for each in delegations_of(user)]
    return (
        bool(cities)
        and project.partnerships.accepted().filter(may_edit=True, city__in=cities).exists()
    )


def knows_all(project, user, partnerships):
    """Whether this person reads what is not public in it: its keepers and coordinators do.

    `partnerships` are those of the project, so that nothing is asked again.
    """
    if not user.is_authenticated:
        return False
    keeps = (each.city_id for each in partnerships if each.may_edit and each.status == "accepted")
    return user.is_coordinator or any(acts_for(user, pk) for pk in [project.lead_id, *keeps])


def may_edit(project, user):
    return project.status in EDITABLE and keeps_card(project, user)


def may_submit(project, user):
    return acts_for(user, project.lead_id)


def may_review(project, user):
    return user.is_coordinator


def may_withdraw(project, user):
    return user.is_coordinator or acts_for(user, project.lead_id)


def may_answer(partnership, user):
    """The city that is asked answers for itself."""
    return acts_for(user, partnership.city_id)


def may_ask(partnership, user):
    """A member city asks for itself; a candidate cannot yet."""
    return any(
        each.city_id == partnership.city_id and each.of_member for each in delegations_of(user)
    )


def may_lead(partnership, user):
    """The lead city decides who joins, and who edits."""
    return acts_for(user, partnership.project.lead_id)


def may_invite(partnership, user):
    """The lead city invites; coordinators may do it for one that cannot."""
    return user.is_coordinator or may_lead(partnership, user)


def may_tell(project, user):
    """Whether this person may write updates of it: for the lead city or any partner city."""
    if project.status != ProjectStatus.PUBLISHED:
        return False
    cities = [each.city_id for each in delegations_of(user)]
    return project.lead_id in cities or (
        bool(cities) and project.partnerships.accepted().filter(city__in=cities).exists()
    )
