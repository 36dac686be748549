"""What a project's page tells besides its text: facts, kin, linked data."""

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.cards import names_of
from projects.choices import named
from projects.models import Project

NEAR = 24  # of so many recent ones the nearest are shown


def facts_of(project):
    """Label and value of what the card tells in few words, in the card's order."""
    belongs = named(lines=project.lines.all(), goals=project.goals.all())
    values = {
        "lead": format_html('<a href="{}">{}</a>', project.lead.get_absolute_url(), project.lead),
        "phase": project.get_phase_display().capitalize(),
        "starts_on": project.period,
        "lines": listed(belongs["lines"]),
        "goals": listed(belongs["goals"]),
    }
    labels = {"starts_on": _("period")}
    return [
        (labels.get(name) or Project._meta.get_field(name).verbose_name, values[name])
        for name in names_of(Project)
        if name in values
    ]


def listed(choices):
    rows = format_html_join("", "<li>{}</li>", ((name,) for _key, name in choices))
    return rows and format_html("<ul>{}</ul>", rows)


def kin_of(project, most=3):
    """Public projects that share most with this one, each with the fields it shares."""
    akin = Project.objects.published().akin_to(project).select_related("lead")
    near = list(akin.defer("text_it", "text_en").recent()[:NEAR]) if project.is_public else []
    prefetch_related_objects([project, *near], "fields")
    for other in near:
        other.shared = [each for each in project.fields.all() if each in other.fields.all()]
    near.sort(key=lambda other: len(other.shared) + other.shares_line, reverse=True)
    return near[:most]


def schema_of(project, partnerships):
    """The project as schema.org knows it."""
    accepted = [each.city for each in partnerships if each.status == "accepted"]
    schema = {
        "@type": "CreativeWork",
        "name": project.title,
        "abstract": project.summary,
        "url": settings.SITE_URL + project.get_absolute_url(),
        "inLanguage": get_language(),
        "creator": city_schema(project.lead),
        "contributor": [city_schema(city) for city in accepted],
        "about": [field.name for field in project.fields.all()],
        "creativeWorkStatus": project.get_phase_display(),
        "datePublished": project.published_at and project.published_at.date().isoformat(),
        "dateModified": project.updated_at.date().isoformat(),
        "temporalCoverage": span_of(project),
        "image": settings.SITE_URL + project.picture.url if project.picture else "",
    }
    return {name: value for name, value in schema.items() if value}


def city_schema(city):
    return {"@type": "City", "name": city.name, "url": settings.SITE_URL + city.get_absolute_url()}


def span_of(project):
    """From when to when, as ISO 8601 writes it; an open end is two dots."""
    if not project.starts_on:
        return ""
    return f"{project.starts_on:%Y-%m-%d}/{project.ends_on or '..'}"
