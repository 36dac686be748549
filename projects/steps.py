"""The card step by step: what each step has and misses, and how far the whole is."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cities.cards import Section, columns, fields_among
from projects.forms import NOT_TYPED
from projects.models import Project

# What a project has anyway, or only beside something else: it says nothing of how full the card is.
BESIDE = {
    "lead", "phase", "precision", "picture_alt", "picture_credit", "picture_licence",
    "picture_focus", "looking_for_partners", "partners_sought", "partners_until",
    "budget_is_public", "is_good_practice",
}  # fmt: skip


class Missing(NamedTuple):
    """Something that is still needed: its column, what it is called, why it is asked, and where."""

    column: str
    label: str
    why: str
    address: str


class Step(NamedTuple):
    """A section of the card on the way of one project."""

    section: Section
    address: str
    missing: list
    is_filled: bool
    remarks: int
    is_here: bool


class Card:
    """A project's card as its people fill it in: the steps, the meter, the remarks."""

    def __init__(self, project, here=None):
        if not hasattr(project, "version"):
            project = told(Project.objects).get(pk=project.pk)
        self.project, self.here = project, here
        self.filled = filled(project)
        self.remarks = project.last_remarks
        self.comment = project.last_comment if project.was_sent_back else ""
        missing = project.missing(fields="fields" in self.filled)
        self.missing = [self.tell_missing(column) for column in missing]
        self.steps = [self.step(section) for section in Project.CARD]

    def address(self, section):
        return reverse("project_step", args=[self.project.slug, section.key])

    def tell_missing(self, column):
        section = section_of(column)
        label = Project._meta.get_field(stem_of(column)).verbose_name
        why = Project.NEEDED.get(column, _("Those who cannot see the picture hear these words."))
        return Missing(column, label, why, f"{self.address(section)}#id_{column}")

    def step(self, section):
        own = set(columns(Project, section.names))
        return Step(
            section,
            self.address(section),
            [each for each in self.missing if each.column in own],
            any(name in self.filled for name in section.names if name not in BESIDE),
            len(own & set(self.remarks)),
            section == self.here,
        )

    @property
    def needed(self):
        return len(Project.NEEDED)

    @property
    def there(self):
        """How many of the things needed are there."""
        return self.needed - sum(each.column in Project.NEEDED for each in self.missing)

    @property
    def tells(self):
        return len([name for name in worth_telling() if name in self.filled])

    @property
    def to_tell(self):
        return len(worth_telling())

    @property
    def before(self):
        place = Project.CARD.index(self.here)
        return self.steps[place - 1] if place else None

    @property
    def after(self):
        return next(iter(self.steps[Project.CARD.index(self.here) + 1 :]), None)

    def first_open(self):
        """Where to go on: the first step with something missing, or with a remark."""
        waiting = [step for step in self.steps if step.missing or step.remarks]
        return (waiting or self.steps)[0]


def worth_telling():
    return [n for section in Project.CARD for n in section.names if n not in BESIDE | NOT_TYPED]


def stem_of(column):
    """The name in the card for a column: without the language."""
    stem, _underscore, code = column.rpartition("_")
    return stem if code in ("it", "en") and stem else column


def section_of(column):
    """The section of the card that asks for a column; None for one of an earlier card."""
    return next((each for each in Project.CARD if stem_of(column) in each.names), None)


def told(projects):
    """The same projects with all that their steps and meter tell of, in one query."""
    versions = Project.history.filter(id=OuterRef("pk")).order_by("-history_id")
    there = {
        f"has_{name}": Exists(
            Project._base_manager.filter(pk=OuterRef("pk"), **{f"{name}__isnull": False})
        )
        for name in related_names()
    }
    return (
        projects.select_related("lead")
        .with_last_word()
        .annotate(
            version=Coalesce(Subquery(versions.values("history_id")[:1]), 0),
            **there,
        )
    )


def related_names():
    names = worth_telling()
    own = fields_among(Project, names)
    return [n for n in names if n not in own or Project._meta.get_field(n).many_to_many]


def filled(project):
    """The names of the card under which a project tells something."""
    related = related_names()
    own = [name for name in worth_telling() if name not in related]
    return {name for name in related if getattr(project, f"has_{name}")} | {
        name
        for name in own
        if any(getattr(project, column) not in (None, "") for column in columns(Project, [name]))
    }
