"""The picture that others show where a project's address is shared: title, cities, its field.

Drawn when it is first asked for, in the reader's language, with the portal's own letters.
"""

import hashlib
import io

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont, ImageOps

from documents.pictures import UNREADABLE
from projects.models import Project

WIDTH, HEIGHT = 1200, 630
WORDS = 700  # how broad the side with the words is
MARGIN = 64
NIGHT, WHITE, PALE = "#1b2440", "#ffffff", "#d5daea"
SIZES = (72, 64, 56, 50, 44, 40)
MOST_LINES = 5
FONT = "fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-{}.ttf"
FOCUS = {"left": 0, "right": 1, "top": 0, "bottom": 1}
DRAWN = 2  # counted up when it is drawn in another way
A_DAY, AN_HOUR = 24 * 3600, 3600


@login_not_required
@require_safe
def project_share_picture(request, slug):
    """The picture of a public project, drawn once for each thing it says."""
    project = get_object_or_404(Project.objects.published().with_cities(), slug=slug)
    told = told_by(project)
    name = hashlib.sha256(repr([DRAWN, *told]).encode()).hexdigest()[:32]
    etag = f'"{name}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        key = f"share-picture-{name}"
        drawn = cache.get_or_set(key, lambda: draw(project, *told), A_DAY)
        response = HttpResponse(drawn, content_type="image/jpeg")
    response["ETag"] = etag
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, public=True, max_age=AN_HOUR)
    return response


def told_by(project):
    """All that the picture says; when one of these changes it is another picture."""
    fields = [(field.slug, field.name, field.colour) for field in project.fields.all()]
    cities = [str(project.lead), *(str(each.city) for each in project.joined)]
    photograph = project.picture.name, project.picture_focus
    network = _("UNESCO Creative Cities, Italian network")
    return project.title, cities, fields, photograph, network, get_language()


def draw(project, title, cities, fields, photograph, network, _language):
    """The picture as JPEG."""
    slug, label, colour = fields[0] if fields else ("", "", NIGHT)
    image = Image.new("RGB", (WIDTH, HEIGHT), colour)
    image.paste(side_of(project, slug, colour), (WORDS, 0))
    pen = ImageDraw.Draw(image)
    pen.rectangle([WORDS, 0, WORDS + 7, HEIGHT], fill=WHITE)
    room = WORDS - 2 * MARGIN
    if label:
        names = as_many_as_fit([name for _slug, name, _colour in fields], font(28), room)
        pen.text((MARGIN, 56), cut(names, font(28), room), WHITE, font(28))
    face, lines = fitted(title, room)
    height = round(face.size * 1.14)
    top = 122
    for line in lines:
        pen.text((MARGIN, top), line, WHITE, face)
        top += height
    top += 34
    for line in wrapped(", ".join(cities), font(34), room)[:2]:
        pen.text((MARGIN, top), cut(line, font(34), room), WHITE, font(34))
        top += 42
    pen.text(
        (MARGIN, HEIGHT - 78), cut(network, font(26, "regular"), room), WHITE, font(26, "regular")
    )
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=86, optimize=True, progressive=True)
    return buffer.getvalue()


def as_many_as_fit(names, face, room):
    """Names one after the other, as many as there is room for, none cut in its middle."""
    told = " · ".join(names)
    for most in range(len(names) - 1, 0, -1):
        if face.getlength(told) <= room:
            break
        told = " · ".join([*names[:most], "…"])
    return told


def side_of(project, slug, colour):
    """The photograph, cut so that its focus stays; else the pattern of the field."""
    size = WIDTH - WORDS, HEIGHT
    if project.picture:
        try:
            with project.picture.open("rb") as file:
                photograph = Image.open(file)
                photograph.draft("RGB", (size[0] * 2, size[1] * 2))
                return ImageOps.fit(photograph.convert("RGB"), size, centering=centre(project))
        except UNREADABLE:  # the storage has lost it: the pattern tells the field as well
            pass
    side = Image.new("RGB", size, colour)
    path = slug and finders.find(f"img/patterns/{slug}.png")
    if path:
        tile = Image.open(path).convert("RGB")
        for x in range(0, size[0], tile.width):
            for y in range(0, size[1], tile.height):
                side.paste(tile, (x, y))
    return side


def centre(project):
    """The focus of its picture as two shares of its width and height."""
    words = project.picture_focus.split("-")
    across = next((FOCUS[word] for word in words if word in ("left", "right")), 0.5)
    down = next((FOCUS[word] for word in words if word in ("top", "bottom")), 0.5)
    return across, down


def font(size, weight="600"):
    return ImageFont.truetype(finders.find(FONT.format(weight)), size)


def fitted(text, room):
    """The largest letters in which the text fits, and its lines; what is too long is cut."""
    for size in SIZES:
        face = font(size)
        lines = wrapped(text, face, room)
        fits = max(map(face.getlength, lines)) <= room
        if fits and len(lines) <= MOST_LINES and len(lines) * size * 1.14 <= 300:
            return face, lines
    lines = lines[:MOST_LINES]
    lines[-1] = cut(lines[-1] + "…", face, room)
    return face, [cut(line, face, room) for line in lines]


def wrapped(text, face, room):
    """The words of a text in lines no longer than the room."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or face.getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def cut(text, face, room):
    """The text, shortened to one line."""
    if face.getlength(text) <= room:
        return text
    text = text.rstrip("…")
    while text and face.getlength(text + "…") > room:
        text = text[:-1]
    return text.rstrip(" ,·") + "…"
