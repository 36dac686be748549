from django.urls import path
from django.utils.translation import gettext_lazy as _

from cities import views

urlpatterns = [
    path(_("cities/"), views.city_list, name="city_list"),
    path(_("cities/<slug:slug>/"), views.city_detail, name="city_detail"),
    path(_("clusters/"), views.cluster_list, name="cluster_list"),
    path(_("clusters/<slug:slug>/"), views.cluster_detail, name="cluster_detail"),
]
