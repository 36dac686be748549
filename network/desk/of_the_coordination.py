"""What waits for the coordinators."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.desk.items import about, after, together
from network.desk.things import MOST


def reviews(desk, projects):
    for project in projects:
        yield about(
            project,
            label=_("To review: your field") if project.is_for_me else _("To review"),
            why=_("%(city)s, waiting since %(date)s.")
            % {"city": project.lead, "date": date_format(project.updated_at, "DATE_FORMAT")},
            when=after(project.updated_at, 5 if project.is_for_me else 10),
            action=(_("Review"), reverse("project_review", args=[project.slug])),
        )


def overdue(desk, actions):
    """One line, which leads to the table of them all."""
    many = len(actions)
    if many > MOST:
        what = _("More than %(n)s actions are overdue") % {"n": MOST}
    else:
        what = ngettext("%(n)s action is overdue", "%(n)s actions are overdue", many) % {"n": many}
    return together(
        actions,
        label=_("Actions"),
        what=what,
        url=reverse("action_list", query={"status": "overdue"}),
        when=desk.today,
    )


def orphans(desk, projects):
    for project in projects:
        yield about(
            project,
            label=_("Without editor"),
            tone="bad",
            why=_("Nobody acts for %(city)s: the card cannot be kept.") % {"city": project.lead},
            when=desk.today,
            action=(_("Name a delegate"), reverse("city_people", args=[project.lead.slug])),
        )


def silent_cities(desk, cities):
    return together(
        cities,
        label=_("Check-up"),
        what=_("Cities that have not answered"),
        url=reverse("completeness"),
        when=desk.today,
    )


def newcomers(desk, people):
    return together(
        people,
        label=_("People"),
        what=_("Invited, not yet in"),
        url=reverse("admin:accounts_user_changelist", query={"standing": "invited"}),
        when=after(desk.today, 7),
    )


def dormant(desk, people):
    return together(
        people,
        label=_("People"),
        what=_("Away for a year"),
        url=reverse("admin:accounts_user_changelist", query={"standing": "dormant"}),
        when=after(desk.today, 14),
    )
