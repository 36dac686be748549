from django.urls import path
from django.utils.translation import gettext_lazy as _

from projects import (
    editing,
    embedding,
    exporting,
    partnering,
    reviewing,
    share_picture,
    tracing,
    updating,
    views,
)

# The public page, and the card behind it
pages = [
    path(_("projects/"), views.project_list, name="project_list"),
    path(_("projects/new/"), editing.project_create, name="project_create"),
    path(_("projects/columns/"), exporting.project_columns, name="project_columns"),
    path(_("projects/export.<slug:format>"), exporting.project_export, name="project_export"),
    path(_("projects/<slug:slug>/"), views.project_detail, name="project_detail"),
    path(
        _("projects/<slug:slug>/pictures/<int:pk>/"),
        views.project_picture,
        name="project_picture",
    ),
    path(_("projects/<slug:slug>/embed/"), embedding.project_embed, name="project_embed"),
    path(_("oembed/"), embedding.oembed, name="oembed"),
    path(
        _("projects/<slug:slug>/share.jpg"),
        share_picture.project_share_picture,
        name="project_share_picture",
    ),
    path(_("projects/<slug:slug>/edit/"), editing.project_edit, name="project_edit"),
    path(_("projects/<slug:slug>/edit/<slug:section>/"), editing.project_step, name="project_step"),
    path(_("projects/<slug:slug>/presence/"), editing.project_presence, name="project_presence"),
]

# The verbs of a project
verbs = [
    path(_("projects/<slug:slug>/submit/"), reviewing.project_submit, name="project_submit"),
    path(
        _("projects/<slug:slug>/take-back/"),
        reviewing.project_take_back,
        name="project_take_back",
    ),
    path(_("projects/<slug:slug>/review/"), reviewing.project_review, name="project_review"),
    path(_("projects/<slug:slug>/approve/"), reviewing.project_approve, name="project_approve"),
    path(
        _("projects/<slug:slug>/send-back/"),
        reviewing.project_send_back,
        name="project_send_back",
    ),
    path(_("projects/<slug:slug>/withdraw/"), reviewing.project_withdraw, name="project_withdraw"),
    path(_("projects/<slug:slug>/archive/"), reviewing.project_archive, name="project_archive"),
    path(
        _("projects/<slug:slug>/republish/"),
        reviewing.project_republish,
        name="project_republish",
    ),
    path(_("projects/<slug:slug>/history/"), tracing.project_history, name="project_history"),
    path(
        _("projects/<slug:slug>/changes/<int:pk>/"),
        tracing.project_change,
        name="project_change",
    ),
    path(
        _("projects/<slug:slug>/changes/<int:pk>/restore/"),
        tracing.project_restore,
        name="project_restore",
    ),
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
    path(_("partnerships/<int:pk>/leave/"), partnering.partnership_leave, name="partnership_leave"),
    path(
        _("partnerships/<int:pk>/take-back/"),
        partnering.partnership_cancel,
        name="partnership_cancel",
    ),
    path(
        _("partnerships/<int:pk>/welcome/"),
        partnering.partnership_welcome,
        name="partnership_welcome",
    ),
    path(
        _("partnerships/<int:pk>/refuse/"),
        partnering.partnership_refuse,
        name="partnership_refuse",
    ),
    path(
        _("partnerships/<int:pk>/let-edit/"),
        partnering.partnership_let_edit,
        name="partnership_let_edit",
    ),
    path(
        _("partnerships/<int:pk>/only-updates/"),
        partnering.partnership_only_updates,
        name="partnership_only_updates",
    ),
    path(
        _("partnerships/answer/<str:token>/"),
        partnering.partnership_answer,
        name="partnership_answer",
    ),
    path(
        _("projects/<slug:slug>/partners/invite/"),
        partnering.partnership_invite,
        name="partnership_invite",
    ),
    path(
        _("projects/<slug:slug>/partners/ask/"),
        partnering.partnership_ask,
        name="partnership_ask",
    ),
]

# What happened, told by the cities
updates = [
    path(_("projects/<slug:slug>/updates/"), updating.update_list, name="update_list"),
    path(_("projects/<slug:slug>/updates/new/"), updating.update_create, name="update_create"),
    path(_("updates/<int:pk>/edit/"), updating.update_edit, name="update_edit"),
    path(_("updates/<int:pk>/remove/"), updating.update_delete, name="update_delete"),
]

urlpatterns = [*pages, *verbs, *partnerships, *updates]
