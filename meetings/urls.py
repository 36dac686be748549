from django.urls import path
from django.utils.translation import gettext_lazy as _

from meetings import (
    acting,
    action_answers,
    answering,
    calendar_feeds,
    my_calendar,
    proposing,
    register,
    views,
    years,
)

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
    path(_("meetings/answer/<str:token>/"), answering.meeting_answer, name="meeting_answer"),
    path(
        _("meetings/answer/<str:token>/calendar.ics"),
        answering.meeting_answer_calendar,
        name="meeting_answer_calendar",
    ),
    path(_("meetings/<slug:slug>/"), views.meeting_detail, name="meeting_detail"),
    path(_("meetings/<slug:slug>/reply/"), answering.meeting_reply, name="meeting_reply"),
    path(
        _("meetings/<slug:slug>/pictures/<int:pk>/"),
        views.meeting_picture,
        name="meeting_picture",
    ),
    path(_("meetings/<slug:slug>/calendar.ics"), views.meeting_calendar, name="meeting_calendar"),
    path(_("meetings/<slug:slug>/propose/"), proposing.meeting_propose, name="meeting_propose"),
    path(_("proposals/<int:pk>/take-back/"), proposing.proposal_withdraw, name="proposal_withdraw"),
    path(_("decisions/"), register.decision_list, name="decision_list"),
    path(_("decisions/columns/"), register.decision_columns, name="decision_columns"),
    path(_("decisions/<int:pk>/"), register.decision_detail, name="decision_detail"),
    path(_("decisions/export.<slug:format>"), register.decision_export, name="decision_export"),
    path(_("actions/"), acting.action_list, name="action_list"),
    path(_("actions/answer/<str:token>/"), action_answers.action_answer, name="action_answer"),
    path(_("actions/<int:pk>/"), acting.action_detail, name="action_detail"),
    path(_("actions/<int:pk>/begin/"), acting.action_begin, name="action_begin"),
    path(_("actions/<int:pk>/note/"), acting.action_note, name="action_note"),
    path(_("actions/<int:pk>/shift/"), acting.action_shift, name="action_shift"),
    path(_("actions/<int:pk>/finish/"), acting.action_finish, name="action_finish"),
    path(_("actions/<int:pk>/drop/"), acting.action_drop, name="action_drop"),
    path(_("actions/<int:pk>/reopen/"), acting.action_reopen, name="action_reopen"),
]
