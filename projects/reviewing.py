"""The way of a project to the public: submitted, published, sent back, archived, withdrawn."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.acting import do, do_with_comment
from projects.models import Project


@require_POST
def project_submit(request, slug):
    project = get_object_or_404(Project.objects.led_by(request.user), slug=slug)
    if project.status == "draft" and project.missing():
        messages.warning(request, _("Not submitted yet: see below what is still missing."))
        return redirect(reverse("project_edit", args=[slug], query={"missing": "yes"}))
    return do(request, project, "submit", _("Submitted: the coordinators have been told."))


@require_POST
def project_approve(request, slug):
    project = get_object_or_404(Project.objects.overseen_by(request.user), slug=slug)
    return do(request, project, "approve", _("Published: the cities concerned have been told."))


@require_POST
def project_send_back(request, slug):
    project = get_object_or_404(Project.objects.overseen_by(request.user), slug=slug)
    return do_with_comment(
        request, project, "send_back", _("Sent back: its city has been told, with your comment.")
    )


@require_POST
def project_withdraw(request, slug):
    project = get_object_or_404(Project.objects.withdrawable_by(request.user), slug=slug)
    return do(request, project, "withdraw", _("Withdrawn: the public no longer sees it."))


@require_POST
def project_archive(request, slug):
    project = get_object_or_404(Project.objects.overseen_by(request.user), slug=slug)
    return do(request, project, "archive", _("Archived: it stays at its address with a notice."))


@require_POST
def project_reopen(request, slug):
    project = get_object_or_404(Project.objects.withdrawable_by(request.user), slug=slug)
    return do(request, project, "reopen", _("Reopened: it is a draft again."))
