from django.urls import path
from django.utils.translation import gettext_lazy as _

from projects import views

urlpatterns = [
    path(_("projects/"), views.project_list, name="project_list"),
    path(_("projects/new/"), views.project_create, name="project_create"),
    path(_("projects/<slug:slug>/"), views.project_detail, name="project_detail"),
    path(_("projects/<slug:slug>/edit/"), views.project_edit, name="project_edit"),
    path(_("projects/<slug:slug>/submit/"), views.project_submit, name="project_submit"),
    path(_("projects/<slug:slug>/approve/"), views.project_approve, name="project_approve"),
    path(_("projects/<slug:slug>/send-back/"), views.project_send_back, name="project_send_back"),
    path(_("projects/<slug:slug>/withdraw/"), views.project_withdraw, name="project_withdraw"),
    path(_("projects/<slug:slug>/archive/"), views.project_archive, name="project_archive"),
    path(_("projects/<slug:slug>/reopen/"), views.project_reopen, name="project_reopen"),
    path(_("partnerships/<int:pk>/accept/"), views.partnership_accept, name="partnership_accept"),
    path(
        _("partnerships/<int:pk>/decline/"), views.partnership_decline, name="partnership_decline"
    ),
]
