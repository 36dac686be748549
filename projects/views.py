from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


@login_not_required
def project_list(request, slug="", pk=0):
    return render(request, "projects/project_list.html")


@login_not_required
def project_create(request, slug="", pk=0):
    return render(request, "projects/project_create.html")


@login_not_required
def project_detail(request, slug="", pk=0):
    return render(request, "projects/project_detail.html")


@login_not_required
def project_edit(request, slug="", pk=0):
    return render(request, "projects/project_edit.html")


@login_not_required
def project_submit(request, slug="", pk=0):
    return render(request, "projects/project_submit.html")


@login_not_required
def project_approve(request, slug="", pk=0):
    return render(request, "projects/project_approve.html")


@login_not_required
def project_send_back(request, slug="", pk=0):
    return render(request, "projects/project_send_back.html")


@login_not_required
def project_withdraw(request, slug="", pk=0):
    return render(request, "projects/project_withdraw.html")


@login_not_required
def partnership_accept(request, slug="", pk=0):
    return render(request, "projects/partnership_accept.html")


@login_not_required
def partnership_decline(request, slug="", pk=0):
    return render(request, "projects/partnership_decline.html")
