"""The pages of a meeting in the admin, besides its form: one for each step, and what hangs on it.

They are for coordinators alone: the admin's own door asks who comes.
"""

from django.urls import path

from meetings import (
    amending,
    answers,
    attending,
    convening,
    entering,
    inviting,
    letter_log,
    placing,
    preparing,
    signatures,
    writing,
)

PAGES = [
    # prepare
    ("<int:pk>/duplicate/", preparing.meeting_duplicate),
    ("<int:pk>/proposals/", placing.meeting_proposals),
    ("proposals/<int:pk>/accept/", placing.proposal_accept),
    ("proposals/<int:pk>/decline/", placing.proposal_decline),
    # convene
    ("<int:pk>/invite/", inviting.meeting_invite),
    ("<int:pk>/gather/", inviting.meeting_gather),
    ("<int:pk>/invite/add/", inviting.invitation_add),
    ("invitations/<int:pk>/remove/", inviting.invitation_remove),
    ("invitations/<int:pk>/restore/", inviting.invitation_restore),
    ("<int:pk>/outbox/", convening.meeting_outbox),
    ("invitations/<int:pk>/preview/<slug:language>/", convening.letter_preview),
    ("<int:pk>/convene/", convening.meeting_convene),
    ("<int:pk>/tell/", convening.meeting_tell),
    ("<int:pk>/letters/", letter_log.meeting_letters),
    ("invitations/<int:pk>/again/", letter_log.letter_again),
    # hold
    ("<int:pk>/answers/", answers.meeting_answers),
    ("<int:pk>/attendance/", attending.meeting_attendance),
    ("<int:pk>/attendance/<int:person>/", attending.attendance_mark),
    ("<int:pk>/attendance/add/", attending.attendance_add),
    ("<int:pk>/signatures/", signatures.meeting_signatures),
    # write
    ("<int:pk>/write/", writing.meeting_write),
    ("<int:pk>/write/<int:item>/", writing.section_write),
    ("<int:pk>/write/<int:item>/here/", writing.writing_presence),
    ("<int:pk>/write/<int:item>/history/", writing.section_history),
    ("<int:pk>/write/<int:item>/history/<int:version>/", writing.section_restore),
    ("<int:pk>/write/<int:item>/decision/", entering.decision_create),
    ("<int:pk>/write/<int:item>/decision/<int:decision>/", entering.decision_edit),
    ("<int:pk>/write/<int:item>/decision/<int:decision>/remove/", entering.decision_remove),
    ("<int:pk>/write/<int:item>/action/", entering.action_create),
    ("<int:pk>/write/<int:item>/action/<int:action>/", entering.action_edit),
    # close
    ("<int:pk>/amendments/", amending.meeting_amendments),
    ("<int:pk>/circulate/", amending.meeting_circulate),
    ("<int:pk>/approve/", amending.meeting_approve),
    ("<int:pk>/annex/", amending.annex_add),
    ("<int:pk>/summary/", amending.meeting_summary),
    ("amendments/<int:pk>/take/", amending.amendment_take),
    ("amendments/<int:pk>/decline/", amending.amendment_decline),
]


def pages(site):
    """Their addresses, each named as its view."""
    return [path(route, site.admin_view(view), name=view.__name__) for route, view in PAGES]
