"""A review: the card column by column, what changed since the last one, and what is said of it."""

from django import forms
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from cities.card_values import changes_between, label_of, said, values_of
from cities.cards import in_languages, is_filled, is_rows, names_of
from documents.richtext import RichTextField
from journal.diffs import Change
from journal.verbs import TransitionNotAllowed
from projects.models import Project
from projects.parts_on_page import load_card
from projects.states import ProjectStatus

# Of these each row is shown in its own way; of all others in words.
SHOWN_AS = {"partners", "budget", "fundings", "images", "documents", "links", "picture"}
ITS_OWN = ("is_good_practice",)  # coordinators set it themselves
LANGUAGES = {"it": _("Italian"), "en": _("English")}


def asked_names():
    """The names of the card that a city fills in."""
    return [name for name in names_of(Project) if name not in ITS_OWN]


def asked_columns():
    for each in in_languages(Project, asked_names()):
        yield from each if isinstance(each, tuple) else [each]


class ReviewForm(forms.Form):
    """What a coordinator says of a card: on the whole, and on single columns of it."""

    comment = forms.CharField(
        label=_("A word on the whole"),
        help_text=_("It reaches those who keep the project by mail, with your remarks."),
        widget=forms.Textarea({"rows": 5}),
        max_length=4000,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for column in asked_columns():
            self.fields[f"remark-{column}"] = forms.CharField(
                label=_("Your remark on: %(field)s") % {"field": label_of(Project, column)},
                widget=forms.Textarea({"rows": 3}),
                max_length=2000,
                required=False,
            )

    def remarks(self):
        """{column: what was said of it}"""
        return {
            name.removeprefix("remark-"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("remark-") and text
        }

    def clean(self):
        cleaned = super().clean()
        says_nothing = not cleaned.get("comment") and not self.remarks()
        if says_nothing and "approve" not in self.data and not self.errors:
            self.add_error(
                "comment", _("Write what is to be mended: here, or in a remark beside a field.")
            )
        return cleaned

    def decide(self, project, *, by):
        """Approve or send back; what to say of it, or nothing, with an error, if it is too late."""
        verb = "approve" if "approve" in self.data else "send_back"
        details = {"remarks": self.remarks()} if self.remarks() else None
        try:
            getattr(project, verb)(by=by, comment=self.cleaned_data["comment"], details=details)
        except TransitionNotAllowed:
            self.add_error(
                None,
                _(
                    "Somebody was faster: the project is “%(status)s” now, and nothing of yours "
                    "was sent. What you wrote is still here: copy what you need."
                )
                % {"status": project.get_status_display()},
            )
            return ""
        if verb == "approve":
            return __("Published: the cities concerned have been told.")
        return __("Sent back: its city has been told, with what you wrote.")


class Cell:
    """One column of a card under review."""

    def __init__(self, review, column):
        self.review, self.column = review, column
        self.label = label_of(Project, column)
        self.field = Project._meta.get_field(column)
        self.code = getattr(self.field, "language", "")
        self.language = LANGUAGES.get(self.code, "")
        self.remark = review.form[f"remark-{column}"]
        self.asked = review.earlier_remarks.get(column, "")

    @property
    def kind(self):
        """How it is shown."""
        if self.column in SHOWN_AS:
            return self.column
        return "rich" if isinstance(self.field, RichTextField) else "words"

    @property
    def value(self):
        """The text, the picture, or the rows."""
        value = getattr(self.review.project, self.column)
        return value.all() if hasattr(value, "all") else value

    @cached_property
    def is_filled(self):
        if is_rows(Project, self.column) or self.field.many_to_many:
            return bool(self.value)
        if self.column == "picture_focus" and not self.review.project.picture:
            return False
        return is_filled(self.review.project, self.column)

    @property
    def words(self):
        """What it says, in words: a line for each row."""
        if self.field.many_to_many:
            return "\n".join(str(each) for each in self.value)
        if self.field.many_to_one:
            return str(self.value)
        return said(Project, self.column, self.review.values[self.column])

    @property
    def is_private(self):
        return self.column == "budget" and not self.review.project.budget_is_public

    @property
    def is_unchanged(self):
        before = self.review.card_before or {}
        return self.is_filled and self.column in before and not self.change

    @cached_property
    def change(self):
        """What changed since the last review, if anything did."""
        if self.column not in self.review.changes:
            return None
        before, after = self.review.changes[self.column]
        was, now = (said(Project, self.column, value) for value in (before, after))
        return Change(self.column, self.label, was, now)


class Review:
    """A card in the hands of a coordinator."""

    def __init__(self, project, form):
        self.project, self.form = project, form
        self.is_open = project.status == ProjectStatus.SUBMITTED
        load_card(project)

    @cached_property
    def events(self):
        """What was handed in and decided so far, the latest first."""
        steps = self.project.events.filter(verb__in=["submit", "send_back", "approve"])
        events = list(steps.recent()[:20])
        for event in events:
            event.target = self.project  # at hand: not to be asked for again with each
        return events

    @property
    def submitted(self):
        """The submission that waits."""
        return next((each for each in self.events if each.verb == "submit"), None)

    @cached_property
    def decided(self):
        """The last decision before it."""
        return next((each for each in self.events if each.verb != "submit"), None)

    @property
    def earlier_remarks(self):
        return self.decided.details.get("remarks", {}) if self.decided else {}

    @cached_property
    def card_before(self):
        """What was handed in when that was decided, as far as it was kept."""
        if not self.decided:
            return None
        earlier = (e for e in self.events if e.verb == "submit" and e.pk < self.decided.pk)
        submitted = next(earlier, None)
        return submitted.details.get("card") if submitted else None

    @cached_property
    def values(self):
        return values_of(self.project)

    @cached_property
    def changes(self):
        if self.card_before is None:
            return {}
        changes = changes_between(self.card_before, self.values)
        return {name: changes[name] for name in asked_columns() if name in changes}

    @property
    def changed(self):
        """The cells that changed, to lead to them."""
        return [
            cell
            for section in self.sections
            for line in section["lines"]
            for cell in line["cells"]
            if cell.change
        ]

    @cached_property
    def sections(self):
        """The card's sections: a line for each name, with a cell for each language."""
        return [self.section(each) for each in Project.CARD]

    def section(self, section):
        names = [name for name in section.names if name not in ITS_OWN]
        lines = [self.line(each) for each in in_languages(Project, names)]
        return {
            "key": section.key,
            "heading": section.heading,
            "lines": [line for line in lines if line["tells"]],
            "empty": [line for line in lines if not line["tells"]],
            "is_open": any(line["is_open"] for line in lines if not line["tells"]),
        }

    def line(self, columns):
        columns = columns if isinstance(columns, tuple) else (columns,)
        cells = [Cell(self, column) for column in columns]
        field = getattr(cells[0].field, "translated_field", None)
        return {
            "label": capfirst(field.verbose_name) if field else cells[0].label,
            "cells": cells,
            "tells": any(cell.is_filled or cell.asked or cell.change for cell in cells),
            "is_open": any(cell.remark.value() or cell.remark.errors for cell in cells),
        }

    @property
    def typed(self):
        """What was written of single columns, to copy when it is too late to send it."""
        return [(field.label, field.value()) for field in self.form
                if field.name.startswith("remark-") and field.value()]  # fmt: skip
