"""The two roles that are groups. Delegates are not a role: they are rows with a city and dates."""

from django.apps import apps as installed
from django.utils.translation import gettext_lazy as _

COORDINATORS = "coordinators"
OBSERVERS = "observers"
ROLE_NAMES = {COORDINATORS: _("Coordinator"), OBSERVERS: _("Observer")}

# What coordinators run in the admin. Whatever is not named here stays with superusers.
COORDINATED_ROOMS = [
    "accounts", "cities", "documents", "programme", "projects", "meetings", "news",
]  # fmt: skip
READ_ONLY_FOR_COORDINATORS = {"journal", "post_office"}


def sync_roles(using="default", **kwargs):
    """Make the groups and give coordinators their permissions; runs after every migrate."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    rooms = [*COORDINATED_ROOMS, *READ_ONLY_FOR_COORDINATORS]
    for room in rooms:
        if installed.is_installed(room):
            create_permissions(installed.get_app_config(room), verbosity=0, using=using)
    every = Permission.objects.using(using).filter(content_type__app_label__in=rooms)
    allowed = [
        permission
        for permission in every.select_related("content_type")
        if permission.content_type.app_label in COORDINATED_ROOMS
        or permission.codename.startswith("view_")
    ]
    coordinators, _created = Group.objects.using(using).get_or_create(name=COORDINATORS)
    coordinators.permissions.set(allowed)
    Group.objects.using(using).get_or_create(name=OBSERVERS)
