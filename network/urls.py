from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from network import views

urlpatterns = [
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", views.home, name="home"),
        path(_("network/"), views.network_page, name="network_page"),
        path(_("search/"), views.search, name="search"),
        path(_("desk/"), views.desk, name="desk"),
        path("accounts/", include("allauth.urls")),
        path("", include("accounts.urls")),
        path("", include("documents.urls")),
        path("", include("cities.urls")),
        path("", include("projects.urls")),
        path("", include("meetings.urls")),
        path("", include("news.urls")),
    ),
]

if settings.DEBUG:
    from django.conf.urls.static import static

    urlpatterns += static(
        settings.MEDIA_URL, document_root=settings.STORAGES["default"]["OPTIONS"]["location"]
    )
