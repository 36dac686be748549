"""Forms of cards that several people keep: nobody overwrites another, and no word is lost.

Each field carries along, hidden, what it held when the form was opened (`initial-…`), and the form
the version that was. When it is kept, fields that this person did not change stay as they are now;
fields that only this person changed are written; for fields that both changed, nothing is written,
and the page shows both texts side by side until the person has decided.

    form = form_of(CityForm, City, section.names)(request.POST, request.FILES, instance=city, by=me)
    if form.is_valid() and form.keep(): …

`card_rows.py` does the same for the rows of a card.
"""

from decimal import Decimal
from functools import cache

from django import forms
from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorField

from cities.cards import columns, fields_among, in_languages
from cities.started_forms import StartedForm, stored_in
from documents.pictures import PictureField

LONG = 250  # letters: beyond, a text has several lines


class PictureInput(forms.ClearableFileInput):
    """Shows the picture there is, and lets it be replaced or removed."""

    template_name = "components/picture_input.html"
    use_fieldset = False


class FocusInput(forms.RadioSelect):
    """The part of a picture that stays, chosen on the picture itself."""

    template_name = "components/focus_input.html"
    picture = None

    def get_context(self, name, value, attrs):
        return {**super().get_context(name, value, attrs), "picture": self.picture}


class NumberField(forms.DecimalField):
    """A number as people write it: 40, not 40.00."""

    def prepare_value(self, value):
        is_whole = isinstance(value, Decimal) and value == int(value)
        return int(value) if is_whole else value

    def to_python(self, value):
        """Of what Python counts as numbers, some are endless, and some cannot be compared."""
        number = super().to_python(value)
        if number is not None and not number.is_finite():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number


def asked(field, **kwargs):
    """The form field of a column: with the input that people expect, and what it started from."""
    if isinstance(field, models.DateField):
        kwargs["widget"] = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    elif isinstance(field, models.DecimalField):
        kwargs["form_class"] = NumberField
    elif field.many_to_many:
        kwargs["widget"] = forms.CheckboxSelectMultiple
    elif isinstance(field, PictureField):
        kwargs["widget"] = PictureInput
    elif field.name == "picture_focus":
        kwargs["widget"] = FocusInput
    elif is_long(field):
        kwargs["widget"] = forms.Textarea({"rows": 4})
    made = field.formfield(**kwargs)
    if made and not isinstance(made, forms.FileField):
        made.show_hidden_initial = True
    return made


def is_long(field):
    if isinstance(field, models.URLField | models.EmailField | models.FileField | ProseEditorField):
        return False
    return isinstance(field, models.TextField) or (field.max_length or 0) > LONG


@cache
def form_of(base, model, names):
    """The form for some of a card's names (a tuple); rows among them are left to its rows."""
    fields = columns(model, fields_among(model, names))
    return forms.modelform_factory(model, form=base, fields=fields, formfield_callback=asked)


