"""What a desk offers beside what waits: partners wanted, latest projects, and first steps."""

from allauth.mfa.models import Authenticator
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.models import City
from journal.models import Event
from network.desk.waiting import Kind
from projects.models import Project
from projects.partnerships import Partnership

SUGGESTED = 4


def projects_that_fit(desk):
    """Projects that look for partners in a field of this person's cities."""
    seeking = Project.objects.joinable_by(desk.user)
    fit = Project.fields.through.objects.filter(creativefield__in=desk.own_fields())
    return seeking.filter(pk__in=fit.values("project")).recent()[:SUGGESTED]


def doings(desk, model):
    """Something this person has done to things of a kind."""
    kind = ContentType.objects.get_for_model(model)
    return Event.objects.filter(content_type=kind, actor=desk.user)[:1]


def as_they_are(desk, things):
    return things


def newest_first(desk, projects):
    return sorted(projects, key=lambda project: (project.published_at, project.pk), reverse=True)


def for_newcomers(desk):
    """Whether this person acts for a member city, and has come in not long ago."""
    return desk.is_delegate and desk.user.is_new


def first_steps(desk, found):
    """What a person who has just come in does first: (what, why, where, whether it is done)."""
    if not for_newcomers(desk):
        return []
    city = desk.cities[0]
    asked = bool(found["invitations"])
    steps = [
        (
            _("Complete your profile"),
            _("your language, how much mail you want, a passkey to come in without password."),
            reverse("profile"),
            bool(found["has_key"]),
        ),
        (
            _("Check the page of %(city)s") % {"city": city},
            _("is everything right? You can change it yourself."),
            reverse("city_edit", args=[city.slug]),
            bool(found["has_kept_city"]),
        ),
        (
            _("Answer an invitation") if asked else _("Begin a project"),
            _("another city waits for you, see below.")
            if asked
            else _("a title is enough for a draft."),
            "#waiting" if asked else reverse("project_create"),
            bool(found["has_begun"] or found["has_answered"]),
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
        lambda desk: doings(desk, City),
        as_they_are,
    ),
    Kind(
        "has_answered",
        for_newcomers,
        lambda desk: doings(desk, Partnership),
        as_they_are,
    ),
    Kind(
        "has_begun",
        for_newcomers,
        lambda desk: Project.objects.filter(created_by=desk.user)[:1],
        as_they_are,
    ),
]
