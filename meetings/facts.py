"""When and where a meeting is, as its letters say it; and what has changed since a letter said so.

Each letter keeps what it said, as plain data, so that a later one can tell what has changed.
"""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.dates import known_date
from meetings.states import Mode, MomentPrecision


class Change(NamedTuple):
    """What a letter said before, and what holds now."""

    label: str
    before: str
    now: str


def facts_of(meeting):
    """When and where a meeting is, as plain data; the place in each language."""
    places = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            places[language] = where_of(meeting)
    return {
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at and meeting.ends_at.isoformat(),
        "precision": str(meeting.precision),
        "place": places,
        "online_link": meeting.online_link,
    }


def where_of(meeting):
    if meeting.mode == Mode.ONLINE:
        return _("Online")
    if meeting.mode == Mode.BOTH and meeting.place:
        return _("%(place)s, and online") % {"place": meeting.place}
    return meeting.place


def changes_between(said, facts):
    """What holds now and was not said before, in the language of the moment."""
    language = get_language()
    pairs = [
        (_("When"), when(said), when(facts)),
        (_("Where"), said["place"][language], facts["place"][language]),
        (_("Online link"), said["online_link"], facts["online_link"]),
    ]
    return [Change(*pair) for pair in pairs if pair[1] != pair[2]]


def when(facts):
    """The days and hours in Italy, as far as they are known."""
    start = moment(facts["starts_at"])
    end = moment(facts["ends_at"]) if facts["ends_at"] else None
    if facts["precision"] in (MomentPrecision.MONTH, MomentPrecision.YEAR):
        return known_date(start.date(), facts["precision"])
    first, last = day(start), day(end or start)
    words = {"first": first, "last": last, "start": hour(start), "end": hour(end or start)}
    if facts["precision"] == MomentPrecision.DAY:
        return first if first == last else _("%(first)s to %(last)s") % words
    if end is None:
        return _("%(first)s, %(start)s, Italian time") % words
    if first == last:
        return _("%(first)s, %(start)s to %(end)s, Italian time") % words
    return _("%(first)s, %(start)s, to %(last)s, %(end)s, Italian time") % words


def moment(written):
    return timezone.localtime(datetime.fromisoformat(written))


def day(at):
    """With the day of the week, which people check first."""
    return f"{date_format(at, 'l')} {date_format(at, 'DATE_FORMAT')}"


def hour(at):
    return f"{at:%H:%M}"
