"""What can wait for a person: each kind with its question and with what the desk says of it.

A room that brings something new adds one entry to WAITING.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import Exists
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.models import City, DelegateRole
from meetings.models import Meeting, MeetingStatus, Track
from network.desk.things import MOST, open_checkups
from network.templatetags.portal import language_of
from projects.models import Project
from projects.partnerships import Partnership

TRACK_OF = {
    DelegateRole.POLITICAL: Track.POLITICAL,
    DelegateRole.FOCAL_POINT: Track.TECHNICAL,
    DelegateRole.COLLABORATOR: Track.TECHNICAL,
}


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


# What waits for a city


def invitations(desk, partnerships):
    for each in partnerships:
        until = each.project.partners_until
        yield about(
            each.project,
            label=_("Invitation"),
            why=_("%(lead)s asks %(city)s to take part.")
            % {"lead": each.project.lead, "city": each.city},
            comment=each.message,
            when=until or after(each.asked_at, 14),
            due=until,
            verbs=each.verbs_for(desk.user),
            prefix="partnership",
            key=each.pk,
        )


def asking(desk, partnerships):
    for each in partnerships:
        yield about(
            each.project,
            label=_("Asks to join"),
            why=_("%(city)s would like to take part.") % {"city": each.city},
            comment=each.message,
            when=after(each.asked_at, 14),
            verbs=each.verbs_for(desk.user),
            prefix="partnership",
            key=each.pk,
        )


def drafts(desk, projects):
    """Drafts, with what they still miss; those sent back with what was said of them."""
    for project in projects:
        if project.was_sent_back:
            yield sent_back(project)
            continue
        missing = [name_of(column) for column in project.missing()]
        yield about(
            project,
            label=_("Draft"),
            tone="",
            why=_("Still missing: %(names)s.") % {"names": ", ".join(missing)}
            if missing
            else _("Nothing is missing: it can be submitted."),
            when=after(project.updated_at, 30),
            action=(_("Go on"), reverse("project_edit", args=[project.slug])),
        )


def sent_back(project):
    remarks = len((project.last_details or {}).get("remarks", {}))
    return about(
        project,
        label=_("Sent back"),
        tone="bad",
        why=ngettext("%(n)s remark on a part of it.", "%(n)s remarks on parts of it.", remarks)
        % {"n": remarks}
        if remarks
        else _("The coordinators ask you to look at it again."),
        comment=project.last_comment,
        when=after(project.updated_at, 14),
        action=(_("Work on it"), reverse("project_edit", args=[project.slug])),
    )


def name_of(column):
    """What a column is called; of one in two languages, without the language."""
    return str(Project._meta.get_field(column.removesuffix("_it")).verbose_name)


def submitted(desk, projects):
    for project in projects:
        yield about(
            project,
            label=_("Submitted"),
            tone="quiet",
            why=_("With the coordinators since %(date)s. You will hear by mail.")
            % {"date": date_format(project.updated_at, "DATE_FORMAT")},
            when=after(project.updated_at, 365),
        )


def results(desk, projects):
    for project in projects:
        yield about(
            project,
            label=_("Results"),
            why=_("It ended on %(date)s. What came of it? One number is a beginning.")
            % {"date": date_format(project.ends_on, "DATE_FORMAT")},
            when=after(project.ends_on, 90),
            action=(_("Add results"), reverse("project_edit", args=[project.slug])),
        )


def checkups(desk, cities):
    for city in cities:
        yield Item(
            label=_("Check-up"),
            what=city,
            url=city.get_absolute_url(),
            why=_("Is all that its page says still right?"),
            when=after(city.asked_on, 30),
            due=after(city.asked_on, 30),
            action=(_("Look and say so"), city.get_absolute_url()),
        )


def meetings(desk, things):
    for meeting in things:
        link = "" if desk.is_candidate else meeting.online_link
        hour = _("at %(hour)s") % {
            "hour": date_format(timezone.localtime(meeting.starts_at), "H:i")
        }
        yield Item(
            label=_("Meeting"),
            tone="good",
            what=meeting,
            url=meeting.get_absolute_url(),
            why=", ".join(filter(None, [meeting.has_time and hour, meeting.place])),
            when=meeting.starts_on,
            day=meeting.day,
            action=(_("Take part online"), link) if link else (),
        )


# What waits for the coordinators


def reviews(desk, projects):
    for project in projects:
        yield about(
            project,
            label=_("To review: your field") if project.is_for_me else _("To review"),
            why=_("%(city)s, waiting since %(date)s.")
            % {"city": project.lead, "date": date_format(project.updated_at, "DATE_FORMAT")},
            when=after(project.updated_at, 5 if project.is_for_me else 10),
            action=(_("Review"), project.get_absolute_url()),
        )


def orphans(desk, projects):
    for project in projects:
        yield about(
            project,
            label=_("Without editor"),
            tone="bad",
            why=_("Nobody acts for %(city)s: the card cannot be kept.") % {"city": project.lead},
            when=desk.today,
            action=(
                _("Name a delegate"),
                reverse("admin:cities_city_change", args=[project.lead_id]),
            ),
        )


def silent_cities(desk, cities):
    return together(
        cities,
        label=_("Check-up"),
        what=_("Cities that have not answered"),
        url=reverse("admin:cities_city_changelist"),
        when=desk.today,
    )


def newcomers(desk, people):
    return together(
        people,
        label=_("People"),
        what=_("Invited, not yet in"),
        url=reverse("admin:accounts_user_changelist"),
        when=after(desk.today, 7),
    )


def together(things, **said):
    """Several things as one line, by their names; none where there is none."""
    if things:
        names = ", ".join(sorted(str(each) for each in things[:MOST]))
        more = _("%(names)s and others") % {"names": names}
        yield Item(why=more if len(things) > MOST else names, tone="", **said)


def coming_meetings(desk):
    """A delegate's tracks; a candidate city's the public ones; others': all."""
    coming = Meeting.objects.visible_to(desk.user).filter(status=MeetingStatus.CONVENED).coming()
    if desk.user.is_coordinator or desk.user.is_observer:
        return coming
    tracks = {TRACK_OF[each.role] for each in desk.delegations if each.of_member}
    if not tracks:
        return coming.filter(is_public=True)
    return coming.filter(track__in=[*tracks, Track.BOTH])


