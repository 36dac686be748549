"""Filling in the forms of a card as a browser does: what stands in the page, and what is typed."""

from django.http import QueryDict

from projects.models import Project
from tests import make
from tests.markup import Page

NEW = "/en/projects/new/"


def step(project, key="essentials"):
    """The address of a step of the card."""
    return f"/en/projects/{project.slug}/edit/{key}/"


def as_opened(response):
    """What the page's card form would send back untouched."""
    form = response.context["form"]
    page = Page(response.content.decode())
    sent = QueryDict(mutable=True)
    for field in page.all("input", "textarea", "select"):
        name, kind = field["name"], field["type"]
        if not name or "__prefix__" in name or name in ("q", "csrfmiddlewaretoken"):
            continue
        if field.tag == "input" and kind not in ("file", "submit"):
            if kind not in ("checkbox", "radio") or "checked" in field:
                sent.appendlist(name, field["value"] or ("on" if kind == "checkbox" else ""))
        elif field.tag == "textarea":
            sent.appendlist(name, field.text.removeprefix("\n"))
    for each in [form, *(row for rows in form.rows.values() for row in rows)]:
        for bound in each:
            if "select" in bound.field.widget.__class__.__name__.lower():
                value = bound.value()
                if not isinstance(value, list | tuple):
                    sent[bound.html_name] = "" if value is None else str(value)
    return sent


def typed(response, **values):
    """What the page's form sends after these inputs were changed."""
    sent = as_opened(response)
    for name, value in values.items():
        if isinstance(value, list):
            sent.setlist(name, value)
        else:
            sent[name] = value
    files = {name: value for name, value in values.items() if hasattr(value, "read")}
    return {name: each if len(each) > 1 else each[0] for name, each in sent.lists() if each} | files


def beginning(city, **values):
    """What a browser sends for a small new project."""
    return {
        "title_it": "Carta viva",
        "summary_it": "La carta fatta a mano, per le scuole.",
        "lead": city.pk,
        "precision": "day",
        **values,
    }


def complete(lead, **values):
    """A draft that has all that is needed to submit it."""
    told = {"text_it": "<p>Ogni classe fa il suo foglio.</p>", "starts_on": "2027-02-01"}
    return make.project(lead=lead, fields=["design"], **{**told, **values})


def only_project():
    return Project.objects.get()
