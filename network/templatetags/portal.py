"""What every page says about itself: its address, its twin in the other language, its place."""

import json

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.encoding import iri_to_uri
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def other_languages():
    """The languages of the portal that this page is not written in."""
    return [get_language_info(code) for code, name in settings.LANGUAGES if code != get_language()]


@register.simple_tag(takes_context=True)
def other_language_url(context, language):
    """The address of the same page in another language; of the home page where there is none."""
    request = context["request"]
    address = address_in(language, request)
    if address and address != request.path:
        query = request.META.get("QUERY_STRING", "")
        return f"{address}?{iri_to_uri(query)}" if query else address
    with override(language):
        return reverse("home")


def address_in(language, request):
    """The address of this page in a language; "" where it has none."""
    match = request.resolver_match
    if match and language == get_language():
        return request.path
    with override(language):
        try:
            return (match and reverse(match.view_name, args=match.args, kwargs=match.kwargs)) or ""
        except NoReverseMatch:
            return ""


@register.simple_tag
def absolute_url(path):
    """A path of ours with the site's scheme and host before it."""
    return settings.SITE_URL + str(path)


@register.simple_tag(takes_context=True)
def canonical_url(context):
    """The full address of this page, of its query only the number of the page in a list."""
    return absolute_url(context["request"].path) + _page_query(context["request"])


@register.simple_tag(takes_context=True)
def alternate_urls(context):
    """This page's full address in every language, and for readers of any other."""
    request = context["request"]
    if not request.resolver_match:
        return []
    query = _page_query(request)
    urls = {
        code: absolute_url(address_in(code, request) or request.path) + query
        for code, name in settings.LANGUAGES
    }
    return [*urls.items(), ("x-default", urls[settings.LANGUAGE_CODE])]


def _page_query(request):
    page = request.GET.get("page", "")
    return f"?page={page}" if page.isdecimal() and page != "1" else ""


@register.simple_tag(takes_context=True)
def current_section(context):
    """The room of the menu that this page stands in: "city", "project", "meeting"…"""
    match = getattr(context.get("request"), "resolver_match", None)
    return (match.url_name or "").split("_")[0] if match else ""


@register.simple_tag(takes_context=True)
def page_url(context, number):
    """The address of another page of the same list, with the same filters."""
    query = context["request"].GET.copy()
    query["page"] = number
    return f"?{query.urlencode()}"


@register.simple_tag
def language_of(thing, name):
    """The language in which a reader gets `thing.name`: Italian where theirs is missing."""
    language = get_language()
    return language if getattr(thing, f"{name}_{language}", None) else settings.LANGUAGE_CODE


@register.simple_block_tag
def one_line(content):
    """What stands between, on one line; with `as`, kept to be written in several places."""
    return mark_safe(" ".join(content.split()))  # noqa: S308


@register.simple_tag
def json_ld(data):
    """A dictionary as linked data for search engines."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)
    safe = text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    return mark_safe(f'<script type="application/ld+json">{safe}</script>')  # noqa: S308


@register.inclusion_tag("components/breadcrumb.html", takes_context=True)
def breadcrumb(context, *parts):
    """The way here: label and address of every page above, then the label of this one."""
    *above, here = parts
    steps = [
        (_("Home"), reverse("home")),
        *zip(above[::2], above[1::2], strict=True),
        (here, context["request"].path),
    ]
    items = [
        {"@type": "ListItem", "position": place, "name": str(label), "item": absolute_url(address)}
        for place, (label, address) in enumerate(steps, 1)
    ]
    return {
        "above": steps[:-1],
        "here": here,
        "linked_data": {"@type": "BreadcrumbList", "itemListElement": items},
    }
