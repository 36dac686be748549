"""Pictures on pages: each in the width and format that suits the reader's screen."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from pictures.utils import source_set

register = template.Library()

# How wide a picture is shown, by where it stands: see .grid, .gallery and .hero__row in the CSS.
SIZES = {
    "card": "(min-width: 1200px) 380px, (min-width: 768px) 460px, 100vw",
    "row": "(min-width: 768px) 260px, 50vw",
    "hero": "(min-width: 992px) 50vw, 100vw",
    "text": "(min-width: 992px) 60vw, 100vw",
    "page": "(min-width: 1200px) 1200px, 100vw",
}
AT_ONCE = {"hero", "page"}


@register.simple_tag
def picture(file, alt="", place="card"):
    """{% picture project.picture project.picture_alt "hero" %}: in AVIF, WebP and as it was sent.

    `place` is one of SIZES; all but the first of a page wait until they are scrolled to.
    """
    url, width, height = file.url, file.width, file.height
    return format_html(
        '<picture>{}<img src="{}" alt="{}" width="{}" height="{}" {}></picture>',
        mark_safe(sources(url, width, height, SIZES[place], file.field)),  # noqa: S308
        url,
        alt,
        width,
        height,
        mark_safe('fetchpriority="high"' if place in AT_ONCE else 'loading="lazy"'),  # noqa: S308
    )


@lru_cache(maxsize=4096)
def sources(url, width, height, sizes, field):
    """The widths that were made of a picture of this size. They lie in a folder of its name:
    a storage whose addresses are signed one by one gives the picture as it was sent instead."""
    folder, _dot, extension = url.rpartition(".")
    if "?" in extension or "/" in extension:
        return ""
    widths = sorted(
        source_set(
            (width, height), ratio=None, max_width=field.container_width, cols=field.grid_columns
        )
    )
    return "".join(
        format_html(
            '<source type="image/{}" srcset="{}" sizes="{}">',
            kind,
            ", ".join(f"{folder}/{each}w.{kind} {each}w" for each in widths),
            sizes,
        )
        for kind in map(str.lower, field.file_types if widths else [])
    )
