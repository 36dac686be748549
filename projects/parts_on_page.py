"""What a project's page shows beside its own columns, asked at once."""

from cities.at_once import at_once, remember
from cities.map import draw_map
from cities.models import Designation
from documents.models import DocumentVersion
from projects.charts import charts_of, indicators_of

ROWS = [
    "fields", "lines", "areas", "goals", "external_partners", "fundings", "results", "images",
    "links",
]  # fmt: skip
MOST_NEWS = 4


def load_parts(project, cities, user):
    """The rows of its card, kept with the project; and the documents, decisions, actions and news
    that this person may read. Takes one query."""
    news = project.news.visible_to(user)
    latest = news.recent().values("pk")[:MOST_NEWS]
    actions = project.actions.visible_to(user)
    taken_on = actions.model.cities.through.objects.filter(
        action__in=actions.order_by().values("pk")
    )
    documents = project.documents.visible_to(user)
    found = at_once(
        **{name: getattr(project, name).all() for name in ROWS},
        documents=documents,
        versions=DocumentVersion.objects.filter(document__in=documents.order_by().values("pk")),
        news=news.filter(pk__in=latest).only("slug", "title", "published_on", "is_demo"),
        decisions=project.decisions.visible_to(user).select_related("meeting"),
        actions=actions.select_related("meeting"),
        taken_on=taken_on.select_related("city"),
        designations=Designation.objects.filter(city__in=cities, ended_on=None).select_related(
            "field"
        ),
    )
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
