"""Projects on other people's pages: a small page for a frame, and what oEmbed asks of us.

https://oembed.com, version 1.0. Both show what everyone may read, whoever asks.
"""

from urllib.parse import urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.csp import CSP
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from journal.public_pages import public_page
from projects.models import Project

WIDTH, HEIGHT = 600, 360
FRAMED_ANYWHERE = {
    **settings.SECURE_CSP,
    "script-src": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": ["*"],
}
A_DAY = 24 * 3600


@public_page()
@require_safe
@xframe_options_exempt
@csp_override(FRAMED_ANYWHERE)
def project_embed(request, slug):
    """A project as a card, for a frame on any page."""
    project = get_object_or_404(public_projects(), slug=slug)
    return render(request, "projects/project_embed.html", {"project": project})


@public_page("url", "format", "maxwidth", "maxheight")
@require_safe
def oembed(request):
    """How to embed the public project at an address, as JSON or XML."""
    written_as = request.GET.get("format", "json")
    if written_as not in ("json", "xml"):
        return HttpResponse(_("Only json and xml are spoken here."), status=501)
    slug, language = project_at(request.GET.get("url", ""))
    with translation.override(language):
        project = get_object_or_404(public_projects(), slug=slug)
        told = told_of(project, bounds(request.GET))
    response = as_xml(told) if written_as == "xml" else JsonResponse(told)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def public_projects():
    return Project.objects.published().with_cities()


def project_at(address):
    """The slug in the address of a project's page here, and the page's language."""
    try:
        parts = urlsplit(address)
        language = translation.get_language_from_path(parts.path)
        with translation.override(language or settings.LANGUAGE_CODE):
            match = resolve(parts.path)
    except (ValueError, Resolver404) as unknown:
        raise Http404 from unknown
    if parts.netloc != urlsplit(settings.SITE_URL).netloc or match.url_name not in (
        "project_detail",
        "project_embed",
    ):
        raise Http404
    return match.kwargs["slug"], language


def bounds(asked):
    """Width and height of the frame, never more than is asked for."""
    return [
        min(usual, int(most[:9])) if (most := asked.get(name, "")).isdecimal() else usual
        for name, usual in [("maxwidth", WIDTH), ("maxheight", HEIGHT)]
    ]


def told_of(project, size):
    width, height = size
    return {
        "type": "rich",
        "version": "1.0",
        "title": project.title,
        "author_name": str(project.lead),
        "author_url": settings.SITE_URL + project.lead.get_absolute_url(),
        "provider_name": _("UNESCO Creative Cities, Italian network"),
        "provider_url": settings.SITE_URL + reverse("home"),
        "cache_age": A_DAY,
        "width": width,
        "height": height,
        "html": embed_code(project, width, height),
    }


def embed_code(project, width=WIDTH, height=HEIGHT):
    """What others put into their pages."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"'
        ' style="border:0;max-width:100%"></iframe>',
        settings.SITE_URL + reverse("project_embed", args=[project.slug]),
        project.title,
        width,
        height,
    )


def oembed_links(project):
    """Where the page says that it can be embedded."""
    page = settings.SITE_URL + project.get_absolute_url()
    return [
        {
            "type": f"{kind}+oembed",
            "address": settings.SITE_URL
            + reverse("oembed", query={"url": page, "format": written_as}),
        }
        for written_as, kind in [("json", "application/json"), ("xml", "text/xml")]
    ]


def as_xml(told):
    root = ElementTree.Element("oembed")
    for name, value in told.items():
        ElementTree.SubElement(root, name).text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="text/xml; charset=utf-8")
