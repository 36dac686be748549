"""What belongs to meetings besides: photographs, and each person's own calendar."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.pictures import Illustrated


class MeetingPhoto(Illustrated):
    """A photograph of a meeting, with its words and its licence (fotografia)."""

    meeting = models.ForeignKey(
        "meetings.Meeting", models.CASCADE, related_name="photos", verbose_name=_("meeting")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("photograph")
        verbose_name_plural = _("photographs")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.picture_alt or str(self.meeting)


def new_key():
    return secrets.token_urlsafe(32)


class CalendarKey(models.Model):
    """The secret in the address of a person's own calendar; it can be renewed (chiave)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_key"
    )
    key = models.CharField(max_length=60, unique=True, default=new_key)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")

    def __str__(self):
        return str(self.user)
