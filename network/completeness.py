"""Which of the important facts cities and projects lack, for those who can mend it."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django_filters import FilterSet, ModelChoiceFilter

from cities.cards import columns
from cities.important import with_missing, with_standings
from cities.models import City
from cities.tables import MOST_IN_XLSX, Column, Table
from projects.models import Project
from projects.states import EDITABLE, ProjectStatus

A_PAGE = 50
FILES = ["csv", "xlsx"]
IN_FILES = {"present": _("present"), "missing": _("missing"), "": _("not asked")}


def cities_for(user):
    return City.objects.editable_by(user)


def projects_for(user):
    """A coordinator's: all but withdrawn ones and other people's drafts; a delegate's: those whose
    card they keep."""
    projects = Project.objects
    mine = projects.visible_to(user) if user.is_coordinator else projects.worked_on_by(user)
    return mine.exclude(status=ProjectStatus.WITHDRAWN).select_related("lead")


LISTS = {"cities": cities_for, "projects": projects_for}
IN_ROWS = {  # what a row names of its thing
    "cities": columns(City, ["name"]),
    "projects": [*columns(Project, ["title", "status"]), "lead__name_it", "lead__name_en"],
}


class CityChoice(FilterSet):
    """The lists narrowed to one city."""

    city = ModelChoiceFilter(
        label=_("City"),
        queryset=lambda request: cities_for(request.user),
        to_field_name="slug",
        empty_label=_("All"),
        method="of_city",
    )

    def of_city(self, things, name, city):
        return things.filter(Q(pk=city.pk) if things.model is City else Q(lead=city))


def lists_of(request):
    """Both lists as this person may see them, narrowed as the address asks; 404 without a city."""
    if not cities_for(request.user).exists():
        raise Http404
    return {
        name: CityChoice(request.GET, with_missing(of(request.user)), request=request)
        for name, of in LISTS.items()
    }


@require_safe
def completeness(request):
    """What is there and what misses, those that miss most first."""
    filters = lists_of(request)
    cities = filters["cities"].qs.order_by("-missing", "name")
    projects = filters["projects"].qs.order_by("-missing", "-updated_at", "-pk")
    page = Paginator(projects.values_list("pk", flat=True), A_PAGE)
    page = page.get_page(request.GET.get("page"))
    shown = {
        "cities": (City, cities.values_list("pk", flat=True)[:A_PAGE]),
        "projects": (Project, page.object_list),
    }
    lists = [
        {
            "name": name,
            "heading": capfirst(model._meta.verbose_name_plural),
            "facts": model.IMPORTANT,
            "rows": rows_of(model, keys, request.user),
        }
        for name, (model, keys) in shown.items()
    ]
    has_choice = cities_for(request.user).count() > 1
    context = {
        "filter": filters["projects"],
        "has_choice": has_choice,
        "page": page,
        "lists": lists,
    }
    return render(request, "network/completeness.html", context)


def rows_of(model, keys, user):
    """The things with these keys, in this order, each with what is said of every fact."""
    keys = list(keys)
    things = with_standings(model.objects.filter(pk__in=keys))
    if model is Project:
        things = things.select_related("lead")
    found = {thing.pk: thing for thing in things}
    return [row_of(found[key], user) for key in keys if key in found]


def row_of(thing, user):
    cells = [(fact.label, standing_of(thing, fact)) for fact in thing.IMPORTANT]
    said = [standing for _label, standing in cells]
    return {
        "thing": thing,
        "cells": cells,
        "present": said.count("present"),
        "asked": said.count("present") + said.count("missing"),
        "mend": mend_url(thing, user),
    }


def standing_of(thing, fact):
    return getattr(thing, f"has_{fact.key}")


def mend_url(thing, user):
    """Where this person can add what misses."""
    if isinstance(thing, City):
        return reverse("city_edit", args=[thing.slug])
    if user.is_coordinator:
        return reverse("admin:projects_project_change", args=[thing.pk])
    if thing.status in EDITABLE:
        return reverse("project_edit", args=[thing.slug])
    return thing.get_absolute_url()


class OwnTable(Table):
    """A list for those who work on it, which is not given away under a licence."""

    def about(self):
        return {name: said for name, said in super().about().items() if "licence" not in name}


@require_safe
def completeness_download(request, name, format):
    """One of the lists as a file, with a column for each fact."""
    filters = lists_of(request)
    if name not in LISTS or format not in FILES:
        raise Http404
    things = with_standings(filters[name].qs).order_by("-missing", "pk").only(*IN_ROWS[name])
    if format == "xlsx":
        things = things[:MOST_IN_XLSX]
    return table_of(name, things.model).response(format, things)


def table_of(name, model):
    """The table with its heads in the reader's language."""
    page = settings.SITE_URL + reverse("completeness")
    words = {said: str(word) for said, word in IN_FILES.items()}

    def column(label, read):
        return Column(str(capfirst(label)), label, [], read)

    heads = [column(model._meta.verbose_name, str)]
    if model is Project:
        heads.append(column(_("lead city"), lambda project: project.lead.name))
        heads.append(column(_("status"), lambda project: project.get_status_display()))
    heads.append(column(_("how many facts miss"), lambda thing: thing.missing))
    facts = [
        column(fact.label, lambda thing, fact=fact: words[standing_of(thing, fact)])
        for fact in model.IMPORTANT
    ]
    return OwnTable(name, _("Completeness"), [*heads, *facts], page, page)
