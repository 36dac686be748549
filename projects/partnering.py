"""Working together: cities that are asked to take part, and their answers."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.acting import do, do_with_comment
from projects.partnerships import Partnership


@require_POST
def partnership_accept(request, pk):
    partnership = get_object_or_404(Partnership.objects.asked_of(request.user), pk=pk)
    return do(request, partnership, "accept", _("Your city takes part. The lead city is told."))


@require_POST
def partnership_decline(request, pk):
    partnership = get_object_or_404(Partnership.objects.asked_of(request.user), pk=pk)
    return do_with_comment(
        request, partnership, "decline", _("Declined. The lead city reads your reason.")
    )
