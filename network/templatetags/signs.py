"""Small drawings and badges, of which a page has dozens. Every template knows these tags
(settings.TEMPLATES)."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

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


@register.simple_tag
def field_badge(field, link=False):
    """{% field_badge city.field link=True %}: the drawing and the name of a creative field; the
    link leads to its cluster."""
    if not field:
        return ""
    address = field.get_absolute_url() if link else ""
    return badge_of_field(field.slug, field.name, address)


@register.simple_tag
def field_badges(fields):
    """Several fields: with their names when they are one or two, else as drawings (the names stay
    for screen readers)."""
    draw = bare_badge_of_field if len(fields) > 2 else badge_of_field
    return format_html_join("", "{}", ((draw(field.slug, field.name),) for field in fields))


@register.simple_tag
def demo_badge(thing):
    """Says that a thing is made up, if it is."""
    if not getattr(thing, "is_demo", False):
        return ""
    why, word = _("Made up, to show how the portal works"), _("Demonstration")
    return format_html('<span class="tag tag--demo" title="{}">{}</span>\n', why, word)


@register.simple_tag
def phase_badge(project):
    """How far a project's work is."""
    word = str(project.get_phase_display())
    return format_html(
        '<span class="tag tag--phase-{}">{}{}</span>\n', project.phase, word[:1].upper(), word[1:]
    )


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


@lru_cache(maxsize=512)
def badge_of_field(slug, name, address=""):
    words = (slug, drawn(f"field-{slug}", ""), name)
    if address:
        link = '<a class="badge-field field--{}" href="{}">{}{}</a>\n'
        return format_html(link, slug, address, *words[1:])
    return format_html('<span class="badge-field field--{}">{}{}</span>\n', *words)


@lru_cache(maxsize=512)
def bare_badge_of_field(slug, name):
    return format_html(
        '<span class="badge-field badge-field--bare field--{}" title="{}">{}'
        '<span class="visually-hidden">{}</span></span>',
        slug,
        name,
        drawn(f"field-{slug}", ""),
        name,
    )
