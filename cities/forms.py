"""The page of a city, as its people and the coordinators keep it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.card_forms import CardForm, form_of
from cities.card_rows import rows_of
from cities.card_values import changes_between, values_of
from cities.cards import names_of
from cities.models import City
from journal.models import Event


class CityForm(CardForm):
    """What a city tells of itself. Kept, it is public at once."""

    ROWS = {name: rows_of(City, name) for name in ("facts", "offices")}

    all_right = forms.BooleanField(
        required=False,
        label=_("Everything else is still right"),
        help_text=_("The page then says that the city has checked it today."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not City.objects.served_by(self.by).filter(pk=self.instance.pk).exists():
            del self.fields["all_right"]

    def clean(self):
        """A picture that is chosen now comes with its words (WCAG 2.2, criterion 1.1.1)."""
        cleaned = super().clean()
        touched = {"picture", "picture_alt_it"} & set(self.changed_data)
        if touched and cleaned.get("picture") and not cleaned.get("picture_alt_it"):
            self.add_error(
                "picture_alt_it",
                _("Say what the picture shows: it is read aloud to those who cannot see it."),
            )
        return cleaned

    def sections(self):
        """The parts of the card, each with its fields and rows."""
        for section in City.CARD:
            yield section, self.blocks(section.names)

    def state_of(self, thing):
        return values_of(thing)

    def keep_in(self, thing, *, by_itself):
        kept = super().keep_in(thing, by_itself=by_itself)
        if kept and self.cleaned_data.get("all_right"):
            thing.confirm(by=self.by)
        return kept

    def record(self, thing, before):
        """The coordinators read in their digest what changed, and so do the city's people."""
        changes = changes_between(before, values_of(thing))
        if changes:
            details = {"changes": changes}
            Event.objects.record(thing, "update", by=self.by, tell=thing.keepers(), details=details)


def city_form(*args, **kwargs):
    names = tuple(names_of(City))
    return form_of(CityForm, City, names)(*args, names=names, **kwargs)
