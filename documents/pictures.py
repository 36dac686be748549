"""Pictures: decoded and encoded anew, so that nothing but the image itself is kept."""

import io
import struct
import uuid
import warnings
import zlib
from threading import Lock

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pictures.models import PictureField as ResponsivePictureField
from pictures.models import PillowPicture
from PIL import Image, ImageOps, UnidentifiedImageError

from documents.storage import clean_room

MAX_BYTES = 10 * 1024 * 1024
# Pixels; of the newer formats fewer, for their readers hold three copies of them in memory.
MAX_PIXELS = {"JPEG": 40_000_000, "PNG": 40_000_000, "WEBP": 16_000_000, "AVIF": 16_000_000}
SCAN, MOST_SCANS = b"\xff\xda", 100  # of a JPEG (ITU T.81, B.1.1.3); a progressive one has ten
LONGEST_SIDE = 2400
STRIP = 128  # lines
# What Pillow raises at damaged pictures: AVIF has errors of its own.
UNREADABLE = (
    UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError,
    ValueError, RuntimeError, SyntaxError, EOFError, IndexError, struct.error, zlib.error,
)  # fmt: skip

one_at_a_time = Lock()  # so that a worker's memory holds one of them, however many send theirs


def clean_picture(upload):
    """Return the picture as a JPEG of ours, turned upright, without EXIF, GPS or profile.

    Raises ValidationError with a sentence for the person who sends it.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError(
            _("This picture has %(size)d MB; at most %(most)d MB are possible."),
            params={"size": upload.size // 1024**2, "most": MAX_BYTES // 1024**2},
        )
    try:
        with one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = _opened(upload, [*MAX_PIXELS])
            most = MAX_PIXELS[image.format]
            if image.width * image.height > most:
                raise ValidationError(
                    _("This picture has more than %(most)d megapixels: shrink it."),
                    params={"most": most // 1_000_000},
                )
            image = _shrunk(image)
    except ValidationError:
        raise
    except UNREADABLE as error:
        raise ValidationError(
            _("This file is not a picture that can be read: send a JPEG, PNG, WebP or AVIF.")
        ) from error
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88, optimize=True)
    clean_room(default_storage, 2 * buffer.tell())  # with the widths that are made from it
    return ContentFile(buffer.getvalue(), name=f"{uuid.uuid4().hex}.jpg")


def is_whole(upload, kind):
    """Whether a file is a picture of this kind ("PNG", "JPEG"), and was not cut."""
    try:
        with one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = _opened(upload, [kind])
            if kind == "PNG":
                image.verify()
            else:
                image.draft("RGB", (1, 1))  # at an eighth of its size
                image.load()
    except UNREADABLE:
        return False
    return True


def _opened(upload, kinds):
    """The picture, not decoded yet. Raises one of UNREADABLE."""
    image = Image.open(upload, formats=kinds)
    if image.format == "JPEG":
        upload.seek(0)
        if upload.read().count(SCAN) > MOST_SCANS:
            raise ValueError("made to be painted over for minutes")
    return image


def _shrunk(image):
    """The picture as it is kept. Strip by strip, so that it is in memory only once in full."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is not even decoded in full
    image.load()
    step = max(1, max(image.size) // LONGEST_SIDE)
    small = Image.new("RGB", (-(-image.width // step), -(-image.height // step)))
    for top in range(0, image.height, STRIP * step):
        bottom = min(top + STRIP * step, image.height)
        strip = _on_white(image.crop((0, top, image.width, bottom)))
        small.paste(strip.reduce(step), (0, top // step))
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small.info = image.info
    ImageOps.exif_transpose(small, in_place=True)
    small.info = {}
    return small


def _on_white(image):
    if image.mode in ("RGBA", "LA", "P", "PA"):
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image)
    return image.convert("RGB")


def picture_name(instance, filename):
    """A name of ours, in a folder of its own for the widths made from it."""
    return f"{instance._meta.model_name}/{uuid.uuid4().hex}.jpg"


class QuickPicture(PillowPicture):
    """One width and format of a picture, encoded in a tenth of the usual time, hardly larger."""

    ENCODING = {"AVIF": {"speed": 9, "quality": 58}, "WEBP": {"quality": 78, "method": 3}}

    def save(self, image):
        buffer = io.BytesIO()
        self.resize(image).save(buffer, format=self.file_type, **self.ENCODING[self.file_type])
        self.storage.delete(self.name)
        self.storage.save(self.name, ContentFile(buffer.getvalue()))


class PictureFormField(forms.FileField):
    """A form field that hands on only pictures encoded anew (see clean_picture)."""

    widget = forms.ClearableFileInput

    def __init__(self, *, max_length=None, **kwargs):
        super().__init__(**kwargs)  # however long the sender's name for it, the file gets ours
        self.widget.use_fieldset = False  # a legend does not name the box, a label does

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return clean_picture(upload) if data and upload else upload

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "accept": "image/jpeg,image/png,image/webp"}


class PictureField(ResponsivePictureField):
    """A picture in several widths and formats, with its size kept beside it."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("verbose_name", gettext_lazy("picture"))
        kwargs.setdefault("upload_to", picture_name)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return models.FileField.formfield(self, **{"form_class": PictureFormField, **kwargs})


class Focus(models.TextChoices):
    """The part of a picture that stays when its edges are cut off, as a place in a 3 × 3 grid."""

    TOP_LEFT = "top-left", gettext_lazy("top left")
    TOP = "top", gettext_lazy("top")
    TOP_RIGHT = "top-right", gettext_lazy("top right")
    LEFT = "left", gettext_lazy("left")
    CENTRE = "centre", gettext_lazy("centre")
    RIGHT = "right", gettext_lazy("right")
    BOTTOM_LEFT = "bottom-left", gettext_lazy("bottom left")
    BOTTOM = "bottom", gettext_lazy("bottom")
    BOTTOM_RIGHT = "bottom-right", gettext_lazy("bottom right")


class Licence(models.TextChoices):
    """Under which terms others may use a picture (creativecommons.org/licenses)."""

    CC0 = "cc0-1.0", "CC0 1.0"
    CC_BY = "cc-by-4.0", "CC BY 4.0"
    CC_BY_SA = "cc-by-sa-4.0", "CC BY-SA 4.0"
    RESERVED = "reserved", gettext_lazy("all rights reserved, shown with permission")


# Where the terms can be read; English is what they refer to in every language.
LICENCE_PAGES = {
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
}


class Illustrated(models.Model):
    """A thing with one picture, what it shows in words, who made it, and how it may be used."""

    picture = PictureField(
        width_field="picture_width",
        height_field="picture_height",
        help_text=gettext_lazy("JPEG, PNG or WebP, at most 10 MB; wide rather than tall."),
    )
    picture_width = models.PositiveIntegerField(null=True, editable=False)
    picture_height = models.PositiveIntegerField(null=True, editable=False)
    picture_alt = models.CharField(
        gettext_lazy("what the picture shows"),
        max_length=250,
        blank=True,
        help_text=gettext_lazy("Read aloud to those who cannot see it."),
    )
    picture_credit = models.CharField(
        gettext_lazy("credit"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("Who made it."),
    )
    picture_licence = models.CharField(
        gettext_lazy("licence"), max_length=20, choices=Licence, blank=True
    )
    picture_focus = models.CharField(
        gettext_lazy("what must stay visible"),
        max_length=12,
        choices=Focus,
        default=Focus.CENTRE,
        help_text=gettext_lazy("Where the picture is cut to fit, this part of it stays."),
    )

    class Meta:
        abstract = True

    @property
    def picture_licence_url(self):
        """Where the terms of its picture can be read, if they are a licence."""
        return LICENCE_PAGES.get(self.picture_licence, "")
