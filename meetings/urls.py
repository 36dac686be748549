from django.urls import path
from django.utils.translation import gettext_lazy as _

from meetings import views

urlpatterns = [
    path(_("meetings/"), views.meeting_list, name="meeting_list"),
    path(_("meetings/<slug:slug>/"), views.meeting_detail, name="meeting_detail"),
    path(_("meetings/<slug:slug>/calendar.ics"), views.meeting_calendar, name="meeting_calendar"),
]
