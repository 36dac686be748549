"""What a desk offers beside what waits: partners wanted, latest projects, and first steps."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import City
from journal.models import Event
from network.desk.waiting import Kind
from projects.models import Project

SUGGESTED = 4
NEW = timedelta(days=60)  # so long somebody is shown the first steps


def projects_that_fit(desk):
    """Projects that look for partners in a field of this person's cities."""
    seeking = Project.objects.joinable_by(desk.user)
    fit = Project.fields.through.objects.filter(creativefield__in=desk.own_fields())
    return seeking.filter(pk__in=fit.values("project")).recent()[:SUGGESTED]


def as_they_are(desk, things):
    return things


def newest_first(desk, projects):
    return sorted(projects, key=lambda project: (project.published_at, project.pk), reverse=True)


def for_newcomers(desk):
    """Whether this person acts for a member city, and has come in not long ago."""
    return desk.is_delegate and desk.user.date_joined > timezone.now() - NEW


def first_steps(desk, found):
    """What a person who has just come in does first: (what, why, where, whether it is done)."""
    if not for_newcomers(desk):
        return []
    city = desk.cities[0]
    steps = [
        (
            _("Set up a passkey"),
            _("you come in faster, and nobody else does."),
            reverse("mfa_index"),
            bool(found["has_key"]),
        ),
        (
            _("Look at the page of %(city)s") % {"city": city},
            _("is everything right? If not, change it."),
            city.get_absolute_url(),
            bool(found["has_kept_city"]),
        ),
        (
            _("Begin a project"),
            _("a title is enough for a draft."),
            reverse("project_create"),
            bool(found["has_begun"]),
        ),
    ]
    return [] if all(done for *_step, done in steps) else steps


SUGGESTIONS = [
    Kind("suggested", lambda desk: desk.is_delegate, projects_that_fit, newest_first),
    Kind(
        "latest",
        lambda desk: desk.user.is_observer and not desk.own,
        lambda desk: Project.objects.published().recent()[:5],
        newest_first,
    ),
    Kind(
        "has_key",
        for_newcomers,
        lambda desk: Authenticator.objects.filter(user=desk.user)[:1],
        as_they_are,
    ),
    Kind(
        "has_kept_city",
        for_newcomers,
        lambda desk: Event.objects.filter(
            content_type=ContentType.objects.get_for_model(City), actor=desk.user
        )[:1],
        as_they_are,
    ),
    Kind(
        "has_begun",
        for_newcomers,
        lambda desk: Project.objects.filter(created_by=desk.user)[:1],
        as_they_are,
    ),
]
