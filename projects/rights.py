"""Who may do what to a project or a partnership; the verbs ask these."""

from django.contrib.auth import get_user_model
from django.utils import timezone

from cities.models import City, Delegate
from projects.states import ProjectStatus


def delegates_of(cities):
    """The people who act for these cities today."""
    return get_user_model().objects.filter(
        is_active=True,
        pk__in=Delegate.objects.current().filter(city__in=cities).order_by().values("user"),
    )


def acts_for(user, city_id):
    """Whether this person acts for the city today; the person is asked once a day."""
    today = timezone.localdate()
    day, cities = getattr(user, "cities_of_the_day", (None, None))
    if day != today:
        cities = set(City.objects.served_by(user).order_by().values_list("pk", flat=True))
        user.cities_of_the_day = today, cities
    return city_id in cities


def may_edit(project, user):
    return project.status == ProjectStatus.DRAFT and acts_for(user, project.lead_id)


def may_review(project, user):
    return user.is_coordinator


def may_withdraw(project, user):
    return user.is_coordinator or acts_for(user, project.lead_id)


def may_answer(partnership, user):
    return acts_for(user, partnership.city_id)
