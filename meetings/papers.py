"""The documents of a meeting, handed out: all at once, and to guests who have no account."""

import re
import unicodedata
from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.contrib.contenttypes.models import ContentType
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from zipstream import ZipStream

from documents.files import extension_of
from documents.views import hand_out, refused
from journal.signed_links import by_link
from meetings.agenda import AgendaItem, put_in_order
from meetings.answering import invitation_of
from meetings.models import Meeting
from meetings.page_parts import papers_for, papers_of

# What Windows does not allow in names; DEL and the like are no letters anywhere.
FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')
RESERVED = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10)),
}
LONGEST = 80


@login_not_required
@never_cache
@require_safe
def meeting_papers(request, slug):
    """All documents of a meeting that this reader may open, in one archive."""
    meeting = Meeting.objects.visible_to(request.user).filter(slug=slug).first()
    papers = list(papers_of(meeting).visible_to(request.user)) if meeting else []
    return archive_of(meeting, papers) if papers else refused(request)


@login_not_required
@never_cache
@require_safe
@by_link(gone="meetings/meeting_answer_gone.html")
def meeting_answer_papers(request, token):
    """The same for whoever holds the link of a letter; those with an account log in first."""
    invitation, _person = invitation_of(token)
    if invitation.user_id:
        return redirect("meeting_papers", invitation.meeting.slug)
    papers = list(papers_for(invitation))
    return archive_of(invitation.meeting, papers) if papers else refused(request)


@login_not_required
@never_cache
@require_safe
@by_link(gone="meetings/meeting_answer_gone.html")
def meeting_paper(request, token, pk):
    """One document for whoever holds the link of a letter; those with an account log in first."""
    invitation, _person = invitation_of(token)
    if invitation.user_id:
        return redirect("document_download", pk)
    document = get_object_or_404(papers_for(invitation), pk=pk)
    return hand_out(document.file, document.title)


def archive_of(meeting, papers):
    """Documents as one archive that is made while it is sent, never whole in memory or on disk.

    Its folders are the items of the agenda. What the disk has lost is told in a note inside.
    """
    items = {item.pk: item for item in put_in_order(meeting, meeting.agenda.all())}
    archive, taken, lost = ZipStream(), set(), []
    for paper in papers:
        name = free_name(folder_of(paper, items), paper, taken)
        if paper.size is None:
            lost.append(name)
        else:
            archive.add(chunks_of(paper.file), name, size=paper.size)
    if lost:
        archive.add("\r\n".join([_("These files are missing:"), *lost, ""]), _("Missing files.txt"))
    name = content_disposition_header(True, f"{meeting.slug}.zip")
    return StreamingHttpResponse(
        archive, content_type="application/zip", headers={"Content-Disposition": name}
    )


def folder_of(paper, items):
    """The folder of its agenda item, "2.1 Budget/"; none for documents of the whole meeting."""
    if paper.content_type_id != ContentType.objects.get_for_model(AgendaItem).pk:
        return ""
    item = items[paper.object_id]
    return f"{plain(f'{item.place.number} {item.title}')}/"


def free_name(folder, paper, taken):
    """Its title as a name that is not taken yet; capitals make no difference on Windows."""
    ending, title, count = extension_of(paper.file.name), plain(paper.title), 1
    name = f"{folder}{title}{ending}"
    while name.casefold() in taken:
        count += 1
        name = f"{folder}{title} ({count}){ending}"
    taken.add(name.casefold())
    return name


def plain(text):
    """A title as every system can write it: composed letters, nothing invisible or forbidden."""
    text = FORBIDDEN.sub(" ", unicodedata.normalize("NFC", text))
    text = "".join(sign for sign in text if unicodedata.category(sign)[0] != "C" or sign.isspace())
    text = " ".join(text.split())[:LONGEST].strip(" .")
    return f"_{text}" if text.split(".")[0].upper() in RESERVED else text or "_"


def chunks_of(file):
    with suppress(FileNotFoundError), file.open("rb") as content:
        yield from content.chunks()
