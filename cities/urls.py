from django.urls import path
from django.utils.translation import gettext_lazy as _

from cities import checking, editing, exporting, people, views

urlpatterns = [
    path(_("cities/"), views.city_list, name="city_list"),
    path(_("cities/columns/"), exporting.city_columns, name="city_columns"),
    path(_("cities/export.<slug:format>"), exporting.city_export, name="city_export"),
    path(_("cities/<slug:slug>/"), views.city_detail, name="city_detail"),
    path(_("cities/checkup/<str:token>/"), checking.city_checkup, name="city_checkup"),
    path(_("cities/<slug:slug>/confirm/"), checking.city_confirm, name="city_confirm"),
    path(_("cities/<slug:slug>/edit/"), editing.city_edit, name="city_edit"),
    path(_("cities/<slug:slug>/presence/"), editing.city_presence, name="city_presence"),
    path(_("cities/<slug:slug>/history/"), editing.city_history, name="city_history"),
    path(
        _("cities/<slug:slug>/history/<int:pk>/restore/"),
        editing.city_restore,
        name="city_restore",
    ),
    path(_("cities/<slug:slug>/people/"), people.city_people, name="city_people"),
    path(_("cities/<slug:slug>/people/invite/"), people.delegate_invite, name="delegate_invite"),
    path(_("delegates/<int:pk>/end/"), people.delegate_end, name="delegate_end"),
    path(_("clusters/"), views.cluster_list, name="cluster_list"),
    path(_("clusters/<slug:slug>/"), views.cluster_detail, name="cluster_detail"),
]
