from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render


@login_not_required
def meeting_list(request, slug="", pk=0):
    return render(request, "meetings/meeting_list.html")


@login_not_required
def meeting_detail(request, slug="", pk=0):
    return render(request, "meetings/meeting_detail.html")


@login_not_required
def meeting_calendar(request, slug="", pk=0):
    return render(request, "meetings/meeting_calendar.html")
