"""What a project's page tells besides its text: facts, and how to cite it."""

from itertools import groupby

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from cities.card_values import said_number
from cities.cards import names_of
from projects.models import Project


def facts_of(project, knows_all):
    """Label and value of what the card tells in few words, in the card's order.

    Money that is not public is told, and marked, only to those who know all of the project.
    """
    values = {
        "lead": format_html('<a href="{}">{}</a>', project.lead.get_absolute_url(), project.lead),
        "phase": project.get_phase_display().capitalize(),
        "starts_on": project.period,
        "scope": project.get_scope_display().capitalize(),
        "lines": listed(project.lines.all()),
        "areas": listed(area.title for area in project.areas.all()),
        "goals": listed(project.goals.all()),
        "budget": budget_of(project, knows_all),
        "fundings": listed(told_fundings(project, knows_all)),
    }
    return [(label_of(name), values[name]) for name in names_of(Project) if name in values]


def label_of(name):
    field = Project._meta.get_field(name)
    if name == "starts_on":
        return _("period")
    return _("funded by") if name == "fundings" else field.verbose_name


def listed(rows):
    rows = format_html_join("", "<li>{}</li>", ((row,) for row in rows))
    return rows and format_html("<ul>{}</ul>", rows)


def budget_of(project, knows_all):
    if project.budget is None or not (project.budget_is_public or knows_all):
        return ""
    return marked(in_euro(project.budget), project.budget_is_public)


def told_fundings(project, knows_all):
    """Programme, grant number and amount, of each funding that may be told."""
    for funding in project.fundings.all():
        if funding.is_public or knows_all:
            amount = in_euro(funding.amount) if funding.amount is not None else ""
            words = [funding.programme, funding.grant_number, amount]
            yield marked(", ".join(filter(None, words)), funding.is_public)


def marked(text, is_public):
    """The text, with a sign where the public does not see it."""
    if is_public:
        return text
    return format_html('{} <span class="tag tag--waiting">{}</span>', text, _("Not public"))


def in_euro(amount):
    return "€ " + said_number(amount, 2)


def partners_by_country(partners):
    """Partners outside the network, those in Italy first, then country by country."""
    partners = sorted(partners, key=lambda each: (each.country.code != "IT", each.country.name))
    return [
        (country, list(group)) for country, group in groupby(partners, lambda each: each.country)
    ]


def aims_of(project):
    """What it is for, beside its story: heading, name of the field, words."""
    aims = [(_("Objectives"), "objectives"), (_("For whom"), "target_groups")]
    return [(heading, name, words) for heading, name in aims if (words := getattr(project, name))]


def licences_of(things):
    """Under which licences these pictures stand, each once."""
    pictures = [thing for thing in things if thing.picture and thing.picture_licence]
    return {each.picture_licence: each for each in pictures}.values()


def citation_of(project):
    """How to cite it: who, what, when, where, and on which day it was read."""
    return _("%(city)s, “%(title)s”, %(site)s, %(year)s. %(address)s (read on %(today)s)") % {
        "city": project.lead,
        "title": project.title,
        "site": _("UNESCO Creative Cities, Italian network"),
        "year": (project.published_at or project.updated_at).year,
        "address": settings.SITE_URL + project.get_absolute_url(),
        "today": date_format(timezone.localdate(), "DATE_FORMAT"),
    }
