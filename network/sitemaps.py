"""What search engines are told: the addresses of all public things, and where not to look."""

from copy import copy
from math import ceil
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemaps
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from cities.models import City, CreativeField
from journal.public_pages import public_page
from meetings.models import Action, Decision, Meeting
from news.models import NewsItem, Page
from projects.models import Project

A_PART = 1000
LONGEST_NUMBER = 9


class PublicSitemap(Sitemap):
    """Things of one kind, as anyone sees them, at their address in each language."""

    i18n = True
    alternates = True
    part = None  # which thousand of the things; None: all of them

    def __init__(self, model=None, dated_by=None):
        self.model = model
        self.dated_by = dated_by

    def things(self):
        fields = filter(None, ["slug", self.dated_by])
        return self.model.objects.visible_to(AnonymousUser()).only(*fields).order_by("pk")

    def items(self):
        if self.part is None:
            return self.things()
        return self.things()[self.part * A_PART : (self.part + 1) * A_PART]

    def size(self):
        return self.things().order_by().count()

    def parts(self):
        """How many parts of a thousand it has."""
        return max(1, ceil(self.size() / A_PART))

    def only_part(self, number):
        """The same, of one part alone, so that none is larger than a crawler or a worker likes."""
        one = copy(self)
        one.part = number
        return one

    def lastmod(self, thing):
        return getattr(thing, self.dated_by) if self.dated_by else None

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class IllustratedSitemap(PublicSitemap):
    """Things with a picture, which their entry names too."""

    def things(self):
        picture = ["picture", "picture_width", "picture_height"]
        return super().things().only("slug", *filter(None, [self.dated_by]), *picture)

    def get_urls(self, page=1, site=None, protocol=None):
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            thing, _language = url["item"]
            url["picture"] = settings.SITE_URL + thing.picture.url if thing.picture else ""
        return urls


class NumberedSitemap(PublicSitemap):
    """Things whose address has their number."""

    def things(self):
        return self.model.objects.visible_to(AnonymousUser()).only("pk").order_by("pk")


class ListSitemap(PublicSitemap):
    """The pages that stand for themselves."""

    def size(self):
        return len(self.things())

    def things(self):
        return [
            "home",
            "city_list",
            "cluster_list",
            "project_list",
            "meeting_list",
            "meeting_years",
            "decision_list",
            "action_list",
            "news_list",
            "network_page",
            "security",
        ]

    def location(self, name):
        return reverse(name)


SITEMAPS = {
    "lists": ListSitemap(),
    "cities": PublicSitemap(City),
    "clusters": PublicSitemap(CreativeField),
    "projects": IllustratedSitemap(Project, dated_by="updated_at"),
    "meetings": PublicSitemap(Meeting, dated_by="updated_at"),
    "decisions": NumberedSitemap(Decision),
    "actions": NumberedSitemap(Action),
    "news": PublicSitemap(NewsItem, dated_by="updated_at"),
    "pages": PublicSitemap(Page, dated_by="updated_on"),
}


@public_page("part")
@require_safe
def sitemap(request):
    """All addresses in one file; where there are more than a thousand things, the list of the
    files that have a thousand each (https://www.sitemaps.org/protocol.html#index)."""
    if asked := request.GET.get("part"):
        name, _dash, number = asked.rpartition("-")
        if name not in SITEMAPS or not number.isdecimal() or len(number) > LONGEST_NUMBER:
            raise Http404
        if int(number) >= SITEMAPS[name].parts():
            raise Http404
        return sitemaps.sitemap(request, {name: SITEMAPS[name].only_part(int(number))})
    if sum(each.size() for each in SITEMAPS.values()) <= A_PART:
        return sitemaps.sitemap(request, SITEMAPS)
    files = [
        sitemaps.SitemapIndexItem(
            settings.SITE_URL + reverse("sitemap", query={"part": f"{name}-{number}"})
        )
        for name, each in SITEMAPS.items()
        for number in range(each.parts())
    ]
    context = {"sitemaps": files}
    return render(request, "sitemap_index.xml", context, content_type="application/xml")


@public_page()
@require_safe
def robots(request):
    """Crawlers have nothing to find where people log in and work."""
    closed = [reverse("admin:index")]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            closed += [reverse("account_login").removesuffix("login/"), reverse("desk")]
    lines = [
        "User-agent: *",
        *(f"Disallow: {address}" for address in closed),
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
