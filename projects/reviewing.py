"""The way of a project to the public: submitted, published, sent back, archived, withdrawn."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.acting import back_to, do, do_with_comment, too_late
from projects.models import Project
from projects.reviews import Review, ReviewForm
from projects.states import ProjectStatus


@require_POST
def project_submit(request, slug):
    project = get_object_or_404(Project.objects.led_by(request.user), slug=slug)
    if project.status == "draft" and project.missing():
        messages.warning(request, _("Not submitted yet: see below what is still missing."))
        return redirect(reverse("project_edit", args=[slug], query={"missing": "yes"}))
    return do(request, project, "submit", _("Submitted: the coordinators have been told."))


@require_POST
def project_take_back(request, slug):
    project = get_object_or_404(Project.objects.led_by(request.user), slug=slug)
    return do(request, project, "take_back", _("Taken back: it is a draft again."))


def project_review(request, slug):
    """The whole card with what changed since last time, for a coordinator to decide about.

    Whoever decides too late gets back all that they wrote.
    """
    projects = Project.objects.overseen_by(request.user).select_related("lead", "contact")
    project = get_object_or_404(projects, slug=slug)
    form = ReviewForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid() and (done := form.decide(project, by=request.user)):
            messages.success(request, done)
            return back_to(request, project)
    elif project.status != ProjectStatus.SUBMITTED:
        return too_late(request, project)
    review = Review(project, form)
    return render(request, "projects/project_review.html", {"review": review, "form": form})


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
def project_republish(request, slug):
    project = get_object_or_404(Project.objects.overseen_by(request.user), slug=slug)
    return do(request, project, "republish", _("Published again: its cities can go on with it."))


@require_POST
def project_reopen(request, slug):
    project = get_object_or_404(Project.objects.withdrawable_by(request.user), slug=slug)
    return do(request, project, "reopen", _("Reopened: it is a draft again."))
