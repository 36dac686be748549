"""The widths of a picture are made when its row is saved; what fails then, or is cut off, is noted
in the same transaction and made later."""

import logging
from datetime import timedelta
from functools import partial

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pictures.tasks import _process_picture as make_and_throw_away
from PIL import Image

logger = logging.getLogger(__name__)
AT_WORK = timedelta(minutes=5)  # so long somebody else may be making them
GIVEN_UP = timedelta(days=7)


class UnmadeWidths(models.Model):
    """A picture whose widths are still to be made (larghezze da fare)."""

    name = models.CharField(_("file"), max_length=255)
    field = models.CharField(max_length=200)  # app.model.field
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("picture without its widths")
        verbose_name_plural = _("pictures without their widths")

    def __str__(self):
        return self.name

    def make(self):
        """Make them all; answers whether there was something to make them from."""
        app, model, name = self.field.split(".")
        field = apps.get_model(app, model)._meta.get_field(name)
        try:
            with field.storage.open(self.name) as file, Image.open(file) as image:
                width, height = image.size
        except FileNotFoundError:  # the picture has gone meanwhile, or its row was never saved
            return False
        found = field.attr_class.get_picture_files(
            file_name=self.name, img_width=width, img_height=height,
            storage=field.storage, field=field,
        )  # fmt: skip
        make_and_throw_away(
            storage=field.storage.deconstruct(),
            file_name=self.name,
            sender=None,
            new=[
                each.deconstruct()
                for kinds in found.values()
                for widths in kinds.values()
                for each in widths.values()
            ],
        )
        return True


def process(*, storage, file_name, sender, new=(), old=()):
    """What django-pictures calls (PICTURES["PROCESSOR"]) when a picture comes, changes or goes."""
    row = new and UnmadeWidths.objects.create(name=file_name, field=".".join(sender))
    task = {"storage": storage, "file_name": file_name, "sender": sender, "new": new, "old": old}
    transaction.on_commit(partial(finish, row, task))


def finish(row, task):
    """Once the picture is saved: a failure now is no reason to frighten whoever brought it."""
    try:
        make_and_throw_away(**task)
    except Exception:
        logger.exception("The widths of %s are made later", task["file_name"])
        return
    if row:
        row.delete()


def make_widths():
    """Make what was cut off or did not work; returns how many pictures are whole again."""
    now, many = timezone.now(), 0
    UnmadeWidths.objects.filter(since__lt=now - GIVEN_UP).delete()
    for row in UnmadeWidths.objects.filter(since__lt=now - AT_WORK):
        try:
            many += row.make()
        except Exception:
            logger.exception("The widths of %s could not be made, and are tried again", row)
        else:
            row.delete()
    return many
