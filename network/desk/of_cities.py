"""What waits for the people of a city, said in a sentence and with the one way on."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.parts import Checkup
from network.desk.items import Item, about, after
from projects.models import Project
from projects.steps import section_of, stem_of


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
        missing_columns = project.missing(fields=project.has_fields)
        missing = [name_of(column) for column in missing_columns]
        yield about(
            project,
            label=_("Draft"),
            tone="",
            why=_("Still missing: %(names)s.") % {"names": ", ".join(missing)}
            if missing
            else _("Nothing is missing: it can be submitted."),
            when=after(project.updated_at, 30),
            action=(_("Go on"), step_of(project, missing_columns)),
        )


def step_of(project, columns):
    """The address of the step in which the first of these columns is asked for."""
    section = section_of(columns[0]) if columns else None
    if section is None:
        return reverse("project_edit", args=[project.slug])
    return reverse("project_step", args=[project.slug, section.key])


def sent_back(project):
    columns = list(project.last_remarks)
    remarks = len(columns)
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
        action=(_("Work on it"), step_of(project, columns)),
    )


def name_of(column):
    """What a column is called, without its language."""
    return str(Project._meta.get_field(stem_of(column)).verbose_name)


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
            action=(_("Add results"), reverse("project_step", args=[project.slug, "results"])),
        )


def checkups(desk, cities):
    for city in cities:
        yield Item(
            label=_("Check-up"),
            what=city,
            url=city.get_absolute_url(),
            why=_("Is all that its page says still right?"),
            when=city.asked_on + Checkup.PATIENCE,
            due=city.asked_on + Checkup.PATIENCE,
            action=(_("Look and say so"), city.get_absolute_url()),
        )


def completeness(desk, cities):
    for city in cities:
        if city.missing:
            yield Item(
                label=_("The city’s page"),
                tone="quiet",
                what=city,
                url=city.get_absolute_url(),
                why=ngettext(
                    "%(n)s important fact is missing.",
                    "%(n)s important facts are missing.",
                    city.missing,
                )
                % {"n": city.missing},
                when=after(desk.today, 30),
                action=(_("See which"), reverse("completeness")),
            )


def actions(desk, things):
    for action in things:
        yield Item(
            label=_("Action"),
            tone="bad" if action.is_late else "waiting",
            what=action,
            url=action.get_absolute_url(),
            why=_("Asked for by “%(meeting)s”.") % {"meeting": action.meeting},
            when=action.due_on,
            due=action.due_on,
            action=(_("Tell how it goes"), f"{action.get_absolute_url()}#how-it-goes"),
        )
