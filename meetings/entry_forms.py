"""Decisions and actions, as they are entered beside the text of the minutes."""

from collections import Counter

from django import forms
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from cities.card_forms import asked
from cities.models import City, Mandate
from journal.models import Event
from meetings.actions import entrust
from meetings.decisions import number_decisions
from meetings.models import Action, Decision, Vote
from meetings.quorum import SPEAKS_FOR_A_CITY
from meetings.states import ATTENDED, MINUTED, UNDONE, Choice, DecidedHow
from meetings.writing_forms import STILL_HERE, WritingForm, begin_minutes
from programme.models import StrategicLine
from projects.models import Project
from projects.rights import delegates_of

VOTE = "vote_"


def present_cities(meeting):
    """The member cities that vote: those for whom somebody was there."""
    speakers = meeting.invitations.standing().filter(role__in=SPEAKS_FOR_A_CITY).order_by()
    there = speakers.filter(attendance__in=ATTENDED)
    return City.objects.members(on=meeting.starts_on).filter(pk__in=there.values("city"))


def is_many(chosen):
    return isinstance(chosen, list | tuple)


class EntryForm(WritingForm):
    """What the minutes keep under an item besides its text, beside whose form it opens."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="entry_%s", **kwargs)
        day = self.meeting.starts_on
        self.offer("cities", City.objects.members(on=day))
        self.fields["line"].queryset = StrategicLine.objects.select_related("agreement")
        projects = "project" if "project" in self.fields else "projects"
        self.offer(projects, Project.objects.visible_to(self.by).order_by("title_it", "pk"))

    def offer(self, name, things):
        """What can be chosen; what was chosen already comes first."""
        chosen = self.initial.get(name) or []
        keys = [getattr(each, "pk", each) for each in (chosen if is_many(chosen) else [chosen])]
        if keys:
            offered = Q(pk__in=things.order_by().values("pk")) | Q(pk__in=keys)
            order = things.query.order_by or things.model._meta.ordering
            first = Case(When(pk__in=keys, then=0), default=1)
            things = things.model.objects.filter(offered).order_by(first, *order)
        self.fields[name].queryset = things

    def merge(self, thing, others):
        """Of something new all is written, also what was chosen beforehand."""
        if thing.pk is None:
            return [name for name in self._meta.fields if name in self.fields]
        return super().merge(thing, others)

    def keep_in(self, thing, *, by_itself):
        """Of a button that was pressed twice, the second press finds that all is kept already."""
        stands = thing.pk is None and self.stands_already(thing)
        return stands or super().keep_in(thing, by_itself=by_itself)

    def stands_already(self, thing):
        """Whether the same stands under the same item, for the same cities."""
        columns = {field.name for field in thing._meta.concrete_fields}
        same = {name: self.cleaned_data[name] for name in self._meta.fields if name in columns}
        found = type(thing).objects.filter(meeting=self.meeting, item=thing.item_id, **same)
        cities = set(self.cleaned_data["cities"])
        return any(set(each.cities.all()) == cities for each in found)

    def save_all(self, thing, written, *, by_itself):
        if thing.item_id:  # under no item stands what was decided before there were minutes
            begin_minutes(self.meeting)
        super().save_all(thing, written, by_itself=by_itself)
        if self.meeting.status in MINUTED:
            self.tell(thing, written)

    def tell(self, thing, written):
        """What is added to minutes that are with the cities already."""


class BaseDecisionForm(EntryForm):
    """A decision, and how the cities voted where it was taken by majority."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        how = self.fields["how"]
        how.required, how.widget = bool(self.instance.item_id), forms.RadioSelect()
        how.choices = [*DecidedHow.choices, *([] if how.required else [("", _("not known"))])]
        self.fields["mandates"].queryset = Mandate.objects.select_related("city")
        self.voters = list(present_cities(self.meeting))
        self.votes = {}
        if self.instance.pk:
            self.votes = dict(self.instance.votes.values_list("city", "choice"))
        for city in self.voters:
            self.fields[f"{VOTE}{city.pk}"] = forms.ChoiceField(
                label=city.name,
                choices=[*Choice.choices, ("", _("did not vote"))],
                required=False,
                initial=self.votes.get(city.pk, ""),
                widget=forms.RadioSelect,
                show_hidden_initial=True,
            )

    def carried(self):
        """Votes are compared one by one, when they are written."""
        return [bound for bound in super().carried() if not bound.name.startswith(VOTE)]

    @property
    def ballots(self):
        """How each city voted, and, hidden, what the form started from."""
        votes = [self[f"{VOTE}{city.pk}"] for city in self.voters]
        return [(vote, vote.as_hidden(only_initial=True)) for vote in votes]

    def clean(self):
        cleaned = super().clean()
        if "how" in cleaned and cleaned["how"] == DecidedHow.MAJORITY:
            self.clean_votes(cleaned)
        return cleaned

    def clean_votes(self, cleaned):
        cast = {key: self.data[key] for key in self.data if key.startswith(VOTE) and self.data[key]}
        absent = [key.removeprefix(VOTE) for key in cast if key not in self.fields]
        if absent:
            found = City.objects.filter(pk__in=[pk for pk in absent if pk.isdecimal()][:50])
            names = ", ".join(map(str, found)) or _("One of these cities")
            self.add_error(
                "how", _("%(cities)s: not present, and so without a vote.") % {"cities": names}
            )
        count = Counter(cleaned.get(f"{VOTE}{city.pk}") for city in self.voters)
        if not self.voters:
            self.add_error(
                "how", _("No city is marked as present: fill in the attendance sheet first.")
            )
        elif not count.keys() & set(Choice):
            self.add_error("how", _("Say below how each city voted."))
        elif count[Choice.FOR] <= count[Choice.AGAINST]:
            self.add_error("how", _("A majority has more votes for than against: see below."))

    def merge(self, thing, others):
        written = super().merge(thing, others)
        return [*written, "votes"] if self.changed_votes() else written

    def changed_votes(self):
        names = [name for name in self.changed_data if name.startswith(VOTE)]
        return {int(name.removeprefix(VOTE)): self.cleaned_data[name] for name in names}

    def save_all(self, thing, written, *, by_itself):
        super().save_all(thing, written, by_itself=by_itself)
        self.write_votes(thing)

    def write_votes(self, decision):
        if decision.how != DecidedHow.MAJORITY:
            decision.votes.all().delete()
            return
        for city, choice in self.changed_votes().items():
            if choice:
                Vote.objects.update_or_create(
                    decision=decision, city_id=city, defaults={"choice": choice}
                )
            else:
                decision.votes.filter(city=city).delete()

    def tell(self, thing, written):
        number_decisions(self.meeting)


