"""The card of a project, as the people of its cities fill it in, step by step."""

from calendar import monthrange
from datetime import timedelta

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.card_forms import CardForm, form_of
from cities.card_values import changes_between, values_of
from cities.dates import DatePrecision
from cities.models import City
from journal.models import Event
from projects.models import Project
from projects.rights import acts_for
from projects.rows import ROWS
from projects.states import EDITABLE, ProjectStatus

# Partner cities are invited, and coordinators mark good practice: neither is typed into the card.
NOT_TYPED = {"partners", "is_good_practice"}
BEGINNING = (
    "title", "summary", "picture", "picture_alt", "picture_credit", "picture_licence",
    "starts_on", "ends_on", "precision", "lead",
)  # fmt: skip
SITTING = timedelta(hours=1)  # in which a person's changes to a draft are told once


class ProjectForm(CardForm):
    """A step of a project's card. Kept, it is a draft, or public at once where the project is."""

    ROWS = ROWS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in set(Project.NEEDED) & set(self.fields):
            self.fields[name].needed_later = not self.fields[name].required
        if "lead" in self.fields:
            self.offer_cities(self.fields["lead"])
        if "contact" in self.fields:
            self.fields["contact"].queryset = self.instance.lead.offices.all()
        if "precision" in self.fields:
            self.fields["precision"].help_text = _(
                "If you know only the month or the year, any day of it will do."
            )

    def offer_cities(self, field):
        """The cities this person acts for; an editor of a partner cannot give the lead away."""
        cities = City.objects.filter(pk=self.instance.lead_id)
        if acts_for(self.by, self.instance.lead_id):
            cities = City.objects.served_by(self.by).filter(
                Q(pk__in=City.objects.members().order_by().values("pk"))
                | Q(pk=self.instance.lead_id)
            )
        field.queryset, field.empty_label = cities, None
        if len(cities) == 1:
            field.widget = forms.HiddenInput()

    def clean(self):
        cleaned = super().clean()
        self.widen_dates(cleaned)
        start, end = (
            cleaned[name] if name in cleaned else getattr(self.instance, name)
            for name in ("starts_on", "ends_on")
        )
        if start and end and end < start and "ends_on" in self.fields:
            self.add_error("ends_on", _("The end cannot come before the beginning."))
        if self.instance.status == ProjectStatus.PUBLISHED:
            self.keep_what_is_needed(cleaned)
        return cleaned

    def clean_budget(self):
        budget = self.cleaned_data["budget"]
        if budget is not None and budget < 0:
            raise forms.ValidationError(_("An amount cannot be negative."))
        return budget

    def widen_dates(self, cleaned):
        """A month begins on its first day and ends on its last; so does a year."""
        precision = cleaned.get("precision")
        if precision not in (DatePrecision.MONTH, DatePrecision.YEAR):
            return
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        whole_year = precision == DatePrecision.YEAR
        if start:
            cleaned["starts_on"] = start.replace(day=1, month=1 if whole_year else start.month)
        if end:
            month = 12 if whole_year else end.month
            cleaned["ends_on"] = end.replace(day=monthrange(end.year, month)[1], month=month)

    def keep_what_is_needed(self, cleaned):
        """What the public reads keeps the things without which it would not be published."""
        needed = [*Project.NEEDED, *(["picture_alt_it"] if cleaned.get("picture") else [])]
        for name in needed:
            if name in self.fields and name not in self.errors and not cleaned.get(name):
                self.add_error(name, _("The project is public: this cannot be empty."))

    def point_out(self, names):
        """Show beside its field what is missing in a draft that was not sent just now."""
        self.full_clean()  # an unbound form makes its empty list of errors here
        self.cleaned_data = {}
        for name in set(names) & set(self.fields):
            self.add_error(name, _("Needed before the project can be submitted."))

    def refusal(self, thing):
        if thing.status not in EDITABLE:
            return _(
                "The project has been handed on in the meantime and cannot be changed now. "
                "What you typed is still here: copy what you need."
            )
        return None

    def state_of(self, thing):
        return values_of(thing) if thing.is_public else None

    def record(self, thing, before):
        """A draft's changes are told once in a sitting; of public ones all hear what changed."""
        if before is None:
            last = thing.events.filter(at__gte=timezone.now() - SITTING).recent().first()
            if not last or last.actor != self.by or last.verb not in ("create", "update"):
                Event.objects.record(thing, "update", by=self.by)
            return
        changes = changes_between(before, values_of(thing))
        if changes:
            Event.objects.record(
                thing,
                "update",
                by=self.by,
                tell=[*thing.reviewers(), *thing.keepers()],
                details={"changes": changes},
            )


class BeginningForm(ProjectForm):
    """A new project in a minute. Sent twice, by a thumb or by itself, it begins only one."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def lock(self):
        """What this form has begun already, as it is now; at the first time the new project."""
        get_user_model().objects.select_for_update().get(pk=self.by.pk)
        if key := self.cleaned_data.get("key"):
            begun = {"verb": "create", "actor": self.by, "details__key": str(key)}
            ours = Event.objects.filter(**begun).values("object_id")
            mine = Project.objects.worked_on_by(self.by).filter(pk__in=ours)
            self.instance = mine.first() or self.instance
        return super().lock()

    def keep_in(self, thing, *, by_itself):
        if thing.pk is None:
            if self.errors.keys() & {"title_it", "lead"}:
                return False
            thing.slug, thing.created_by = Project.free_slug(thing.title_it), self.by
        return super().keep_in(thing, by_itself=by_itself)

    def record(self, thing, before):
        if self.instance is thing:
            key = str(self.cleaned_data.get("key") or "")
            Event.objects.record(thing, "create", by=self.by, details={"key": key})
        else:
            super().record(thing, before)


def beginning(*args, **kwargs):
    """The form with which a project is begun."""
    return form_of(BeginningForm, Project, BEGINNING)(*args, names=BEGINNING, **kwargs)


def step_form(section, *args, **kwargs):
    """The form for one section of the card."""
    names = tuple(name for name in section.names if name not in NOT_TYPED)
    return form_of(ProjectForm, Project, names)(*args, names=names, **kwargs)


class CommentForm(forms.Form):
    """Why something is sent back or declined; the people concerned read it."""

    comment = forms.CharField(
        label=_("Your comment"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
        error_messages={"required": _("Please write why: the people concerned will read it.")},
    )
