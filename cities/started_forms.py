"""Forms whose fields know what they held when they were opened, and so what changed since."""

from typing import NamedTuple

from django import forms
from django.db.models import CharField, Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorFormField

from cities.card_values import label_of, said_number
from cities.cards import columns, translated
from journal.diffs import plain, word_diff


class Conflict(NamedTuple):
    """What somebody else has written into a field that this person changed too."""

    theirs: str
    difference: str


def as_sent(bound, value):
    """A value as a browser would send it back, hidden: a list of strings."""
    value = bound.field.prepare_value(value)
    widget = bound.field.hidden_widget()
    if isinstance(widget, forms.MultipleHiddenInput):
        return sorted(map(str, value or []))
    if isinstance(bound.field, forms.FileField):
        return [value.name or "" if value else ""]
    return [unified(widget.format_value(value) or "")]


def unified(text):
    """With line ends of one kind: browsers send two characters for each."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def stored_in(thing, bound):
    """What a thing holds in a field, as a browser would send it."""
    return as_sent(bound, thing._meta.get_field(bound.name).value_from_object(thing))


def in_words(bound, values):
    """What a field held, as people read it."""
    field = bound.field
    if isinstance(field, forms.ModelChoiceField):
        chosen = field.queryset.model._base_manager.filter(pk__in=filter(None, values))
        return ", ".join(map(str, chosen))
    text = values[0] if values else ""
    if isinstance(field, forms.BooleanField):
        return _("yes") if text == "True" else _("no")
    if isinstance(field, forms.DateField) and text:
        return date_format(field.to_python(text), "DATE_FORMAT")
    if isinstance(field, forms.DecimalField) and text:
        return said_number(field.to_python(text), field.decimal_places)
    if isinstance(field, forms.ChoiceField):
        return str({str(key): name for key, name in field.choices}.get(text, text))
    return plain(text) if isinstance(field, ProseEditorFormField) else text


def gather_relations(thing, names):
    """Ask once for the keys of all that a thing is related to, of which forms need no more."""
    fields = [f for f in thing._meta.many_to_many if f.name in names] if thing and thing.pk else []
    if len(fields) < 2:
        return []
    keys = [
        field.remote_field.through._base_manager.filter(**{field.m2m_field_name(): thing.pk})
        .order_by()
        .values_list(Value(field.name, CharField()), f"{field.m2m_reverse_field_name()}_id")
        for field in fields
    ]
    found = list(keys[0].union(*keys[1:], all=True))
    cache = thing.__dict__.setdefault("_prefetched_objects_cache", {})
    for field in fields:
        related = cache[field.name] = field.related_model._base_manager.all()
        related._result_cache = [field.related_model(pk=pk) for n, pk in found if n == field.name]
    return [field.name for field in fields]


class StartedForm(forms.ModelForm):
    """A form whose fields know what they held when it was opened."""

    def __init__(self, *args, **kwargs):
        gathered = gather_relations(kwargs.get("instance"), self._meta.fields)
        super().__init__(*args, **kwargs)
        for name in gathered:
            del self.instance._prefetched_objects_cache[name]
        self.conflicts = {}
        self.choose_focus()
        for name in columns(self._meta.model, translated(self._meta.model)):
            if name in self.fields:
                self.speak(name)
        if self.is_bound:
            self.data = self.data.copy()
            for bound in self.carried():
                self.receive(bound)

    def choose_focus(self):
        """What must stay visible is asked of a picture that is there."""
        if "picture_focus" not in self.fields:
            return
        self.fields["picture_focus"].widget.picture = self.instance.picture
        sent = self.is_bound and self.add_prefix("picture_focus") in self.data
        if not sent and (self.is_bound or not self.instance.picture):
            del self.fields["picture_focus"]

    def speak(self, name):
        """Name the language of a field, for those who read and for their spelling checker."""
        self.fields[name].label = label_of(self._meta.model, name)
        self.fields[name].widget.attrs["lang"] = name.rpartition("_")[2]

    def carried(self):
        """The fields that carry what they started from: those of the model that can be changed."""
        return [
            self[name]
            for name, field in self.fields.items()
            if field.show_hidden_initial or isinstance(field, forms.FileField)
        ]

    def receive(self, bound):
        """Take what was typed, and make sure that what it started from is known."""
        name, start = bound.html_name, bound.html_initial_name
        for key in {name, start} & set(self.data):
            self.data.setlist(key, map(unified, self.data.getlist(key)))
        if start not in self.data:  # an empty choice is not sent; without a version nothing is
            nothing = [] if bound.field.hidden_widget is forms.MultipleHiddenInput else [""]
            sent = "version" in self.data
            self.data.setlist(start, nothing if sent else as_sent(bound, bound.initial))
        if self.data.get(f"choose-{name}") == "theirs":
            self.data.setlist(name, self.data.getlist(start))

    def start_of(self, bound):
        return sorted(self.data.getlist(bound.html_initial_name))

    def merge(self, thing, others):
        """The names to write into the thing as it is now; `conflicts` are those both changed."""
        written = []
        for bound in self.carried():
            if bound.name not in self.changed_data or bound.name not in self.cleaned_data:
                continue
            theirs = stored_in(thing, bound)
            if others and theirs != self.start_of(bound) and theirs != self.mine(bound):
                self.conflicts[bound.name] = theirs
            else:
                written.append(bound.name)
        return written

    def mine(self, bound):
        return as_sent(bound, self.cleaned_data[bound.name])

    def settle(self, thing, others):
        """Begin again from what the thing holds now, with all that this person has changed."""
        mine = {name: self.mine(self[name]) for name in self.conflicts}
        for bound in self.carried():
            theirs = stored_in(thing, bound)
            if bound.name not in self.changed_data:
                self.data.setlist(bound.html_name, theirs)
            self.data.setlist(bound.html_initial_name, theirs)
            if isinstance(bound.field, forms.FileField):
                bound.initial = getattr(thing, bound.name)
        for name, theirs in self.conflicts.items():
            self.show_both(self[name], theirs, mine[name], others)

    def show_both(self, bound, theirs, mine, others):
        who = others.history_user or _("The portal")
        when = date_format(timezone.localtime(others.history_date), "SHORT_DATETIME_FORMAT")
        if isinstance(bound.field, forms.FileField):
            told = _("%(person)s has changed this on %(when)s. Choose yours again to replace it.")
        else:
            told = _("%(person)s has changed this too, on %(when)s: decide below.")
            theirs, mine = in_words(bound, theirs), in_words(bound, mine)
            bound.conflict = Conflict(theirs, word_diff(theirs, mine))
        self.add_error(bound.name, told % {"person": who, "when": when})

    def write(self, thing, names):
        """Put these fields into the thing; the caller saves it, then its relations."""
        forms.models.construct_instance(self, thing, names)

    def write_relations(self, thing, names):
        for field in thing._meta.many_to_many:
            if field.name in names:
                field.save_form_data(thing, self.cleaned_data[field.name])

    def ask_for_files_again(self):
        """A browser does not send a file twice: say so beside it."""
        for name in self.changed_data:
            if name not in self.errors and self.files.get(self.add_prefix(name)):
                self.add_error(
                    name, _("Please choose the file again: it could not be kept with the rest.")
                )
