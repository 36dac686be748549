"""The minutes as a paper: the same record as the page, with the words that stand around it."""

import base64

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from documents.typeset import typeset
from meetings.record import annexes_told, standing, told


def minutes_pdf(meeting):
    """The minutes as a PDF in the active language, dated by the day of the meeting."""
    record = told(meeting)
    head = record["letterhead"]
    logo = base64.b64decode(head["logo"]) if head["logo"] else None
    data = {
        "record": {**record, "letterhead": {**head, "logo": logo}},
        "standing": standing(meeting).text,
        "annexes": annexes_told(meeting),
        "words": words(),
    }
    title = _("Minutes: %(meeting)s") % {"meeting": record["title"]["text"]}
    return typeset("minutes", data, language=get_language(), title=title, date=meeting.starts_on)


def words():
    """What the paper calls things."""
    return {
        "minutes": _("Minutes of the meeting"),
        "day": _("Day"),
        "hours": _("Time in Italy"),
        "place": _("Place"),
        "how": _("How"),
        "chair": _("Chaired by"),
        "secretary": _("Written by"),
        "present": _("Those present"),
        "nobody": _("Nobody is marked as present."),
        "quorum": _("Quorum"),
        "city": _("City"),
        "name": _("Name"),
        "role": _("As"),
        "attended": _("Attendance"),
        "agenda": _("Agenda and minutes"),
        "presenter": _("Presented by"),
        "no_text": _("Nothing is recorded under this item."),
        "decision": _("Decision"),
        "decided": _("How it was decided"),
        "action": _("Action"),
        "cities": _("Responsible"),
        "due_on": _("By"),
        "line": _("Strategic line"),
        "project": _("Project"),
        "projects": _("Projects"),
        "others": _("Other decisions and actions"),
        "annexes": _("Annexes"),
    }
