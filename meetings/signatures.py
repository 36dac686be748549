"""The sheet that those present sign, on paper."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.letterhead import letterhead
from documents.typeset import typeset
from meetings.models import Meeting
from meetings.states import Answer

BLANK = 8  # rows for those who are not on the list


@require_safe
def meeting_signatures(request, pk):
    """A sheet for signatures as PDF: landscape A4, city by city, with empty rows at its end."""
    meeting = get_object_or_404(Meeting.objects.select_related("host"), pk=pk)
    title = _("Signatures: %(meeting)s") % {"meeting": meeting.title}
    paper = typeset(
        "signatures",
        sheet_of(meeting),
        language=get_language(),
        title=title,
        date=meeting.starts_on,
    )
    headers = {"Content-Disposition": content_disposition_header(False, f"{slugify(title)}.pdf")}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


def sheet_of(meeting):
    """What stands on it: everybody on the list, but those in whose place somebody else comes."""
    invitations = meeting.invitations.standing().exclude(answer=Answer.SUBSTITUTE).for_lists()
    facts = [meeting.moment, meeting.place]
    return {
        "letterhead": letterhead(meeting.starts_on),
        "meeting": {"title": meeting.title, "about": " · ".join(filter(None, facts))},
        "rows": [
            [str(each.city or ""), each.person, each.get_role_display()] for each in invitations
        ],
        "blank": BLANK,
        "words": {
            "sheet": _("List of presence"),
            "city": _("City"),
            "name": _("Name"),
            "role": _("As"),
            "signature": _("Signature"),
        },
    }
