from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import FileSystemStorage, storages
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.static import serve

from meetings.calendar_feeds import personal_calendar
from network.api import api_docs
from network.completeness import completeness, completeness_download
from network.desk.page import desk
from network.disclosure import security, security_txt
from network.feeds import NewsFeed, ProjectFeed, ProjectUpdatesFeed
from network.governance import network_page
from network.home import home
from network.limits import too_many
from network.search import search
from network.sitemaps import robots, sitemap
from network.status import status, status_web

handler500 = "network.bad_days.server_error"

handler429 = too_many  # for allauth's limits

urlpatterns = [
    path("admin/", admin.site.urls),
    path("robots.txt", robots, name="robots"),
    path("status", status, name="status"),
    path("status/web", status_web, name="status_web"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("api/v1/", include("network.api")),
    # The same in each language: it speaks that of its person, and is written into programs once.
    path("calendar/<slug:key>.ics", personal_calendar, name="personal_calendar"),
    *i18n_patterns(
        path("", home, name="home"),
        path(_("network/"), network_page, name="network_page"),
        path(_("search/"), search, name="search"),
        path(_("feeds/projects/"), ProjectFeed(), name="project_feed"),
        path(_("feeds/news/"), NewsFeed(), name="news_feed"),
        path(_("projects/<slug:slug>/feed/"), ProjectUpdatesFeed(), name="project_updates_feed"),
        path(_("data/"), api_docs, name="api_docs"),
        path(_("security/"), security, name="security"),
        path(_("desk/"), desk, name="desk"),
        path(_("completeness/"), completeness, name="completeness"),
        path(
            _("completeness/<slug:name>/<slug:format>/"),
            completeness_download,
            name="completeness_download",
        ),
        path("accounts/", include("allauth.urls")),
        path("", include("accounts.urls")),
        path("", include("documents.urls")),
        path("", include("cities.urls")),
        path("", include("projects.urls")),
        path("", include("meetings.urls")),
        path("", include("news.urls")),
    ),
]

if settings.SERVE_MEDIA and isinstance(storages["default"], FileSystemStorage):
    pictures = cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)(serve)
    urlpatterns.append(
        path(
            "media/<path:path>",
            login_not_required(pictures),
            {"document_root": storages["default"].location},
        )
    )
