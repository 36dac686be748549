"""The two roles that are groups. Delegates are not a role: they are rows with a city and dates."""

from django.apps import apps as installed
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

COORDINATORS = "coordinators"
OBSERVERS = "observers"
DELEGATES = "delegates"  # never a group: whoever acts for a city today
ROLE_NAMES = {COORDINATORS: _("Coordinator"), OBSERVERS: _("Observer")}

# What coordinators run in the admin. Whatever is not named here stays with superusers.
COORDINATED_ROOMS = [
    "accounts", "cities", "documents", "programme", "projects", "meetings", "news",
]  # fmt: skip
# What they may look at besides: what happened, and what became of each mail.
READABLE = {"journal": "view_event", "post_office": "view_email"}


def sync_roles(using="default", **kwargs):
    """Make the groups and give coordinators their permissions; runs after every migrate."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    for room in [*COORDINATED_ROOMS, *READABLE]:
        create_permissions(installed.get_app_config(room), verbosity=0, using=using)
    coordinators, _created = Group.objects.using(using).get_or_create(name=COORDINATORS)
    coordinators.permissions.set(
        Permission.objects.using(using).filter(
            Q(content_type__app_label__in=COORDINATED_ROOMS)
            | Q(content_type__app_label__in=READABLE, codename__in=READABLE.values())
        )
    )
    Group.objects.using(using).get_or_create(name=OBSERVERS)
