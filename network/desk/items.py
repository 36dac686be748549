"""One thing that waits, as the desk says it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from network.desk.things import MOST
from network.templatetags.portal import language_of


@dataclass
class Item:
    """One thing that waits: what, why, until when, and the way on."""

    label: str
    what: object
    url: str
    why: str
    when: date  # what it is sorted by: the day it is due, or by which it has waited long enough
    due: date | None = None
    day: str = ""
    tone: str = "waiting"
    comment: str = ""
    action: tuple = ()  # label and address of the one button
    verbs: list | None = None  # or the verbs that answer it, and the URLs they belong to
    prefix: str = ""
    key: object = None
    form: object = None  # or the form of an invitation to a meeting

    @property
    def language(self):
        """In which language its name stands."""
        return language_of(self.what, "title") if hasattr(self.what, "title_it") else ""

    @property
    def is_late(self):
        return self.due is not None and self.due < timezone.localdate()


def after(moment, days):
    """A day so many days after a day or a moment."""
    day = timezone.localtime(moment).date() if hasattr(moment, "hour") else moment
    return day + timedelta(days=days)


def about(project, **said):
    return Item(what=project, url=project.get_absolute_url(), **said)


def together(things, **said):
    """Several things as one line, by their names; none where there is none."""
    if things:
        names = ", ".join(sorted(str(each) for each in things[:MOST]))
        more = _("%(names)s and others") % {"names": names}
        yield Item(why=more if len(things) > MOST else names, tone="", **said)
