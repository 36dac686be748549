from django.urls import path
from django.utils.translation import gettext_lazy as _

from news import views

urlpatterns = [
    path(_("news/"), views.news_list, name="news_list"),
    path(_("news/<slug:slug>/"), views.news_detail, name="news_detail"),
    path(_("pages/<slug:slug>/"), views.page_detail, name="page_detail"),
]
