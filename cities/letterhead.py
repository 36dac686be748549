"""The head of the network's papers: the coordination, and the city that led it on that day."""

import io

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image

from cities.mandates import Mandate
from documents.pictures import UNREADABLE

LARGEST = (900, 300)  # pixels of a logo in print: 75 × 25 mm at 300 dots an inch


def letterhead(day):
    """What stands on top of a paper of that day, in the active language; `logo` as PNG or None."""
    mandate = Mandate.objects.leads().current(day).select_related("city").first()
    city = mandate.city if mandate else None
    return {
        "name": settings.OWNER["name"],
        "lead": _("Lead city: %(city)s") % {"city": city} if city else "",
        "logo": logo_of(city) if city else None,
        "logo_alt": _("Logo of %(city)s") % {"city": city} if city else "",
    }


def logo_of(city):
    """The city's logo in a size for print, or None where there is none that can be read."""
    if not city.logo:
        return None
    try:
        with city.logo.open() as file, Image.open(file) as image:
            image.thumbnail(LARGEST)
            buffer = io.BytesIO()
            image.convert("RGB").save(buffer, "PNG")
    except UNREADABLE:
        return None
    return buffer.getvalue()