class CardForm(StartedForm):
    """A part of a card, with the rows that belong to it; `by` is who fills it in."""

    # The last record of the thing's history when the form was opened.
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    ROWS = {}  # the kinds of rows by their name in the card

    def __init__(self, *args, by, names=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.names = by, names
        self.kept, self.others = [], None
        sent = (self.data, self.files) if self.is_bound else (None, None)
        self.rows = {
            name: self.ROWS[name](*sent, instance=self.instance, prefix=name, by=by)
            for name in names
            if name in self.ROWS
        }
        if not self.is_bound:
            self.initial["version"] = self.current_version(self.instance)

    @staticmethod
    def current_version(thing):
        if hasattr(thing, "version"):  # who asked for the thing asked for this too
            return thing.version
        last = thing.pk and thing.history.aggregate(last=Max("history_id"))["last"]
        return last or 0

    def blocks(self, names=None):
        """The fields and rows for the page, in the card's order; languages side by side."""
        blocks, model = [], self._meta.model
        for each in in_languages(model, names or self.names):
            if each in self.rows:
                blocks.append({"rows": self.rows[each], "name": each})
            elif each in self.fields:
                blocks.append({"field": self[each]})
            elif isinstance(each, tuple):
                if not blocks or "languages" not in blocks[-1]:
                    blocks.append({"languages": {}})
                for name in each:
                    code = name.rpartition("_")[2]
                    blocks[-1]["languages"].setdefault(code, []).append(self[name])
        return blocks

    @property
    def wrong_rows(self):
        """The rows in which something is to be mended."""
        return [rows for rows in self.rows.values() if rows.total_error_count()]

    def is_valid(self):
        valid = all([super().is_valid(), *(rows.is_valid() for rows in self.rows.values())])
        if self.is_bound and not valid:
            self.ask_for_all_files_again()
        return valid

    def ask_for_all_files_again(self):
        for form in [self, *(form for rows in self.rows.values() for form in rows)]:
            form.ask_for_files_again()

    def keep(self, *, by_itself=False):
        """Write what this person has changed; False, with errors, where that cannot be.

        Kept `by_itself`, while the person types, what is right is written and the rest waits.
        """
        if by_itself:
            self.rows = {}  # they wait for the button
        try:
            with transaction.atomic():
                thing = self.lock()
                if refusal := self.refusal(thing):
                    self.add_error(None, refusal)
                    return False
                return self.keep_in(thing, by_itself=by_itself)
        except IntegrityError:  # two things of one title at the same moment
            self.add_error(
                None, _("Somebody saved the same at the same moment: please send it once more.")
            )
            return False

    def lock(self):
        """The thing as it is now, held until the transaction ends."""
        if self.instance.pk is None:
            return self.instance
        return type(self.instance)._base_manager.select_for_update().get(pk=self.instance.pk)

    def refusal(self, thing):
        """Why it cannot be changed now, if it cannot."""

    def keep_in(self, thing, *, by_itself):
        self.others = others = self.others_since(thing)
        written = self.merge(thing, others)
        overtaken = [rows for rows in self.rows.values() if rows.is_overtaken(others)]
        if overtaken or self.conflicts:
            self.settle(thing, others)
            for rows in self.rows.values():
                rows.settle(others)
            if not by_itself:
                self.data["version"] = self.current_version(thing)
                self.ask_for_all_files_again()
                return False
        before = self.state_of(thing)
        self.write(thing, written)
        if others and not self.agrees(thing):
            return False
        self.kept = written
        if written or thing.pk is None or any(rows.has_changed() for rows in self.rows.values()):
            self.save_all(thing, written, by_itself=by_itself)
            self.record(thing, before)
        self.instance = thing
        return True

    def others_since(self, thing):
        """The last change by somebody else since the form was opened, or None."""
        version = self.data.get("version", "")
        if thing.pk is None or "version" not in self.data:
            return None
        version = int(version) if version.isdecimal() and len(version) < 18 else 0
        since = thing.history.filter(history_id__gt=version).exclude(history_user=self.by)
        return since.select_related("history_user").first()

    def agrees(self, thing):
        """Whether what both have written can stand together."""
        try:
            thing.validate_constraints()
        except forms.ValidationError as error:
            self.add_error(None, error.messages)
            return False
        return True

    def save_all(self, thing, written, *, by_itself):
        thing._history_user = self.by
        thing._change_reason = BY_ITSELF if by_itself else None
        thing.save()
        self.write_relations(thing, written)
        for rows in self.rows.values():
            rows.write(thing)
        forget_passing(thing, self.by)

    def starts(self):
        """What the page starts from now, after something was kept: by the names of its inputs.

        Others' changes that it does not show yet are still to be noticed: then the version stays.
        """
        starts = {self[n].html_initial_name: stored_in(self.instance, self[n]) for n in self.kept}
        if not self.others:
            starts["version"] = [str(self.current_version(self.instance))]
        return starts

    def state_of(self, thing):
        """What `record` needs to know of the thing before it is changed."""

    def record(self, thing, before):
        """Write down that it was changed, and tell whom it concerns."""


BY_ITSELF = "kept by itself"


def forget_passing(thing, by):
    """Of what was kept by itself while a person typed, history keeps the last state."""
    _newest, *older = thing.history.order_by("-history_id")[:30]
    passing = []
    for record in older:
        if record.history_user_id != by.pk or record.history_change_reason != BY_ITSELF:
            break
        if record.history_type == "~":
            passing.append(record.pk)
    thing.history.filter(pk__in=passing).delete()