DecisionForm = forms.modelform_factory(
    Decision,
    form=BaseDecisionForm,
    fields=["text_it", "text_en", "how", "is_public", "line", "cities", "projects", "mandates"],
    formfield_callback=asked,
)


class BaseActionForm(EntryForm):
    """An action. Once its cities know of it, its day is moved on its own page, with a reason."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        decisions = self.meeting.decisions.filter(item=self.instance.item_id)
        self.fields["decision"].queryset = decisions.in_order()
        self.fields["decision"].label_from_instance = in_brief
        if self.instance.pk and self.instance.status_is_told:
            del self.fields["due_on"]
        self.before = set()

    def refusal(self, thing):
        if thing.status not in UNDONE:
            return f"{_('This action is over: open it again first.')} {STILL_HERE}"
        return super().refusal(thing)

    def state_of(self, thing):
        self.before = set(thing.cities.values_list("pk", flat=True)) if thing.pk else set()

    def tell(self, thing, written):
        """New ones are entrusted; of one they know, cities that come to it are told."""
        if entrust(self.meeting, by=self.by) or "cities" not in written:
            return
        added = set(self.cleaned_data["cities"].values_list("pk", flat=True)) - self.before
        if added:
            Event.objects.record(
                thing, "entrust", by=self.by, tell=delegates_of(added), at_once=True
            )


def in_brief(decision):
    number = f"{decision.reference} " if decision.reference else ""
    words = decision.text if len(decision.text) <= 80 else f"{decision.text[:79]}…"
    return f"{number}{words}"


ActionForm = forms.modelform_factory(
    Action,
    form=BaseActionForm,
    fields=[
        "title_it", "title_en", "cities", "due_on", "decision", "line", "project", "is_public",
    ],
    formfield_callback=asked,
)  # fmt: skip
