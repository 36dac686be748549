from django.urls import path
from django.utils.translation import gettext_lazy as _

from projects import editing, partnering, reviewing, views

# The public page, and the card behind it
pages = [
    path(_("projects/"), views.project_list, name="project_list"),
    path(_("projects/new/"), editing.project_create, name="project_create"),
    path(_("projects/<slug:slug>/"), views.project_detail, name="project_detail"),
    path(_("projects/<slug:slug>/edit/"), editing.project_edit, name="project_edit"),
]

# The verbs of a project
verbs = [
    path(_("projects/<slug:slug>/submit/"), reviewing.project_submit, name="project_submit"),
    path(_("projects/<slug:slug>/approve/"), reviewing.project_approve, name="project_approve"),
    path(
        _("projects/<slug:slug>/send-back/"),
        reviewing.project_send_back,
        name="project_send_back",
    ),
    path(_("projects/<slug:slug>/withdraw/"), reviewing.project_withdraw, name="project_withdraw"),
    path(_("projects/<slug:slug>/archive/"), reviewing.project_archive, name="project_archive"),
    path(_("projects/<slug:slug>/reopen/"), reviewing.project_reopen, name="project_reopen"),
]

# Working together
partnerships = [
    path(
        _("partnerships/<int:pk>/accept/"),
        partnering.partnership_accept,
        name="partnership_accept",
    ),
    path(
        _("partnerships/<int:pk>/decline/"),
        partnering.partnership_decline,
        name="partnership_decline",
    ),
]

urlpatterns = [*pages, *verbs, *partnerships]
