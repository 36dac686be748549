"""The projects of a data set, with partners, texts, rows, updates, and what happened to them."""

from datetime import timedelta
from itertools import batched

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cities.models import City, CreativeField
from journal.models import Event
from programme.models import ActionArea, StrategicLine, SustainableGoal
from projects.models import Project
from projects.partnerships import Partnership
from projects.parts import ExternalPartner, ProjectImage, ProjectLink, ProjectUpdate, Result
from projects.states import Phase, ProjectStatus, Scope
from tests.bench.data import DELEGATE, DRAFTS, HOME, SHOWN
from tests.bench.indexing import index
from tests.bench.words import coined

AT_ONCE = 2000
YEARS = 8  # of projects, until today


def add(author, size):
    """Projects until there are so many; first of all those of HOME that are measured."""
    new = size.projects - Project.objects.count()
    home = City.objects.get(slug=HOME)
    writer = get_user_model().objects.get(email=DELEGATE)
    made = []
    if not Project.objects.filter(slug=SHOWN).exists():
        shown = project_of(author, home, "published", slug=SHOWN, picture=f"project/{SHOWN}.jpg")
        drafts = [
            project_of(author, home, "draft", slug=f"bench-draft-{n}", created_by=writer)
            for n in range(DRAFTS)
        ]
        made = [shown, *drafts]
    cities = list(City.objects.members())
    kinds = ["published"] * 94 + ["draft"] * 3 + ["submitted"] * 2 + ["archived"]
    made = [*made, *(None for _ in range(new - len(made)))]
    for number, some in enumerate(batched(made, AT_ONCE)):
        begun = [
            project or project_of(author, author.random.choice(cities), author.random.choice(kinds))
            for project in some
        ]
        with transaction.atomic():
            keep(author, Project.objects.bulk_create(begun), cities)
        if size.projects > AT_ONCE:
            print(f"\r  {number * AT_ONCE + len(begun)} of {new} projects", end="", flush=True)


def project_of(author, lead, status, slug="", **values):
    """One that is not stored yet; its slug says one word that hardly any other project has."""
    random = author.random
    word = coined(random)
    begins = timezone.localdate() - timedelta(days=random.randint(1, 365 * YEARS))
    told_at = timezone.now() - timedelta(minutes=random.randint(60, 60 * 24 * 365 * YEARS))
    picture = random.random() < 0.5
    slug = slug or f"{word}-{random.getrandbits(48):x}"
    return Project(
        lead=lead,
        status=status,
        slug=slug,
        title_it=author.title("it", word.capitalize()),
        title_en=author.title("en", word.capitalize()),
        **author.both("summary", author.plain, 300),
        text_it=author.rich("it", 2, word),
        text_en=author.rich("en", 2, word),
        **author.both("objectives", author.plain, 200),
        **author.both("target_groups", author.plain, 120),
        phase=random.choice(Phase.values),
        scope=random.choice(Scope.values),
        starts_on=begins,
        ends_on=begins + timedelta(days=random.randint(30, 900)),
        looking_for_partners=random.random() < 0.1,
        budget=random.randint(5, 400) * 1000,
        published_at=None if status in ("draft", "submitted") else told_at,
        picture_width=1600 if picture or "picture" in values else None,
        picture_height=1067 if picture or "picture" in values else None,
        **{"picture": f"project/{slug}.jpg" if picture else "", **values},
        **author.both("picture_alt", author.plain, 60),
    )


def keep(author, projects, cities):
    """Store all that hangs on projects that have just been stored."""
    random = author.random
    for related, things, most in [
        ("fields", list(CreativeField.objects.all()), 2),
        ("lines", list(StrategicLine.objects.all()), 2),
        ("goals", list(SustainableGoal.objects.all()), 3),
        ("areas", list(ActionArea.objects.all()), 2),
    ]:
        field = Project._meta.get_field(related)
        of_project, of_thing = field.m2m_column_name(), field.m2m_reverse_name()
        field.remote_field.through.objects.bulk_create(
            field.remote_field.through(**{of_project: project.pk, of_thing: thing.pk})
            for project in projects
            for thing in random.sample(things, min(len(things), random.randint(1, most)))
        )
    answers = ["accepted"] * 4 + ["invited"]
    Partnership.objects.bulk_create(
        Partnership(project=project, city=city, status=random.choice(answers))
        for project in projects
        for city in random.sample(cities, 3 if project.slug == SHOWN else random.randint(0, 3))
        if city != project.lead
    )
    for rows in (external_partners, links, results, images, updates):
        made = [row for project in projects for row in rows(author, project)]
        made and type(made[0]).objects.bulk_create(made)
    remember(projects)
    index(projects)


def how_many(author, project, share, most):
    """How many rows of a kind a project has: the one that is shown has all."""
    if project.slug == SHOWN:
        return most
    return author.random.randint(1, most) if author.random.random() < share else 0


def external_partners(author, project):
    for _ in range(how_many(author, project, 0.3, 2)):
        name = f"Fondazione {coined(author.random, 3).capitalize()}"
        yield ExternalPartner(project=project, name=name, kind="association")


def links(author, project):
    for _ in range(how_many(author, project, 0.4, 2)):
        words = author.both("label", author.plain, 40)
        yield ProjectLink(project=project, url="https://example.org/", **words)


def results(author, project):
    for _ in range(how_many(author, project, 0.3, 3)):
        words = author.both("name", author.plain, 50)
        value = author.random.randint(2, 9000)
        yield Result(project=project, **words, value=value, unit_it="persone", unit_en="people")


def images(author, project):
    for position in range(how_many(author, project, 0.2, 4)):
        words = author.both("picture_alt", author.plain, 60)
        size = {"picture_width": 1200, "picture_height": 800}
        place = f"image/{project.slug}-{position}.jpg"
        yield ProjectImage(project=project, position=position, picture=place, **size, **words)


def updates(author, project):
    if project.status not in ("draft", "submitted"):
        for _ in range(how_many(author, project, 0.4, 3)):
            day = timezone.localdate() - timedelta(days=author.random.randint(0, 900))
            words = author.both("text", author.plain, 400)
            yield ProjectUpdate(project=project, city=project.lead, posted_on=day, **words)


def remember(projects):
    """That they were begun, submitted and published, and when."""
    kind = ContentType.objects.get_for_model(Project)
    verbs = {ProjectStatus.DRAFT: ["create"], ProjectStatus.SUBMITTED: ["create", "submit"]}
    events = Event.objects.bulk_create(
        Event(content_type=kind, object_id=project.pk, verb=verb)
        for project in projects
        for verb in verbs.get(project.status, ["create", "submit", "approve"])
    )
    told = Project.objects.filter(pk=OuterRef("object_id")).values("published_at")
    new = Event.objects.filter(pk__gte=events[0].pk)
    new.update(at=Coalesce(Subquery(told), F("at")))
