from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from meetings.models import Meeting
from meetings.steps import page_context


def meeting_write(request, pk):
    meeting = get_object_or_404(Meeting, pk=pk)
    return render(request, "admin/meetings/page.html", page_context(request, meeting, _("Minutes")))
