"""What a project's page shows beside its own columns, asked at once."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from cities.at_once import asked_at_once, at_once, remember
from cities.map import draw_map
from cities.models import Designation
from documents.models import Document, DocumentVersion
from projects.charts import charts_of, indicators_of
from projects.models import Project
from projects.partnerships import Partnership

ROWS = [
    "fields", "lines", "areas", "goals", "external_partners", "fundings", "results", "images",
    "links",
]  # fmt: skip
MOST_NEWS = 4


def project_of_page(slug, user):
    """The project at this address if this person may see it, with its lead city and its contact;
    for people who are logged in, with its last word. Takes one query."""
    if user.is_authenticated:
        projects = Project.objects.visible_to(user).with_last_word()
        return projects.select_related("lead", "contact").filter(slug=slug).first()
    return next(iter(project_at_once(user, slug=slug)["projects"]), None)


@asked_at_once
def project_at_once(user, slug):
    projects = Project.objects.visible_to(user).filter(slug=slug)
    return {"projects": projects.select_related("lead", "contact")}


def load_parts(project, cities, user):
    """The rows of its card, kept with the project; and the documents, decisions, actions and news
    that this person may read. Takes one query."""
    found = parts_at_once(user, project=project.pk, lead=project.lead_id)
    remember(project, **{name: found.pop(name) for name in ROWS})
    taken_on, versions = found.pop("taken_on"), found.pop("versions")
    for document in found["documents"]:
        remember(document, versions=[each for each in versions if each.document_id == document.pk])
    for action in found["actions"]:
        whose = [each.city for each in taken_on if each.action_id == action.pk]
        remember(action, cities=sorted(whose, key=str))
    fields = {each.city_id: each for each in found.pop("designations")}
    for city in cities:
        city.designation = fields.get(city.pk)
    return found


@asked_at_once
def parts_at_once(user, project, lead):
    news = of_project("news", project).visible_to(user)
    latest = news.recent().values("pk")[:MOST_NEWS]
    actions = of_project("actions", project).visible_to(user)
    taken_on = actions.model.cities.through.objects.filter(
        action__in=actions.order_by().values("pk")
    )
    kind = ContentType.objects.get_for_model(Project)
    documents = Document.objects.filter(content_type=kind, object_id=project).visible_to(user)
    joined = Partnership.objects.accepted().filter(project=project).order_by().values("city")
    fields = Designation.objects.filter(Q(city=lead) | Q(city__in=joined), ended_on=None)
    return {
        **{name: of_project(name, project) for name in ROWS},
        "documents": documents,
        "versions": DocumentVersion.objects.filter(document__in=documents.order_by().values("pk")),
        "news": news.filter(pk__in=latest).only("slug", "title", "published_on", "is_demo"),
        "decisions": of_project("decisions", project).visible_to(user).select_related("meeting"),
        "actions": actions.select_related("meeting"),
        "taken_on": taken_on.select_related("city"),
        "designations": fields.select_related("field"),
    }


def of_project(name, project):
    """Its rows of this name, as the project of this key would answer."""
    relation = Project._meta.get_field(name)
    return relation.related_model.objects.filter(**{relation.remote_field.name: project})


def load_card(project):
    """All the rows of its card, whoever may read them, and its partnerships, kept with the
    project. Takes one query."""
    found = at_once(
        **{name: getattr(project, name).all() for name in [*ROWS, "documents"]},
        versions=DocumentVersion.objects.filter(document__in=project.documents.values("pk")),
        partnerships=project.partnerships.select_related("city"),
    )
    versions = found.pop("versions")
    for document in found["documents"]:
        remember(document, versions=[each for each in versions if each.document_id == document.pk])
    remember(project, **found, partners=[each.city for each in found["partnerships"]])


def results_of(project):
    """What it brought about, as figures and drawings."""
    indicators = indicators_of(project.results.all())
    return {"indicators": indicators, "charts": charts_of(indicators)}


def map_of(cities):
    """Where its cities lie; a project of one city needs no map."""
    return draw_map(cities) if len(cities) > 1 else None
