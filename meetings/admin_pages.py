"""The pages of a meeting in the admin, besides its form: one for each step, and what hangs on it.

They are for coordinators alone: the admin's own door asks who comes.
"""

from django.urls import path

from meetings import amending, attending, inviting, placing, preparing, writing

PAGES = [
    # prepare
    ("<int:pk>/duplicate/", preparing.meeting_duplicate),
    ("<int:pk>/proposals/", placing.meeting_proposals),
    ("proposals/<int:pk>/accept/", placing.proposal_accept),
    ("proposals/<int:pk>/decline/", placing.proposal_decline),
    # convene
    ("<int:pk>/invite/", inviting.meeting_invite),
    # hold
    ("<int:pk>/attendance/", attending.meeting_attendance),
    # write
    ("<int:pk>/write/", writing.meeting_write),
    # close
    ("<int:pk>/amendments/", amending.meeting_amendments),
]


def pages(site):
    """Their addresses, each named as its view."""
    return [path(route, site.admin_view(view), name=view.__name__) for route, view in PAGES]
