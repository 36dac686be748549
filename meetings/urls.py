from django.urls import path
from django.utils.translation import gettext_lazy as _

from meetings import calendar_feeds, my_calendar, proposing, views, years

urlpatterns = [
    path(_("meetings/"), views.meeting_list, name="meeting_list"),
    path(_("meetings/years/"), years.meeting_years, name="meeting_years"),
    path(
        _("meetings/years.<slug:format>"),
        years.meeting_years_export,
        name="meeting_years_export",
    ),
    path(_("meetings/calendar.ics"), calendar_feeds.meetings_calendar, name="meetings_calendar"),
    path(_("calendar/"), my_calendar.calendar_settings, name="calendar_settings"),
    path(_("calendar/renew/"), my_calendar.calendar_renew, name="calendar_renew"),
    path(_("calendar/stop/"), my_calendar.calendar_stop, name="calendar_stop"),
    path(_("meetings/<slug:slug>/"), views.meeting_detail, name="meeting_detail"),
    path(
        _("meetings/<slug:slug>/pictures/<int:pk>/"),
        views.meeting_picture,
        name="meeting_picture",
    ),
    path(_("meetings/<slug:slug>/calendar.ics"), views.meeting_calendar, name="meeting_calendar"),
    path(_("meetings/<slug:slug>/propose/"), proposing.meeting_propose, name="meeting_propose"),
    path(_("proposals/<int:pk>/take-back/"), proposing.proposal_withdraw, name="proposal_withdraw"),
]
