"""Small drawings beside words. Every template knows these tags (settings.TEMPLATES)."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()


@register.simple_tag
def icon(name, label=""):
    """{% icon "pin" %}: a symbol of static/img/icons.svg; `label` only where no word stands beside
    it."""
    return drawn(name, str(label))


@register.simple_tag
def field_icon(slug):
    """{% field_icon field.slug %}: the drawing of a creative field, without words."""
    return drawn(f"field-{slug}", "")


@lru_cache(maxsize=512)
def drawn(name, label):
    said = format_html('role="img" aria-label="{}"', label)
    hidden = mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" {}><use href="{}#{}"/></svg>\n',
        said if label else hidden,
        static("img/icons.svg"),
        name,
    )
