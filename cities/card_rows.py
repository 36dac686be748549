"""The rows of a card: those not touched are not written, and those both changed are shown twice.

A row that somebody else has removed comes back only where this person has changed it.
"""

import re
from itertools import takewhile

from django import forms
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.forms import (
    BaseGenericInlineFormSet,
    generic_inlineformset_factory,
)
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.card_forms import asked
from cities.cards import columns
from cities.started_forms import StartedForm, stored_in

MOST = 20  # rows of one kind


class KeyField(forms.CharField):
    """The key of a row, there or gone: kept on the page, and never a change."""

    def has_changed(self, initial, data):
        return False


class RowForm(StartedForm):
    """One row; `remarks` and errors stand beside its fields as in the card itself."""

    def is_folded(self):
        """Whether only its name is seen at first: it is there, and has nothing to mend."""
        return not (self.is_bound or self.instance._state.adding)


class Rows:
    """What the sets of rows have in common, whether they hang on a card by a key or by its kind."""

    def __init__(self, data=None, files=None, *, by=None, prefix, **kwargs):
        if data is not None:
            data = counted(data, prefix, self.absolute_max)
        too_many = gettext_lazy("At most %(num)d of them are possible.")
        super().__init__(
            data, files, prefix=prefix, error_messages={"too_many_forms": too_many}, **kwargs
        )
        self.by = by
        self.removed = []

    @property
    def name(self):
        """What one of them is called."""
        return capfirst(self.model._meta.verbose_name)

    @property
    def heading(self):
        return capfirst(self.model._meta.verbose_name_plural)

    def has_room(self):
        return self.total_form_count() < self.max_num

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove")

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.row, form.was_changed, form.written = None, False, []
        if self.is_bound and i < self.initial_form_count():
            key = self.model._meta.pk.name
            form.fields[key] = KeyField(required=False, widget=forms.HiddenInput)
            form.empty_permitted = form.instance._state.adding  # somebody has removed it
        return form

    def stored(self):
        """The rows as they are now, by key."""
        return {row.pk: row for row in self.get_queryset().all()}

    def is_overtaken(self, others):
        """Whether somebody else has changed what this person changed or removed."""
        stored, self.removed = self.stored(), list(self.deleted_forms)
        overtaken = False
        for form in self.forms:
            if form.instance._state.adding or form.instance.pk not in stored:
                continue
            form.row = stored[form.instance.pk]
            if form in self.removed:
                form.was_changed = bool(others) and any(
                    stored_in(form.row, bound) != form.start_of(bound) for bound in form.carried()
                )
            else:
                form.written = form.merge(form.row, others)
            overtaken = overtaken or form.was_changed or bool(form.conflicts)
        return overtaken

    def settle(self, others):
        for form in self.forms:
            if form.row is None:
                continue
            form.settle(form.row, others)
            if form.was_changed:
                form.data.pop(form.add_prefix("DELETE"), None)
                form.add_error(
                    None,
                    _("%(person)s has changed this since: remove it again if you still want to.")
                    % {"person": others.history_user or _("The portal")},
                )

    def write(self, thing):
        self.instance = thing
        for form in self.forms:
            if form in self.removed:
                if form.row is not None:
                    self.delete_existing(form.row)
            elif form.row is not None:
                self.write_row(form)
            elif form.has_changed():
                form.instance._state.adding = True
                self.save_new(form)

    def write_row(self, form):
        if form.written:
            form.write(form.row, form.written)
            form.row.save()


def counted(data, prefix, most):
    """What was sent, with its rows counted, whatever it says of their number itself."""
    data = data.copy()
    row = re.compile(rf"{prefix}-(\d{{1,4}})-")
    numbers = [int(found[1]) for key in data if (found := row.match(key))]
    total = min(max(numbers, default=-1) + 1, most)
    stored = takewhile(lambda number: data.get(f"{prefix}-{number}-id"), range(total))
    data[f"{prefix}-TOTAL_FORMS"] = str(total)
    data[f"{prefix}-INITIAL_FORMS"] = str(len(list(stored)))
    return data


class InlineRows(Rows, forms.BaseInlineFormSet):
    """Rows that hang on the card by a key of their own."""


class GenericRows(Rows, BaseGenericInlineFormSet):
    """Rows that can hang on cards of any kind."""


def rows_of(model, name, *, form=RowForm, rows=None):
    """The kind of rows that a model's card has under this name."""
    relation = model._meta.get_field(name)
    options = {
        "form": form,
        "fields": columns(relation.related_model, relation.related_model.COLUMNS),
        "formfield_callback": asked,
        "extra": 1,
        "max_num": MOST,
        "absolute_max": MOST * 2,
        "validate_max": True,
        "can_delete_extra": False,
    }
    if isinstance(relation, GenericRelation):
        rows = rows or GenericRows
        return generic_inlineformset_factory(relation.related_model, formset=rows, **options)
    rows = rows or InlineRows
    return forms.inlineformset_factory(model, relation.related_model, formset=rows, **options)
