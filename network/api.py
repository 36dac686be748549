"""The interface for programs: what the public reads, as JSON, at addresses that stay.

As AgID's guidelines for interoperability (ModI) ask: OpenAPI 3.1, dates as in RFC 3339, errors as
`application/problem+json` (RFC 9457), `cursor`, `limit`, `sort`, `q` and `fields`. No cookie is
read and none is set: whoever asks, from wherever, sees what everyone may see.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from json import dumps, loads
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, override
from django.views.decorators.http import require_safe
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import ValidationError as WrongQuery
from pydantic import create_model

from cities import exporting as city_tables
from cities.filters import CityFilter
from cities.models import City
from cities.tables import LICENCE, LICENCE_URL
from journal.public_pages import public_page
from projects import exporting as project_tables
from projects.filters import ProjectFilter
from projects.models import Project

MOST = 100
PREFIX = "/api/v1/"
EVERYONE = AnonymousUser()

api = NinjaAPI(
    title="Città Creative UNESCO",
    version="1.0.0",
    description="The projects and cities of the Italian UNESCO Creative Cities, as open data.",
    docs_url=None,
    openapi_url=None,
    servers=[{"url": settings.SITE_URL}],
    openapi_extra={"info": {"license": {"name": LICENCE, "url": LICENCE_URL}}},
)


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""


def problem(status, detail=""):
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=str(detail)).dict()
    return JsonResponse(body, status=status, content_type="application/problem+json")


@api.exception_handler(WrongQuery)
def wrong_query(request, error):
    told = (f"{each['loc'][-1]}: {each['msg']}" for each in error.errors)
    return problem(HTTPStatus.BAD_REQUEST, "; ".join(told))


@api.exception_handler(ValidationError)
def wrong_filter(request, error):
    told = (f"{name}: {' '.join(said)}" for name, said in error.message_dict.items())
    return problem(HTTPStatus.BAD_REQUEST, "; ".join(told))


@api.exception_handler(Http404)
def not_found(request, error):
    return problem(HTTPStatus.NOT_FOUND, _("There is nothing at this address."))


# What is asked and answered, from the columns of the tables and the filters of the lists.


def record_of(name, columns):
    """The shape of one thing; with `fields`, only what was asked for is there."""
    return create_model(
        name,
        __base__=Schema,
        **{
            each.name: (
                Any,
                Field(None, description=" ".join(map(str, [each.label, *each.explained]))),
            )
            for each in columns
        },
    )


def question_of(name, filterset, sorts):
    """The query of a list: the filters of its page, and how far to read."""
    filters = {
        key: (str | None, Field(None, description=str(each.label)))
        for key, each in filterset.base_filters.items()
        if key != "sort"
    }
    return create_model(
        name,
        __base__=Schema,
        **filters,
        cursor=(
            str | None,
            Field(None, description=gettext_noop("Where to go on: as `next` says.")),
        ),
        limit=(int, Field(20, ge=1, le=MOST, description=gettext_noop("How many at once."))),
        sort=(
            str,
            Field(
                sorts[0],
                pattern=f"^({'|'.join(sorts)})$",
                description=gettext_noop("What comes first."),
            ),
        ),
        fields=(
            str | None,
            Field(None, description=gettext_noop("Columns, with commas between them.")),
        ),
    )


with override("en"):
    ProjectRecord = record_of("Project", project_tables.COLUMNS)
    CityRecord = record_of("City", city_tables.COLUMNS)
    ProjectQuery = question_of(
        "ProjectQuery",
        ProjectFilter,
        ["-published_at", "published_at", "-updated_at", "updated_at"],
    )
    CityQuery = question_of("CityQuery", CityFilter, ["slug", "-slug"])


class Projects(Schema):
    """A part of the list of projects."""

    items: list[ProjectRecord]
    next: str | None = Field(None, description="The address of what follows, if anything does.")


class Cities(Schema):
    """A part of the list of cities."""

    items: list[CityRecord]
    next: str | None = Field(None, description="The address of what follows, if anything does.")


ANSWERS = {"exclude_unset": True, "tags": ["open data"]}
PROBLEMS = {400: Problem, 404: Problem}


@api.get("projects", url_name="api_projects", response={200: Projects, **PROBLEMS}, **ANSWERS)
def projects(request, asked: Query[ProjectQuery]):
    """Public projects, the newest first."""
    found = filtered(ProjectFilter, request, Project.objects.published())
    things = project_tables.for_export(found, EVERYONE)
    return page_of(request, things, asked, project_tables.COLUMNS)


@api.get(
    "projects/{slug:slug}",
    url_name="api_project",
    response={200: ProjectRecord, **PROBLEMS},
    **ANSWERS,
)
def project(request, slug: str, fields: str | None = None):
    """One public project."""
    things = project_tables.for_export(Project.objects.published(), EVERYONE)
    return record(get_object_or_404(things, slug=slug), chosen(project_tables.COLUMNS, fields))


@api.get("cities", url_name="api_cities", response={200: Cities, **PROBLEMS}, **ANSWERS)
def cities(request, asked: Query[CityQuery]):
    """The member cities."""
    found = filtered(CityFilter, request, City.objects.members().with_since())
    return page_of(request, city_tables.for_export(found), asked, city_tables.COLUMNS)


@api.get(
    "cities/{slug:slug}", url_name="api_city", response={200: CityRecord, **PROBLEMS}, **ANSWERS
)
def city(request, slug: str, fields: str | None = None):
    """One member city."""
    things = city_tables.for_export(City.objects.members())
    return record(get_object_or_404(things, slug=slug), chosen(city_tables.COLUMNS, fields))


def filtered(filterset, request, things):
    """What the filters of the public list leave; a value that is none of theirs is a problem."""
    query = request.GET.copy()
    query.pop("sort", None)  # whose words here are not those of the page
    found = filterset(query, things)
    if found.errors:
        raise ValidationError({name: list(said) for name, said in found.errors.items()})
    return found.qs


def page_of(request, things, asked, columns):
    """So many things from the cursor on, and the address of the next ones."""
    columns = chosen(columns, asked.fields)
    name, down = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    things = things.order_by(asked.sort, "-pk" if down else "pk")
    if asked.cursor:
        things = things.filter(beyond(things.model, name, down, asked.cursor))
    found = list(things[: asked.limit + 1])
    more = len(found) > asked.limit
    found = found[: asked.limit]
    following = None
    if more:
        query = request.GET.copy()
        query["cursor"] = cursor_at(found[-1], name)
        following = f"{settings.SITE_URL}{request.path}?{query.urlencode()}"
    return {"items": [record(thing, columns) for thing in found], "next": following}


def cursor_at(thing, name):
    return urlsafe_b64encode(dumps([str(getattr(thing, name)), thing.pk]).encode()).decode()


def beyond(model, name, down, cursor):
    """What comes after the thing that a cursor names, however many come before it."""
    try:
        said, pk = loads(urlsafe_b64decode(cursor))
        value, pk = model._meta.get_field(name).clean(str(said), None), int(pk)
        value = value.astimezone(UTC) if isinstance(value, datetime) else value
    except (ArithmeticError, RecursionError, TypeError, ValueError, ValidationError) as error:
        raise ValidationError({"cursor": _("This is no cursor of this list.")}) from error
    then = "lt" if down else "gt"
    return Q(**{f"{name}__{then}e": value}) & (
        Q(**{f"{name}__{then}": value}) | Q(**{f"pk__{then}": pk})
    )


def chosen(columns, fields):
    """The columns that were asked for; all, if none were."""
    if not fields:
        return columns
    names = fields.split(",")
    if strange := set(names) - {each.name for each in columns}:
        raise ValidationError({"fields": ", ".join(sorted(strange))})
    return [each for each in columns if each.name in names]


def record(thing, columns):
    return {column.name: column.value(thing) for column in columns}


# The doors


def for_everyone(view):
    """Open the door to every program on every site; answers in Italian where addresses differ."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        with override("it"):
            response = view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response = problem(HTTPStatus.METHOD_NOT_ALLOWED)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    answer.csrf_exempt = True
    return login_not_required(answer)


@for_everyone
@require_safe
def api_openapi(request):
    """The interface, described for programs."""
    return JsonResponse(api.get_openapi_schema(path_prefix=PREFIX))


@for_everyone
def api_nothing(request, rest=""):
    return not_found(request, None)


@public_page()
@require_safe
def api_docs(request):
    """The interface and the files, described for people."""
    paths = api.get_openapi_schema(path_prefix=PREFIX)["paths"]
    endpoints = [(address, asked["get"]) for address, asked in paths.items()]
    return render(request, "network/api_docs.html", {"endpoints": endpoints, "most": MOST})


doors = [each for each in api.urls[0] if each.name != "api-root"]
for door in doors:
    door.callback = for_everyone(door.callback)

urlpatterns = [
    *doors,
    path("openapi.json", api_openapi, name="api_openapi"),
    path("", api_nothing, name="api_nothing"),
    path("<path:rest>", api_nothing, name="api_nothing"),
]
