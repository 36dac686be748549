"""The end of an account: who the person was is erased, what they did stays under what they were."""

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import Language, MailChoice, User
from accounts.traces import erase_traces


class LastInCharge(Exception):
    """Without this person nobody would run the network."""


def close_account(user, *, by):
    """Close the account of a person: by themselves, by a coordinator, or (None) by the portal.

    Raises LastInCharge where nobody else coordinates. Coordinators are told.
    """
    with transaction.atomic():
        list(User.objects.in_charge().select_for_update())  # of the last two only one can leave
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.closed_at:
            return
        if user.is_last_in_charge:
            raise LastInCharge
        verb = {user: "leave", None: "expire"}.get(by, "close")
        names = in_each_language(user)
        erase_traces(user)
        forget(user, names)
        for delegate in user.delegates.standing():
            delegate.end(by=by)
        user.happenings.record(user, verb, by=by, tell=User.objects.coordinators())


def forget(user, names):
    """Leave nothing on the row, nor in the log of the admin, that says who it was."""
    user.first_name = user.last_name = ""
    user.email = f"closed-{user.pk}@closed.invalid"
    user.language, user.mail_choice = Language.ITALIAN, MailChoice.NONE
    user.is_active = user.is_superuser = False
    user.last_login = user.invited_at = user.warned_at = user.privacy_accepted_at = None
    user.closed_at, user.closed_as = timezone.now(), names
    user.set_unusable_password()
    user.save()
    for rows in (User.objects.filter(pk=user.pk), user.delegates.all()):
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(rows.model),
            object_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)],
        ).update(object_repr=names[settings.LANGUAGE_CODE])


def in_each_language(user):
    """What the person is called from now on: {"it": "Ex …", "en": "Former …"}."""
    names = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names[language] = former(user)
    return names


def former(user):
    cities = sorted({str(each.city) for each in user.delegates.select_related("city")})
    if cities:
        return _("Former delegate of %(cities)s") % {"cities": get_text_list(cities, _("and"))}
    if user.is_coordinator:
        return _("Former coordinator")
    return _("Former observer") if user.is_observer else _("Former person of the network")