class Kind(NamedTuple):
    """Something that can wait: for whom, which things they are, and how it is said."""

    name: str
    concerns: Callable  # desk → whether it can wait for this person
    question: Callable  # desk → a queryset
    said: Callable  # desk, things → items


def of_a_city(desk):
    return bool(desk.own)


def of_the_coordination(desk):
    return desk.user.is_coordinator


def of_all(desk):
    return True


WAITING = [
    Kind(
        "invitations",
        of_a_city,
        lambda desk: Partnership.objects.answerable_by(desk.user).order_by("asked_at"),
        invitations,
    ),
    Kind(
        "asking",
        of_a_city,
        lambda desk: Partnership.objects.to_decide_by(desk.user).order_by("asked_at"),
        asking,
    ),
    Kind(
        "drafts",
        of_a_city,
        lambda desk: Project.objects.led_by(desk.user).drafts().order_by("-updated_at"),
        drafts,
    ),
    Kind(
        "checkups",
        of_a_city,
        lambda desk: City.objects.served_by(desk.user).filter(Exists(open_checkups())),
        checkups,
    ),
    Kind(
        "results",
        of_a_city,
        lambda desk: Project.objects.led_by(desk.user).asked_for_results().order_by("-ends_on"),
        results,
    ),
    Kind(
        "submitted",
        of_a_city,
        lambda desk: Project.objects.led_by(desk.user).submitted().order_by("-updated_at"),
        submitted,
    ),
    Kind("meetings", of_all, coming_meetings, meetings),
    Kind(
        "reviews",
        of_the_coordination,
        lambda desk: Project.objects.reviewable_by(desk.user).order_by("updated_at"),
        reviews,
    ),
    Kind(
        "orphans",
        of_the_coordination,
        lambda desk: Project.objects.without_editor().recent(),
        orphans,
    ),
    Kind(
        "newcomers",
        of_the_coordination,
        lambda desk: get_user_model().objects.invited().order_by("invited_at"),
        newcomers,
    ),
]
