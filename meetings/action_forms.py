"""What people write of an action: how it goes, what came of it, by when it will be done."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.actions import is_near

WHY = {"required": _("Please write why: the people concerned will read it.")}


class NoteForm(forms.Form):
    """How it goes."""

    comment = forms.CharField(
        label=_("How does it go?"),
        help_text=_("What was done, what comes next, who could help."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Please write a sentence: the coordinators will read it.")},
    )

    def __init__(self, *args, action, **kwargs):
        super().__init__(*args, **kwargs)
        self.action = action


class FinishForm(NoteForm):
    """That it is done, and what came of it."""

    comment = forms.CharField(
        label=_("What came of it (if you like)"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )


class DropForm(NoteForm):
    """Why it is given up."""

    comment = forms.CharField(
        label=_("Why it is dropped"),
        help_text=_("Its cities’ people read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages=WHY,
    )


class ShiftForm(NoteForm):
    """A later day, and why."""

    due_on = forms.DateField(
        label=_("New day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    comment = forms.CharField(
        label=_("Why"),
        help_text=_("The coordinators read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages=WHY,
    )
    field_order = ["due_on", "comment"]

    def __init__(self, *args, action, **kwargs):
        super().__init__(*args, action=action, **kwargs)
        self.initial.setdefault("due_on", action.later_day)
        self.fields["due_on"].widget.attrs["min"] = timezone.localdate().isoformat()

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed: choose a later one."))
        if not is_near(day):
            raise forms.ValidationError(_("Is the year right? It is more than ten years off."))
        if day == self.action.due_on:
            raise forms.ValidationError(_("It is due on this day already: choose another one."))
        return day


FORMS = {"note": NoteForm, "finish": FinishForm, "shift": ShiftForm, "drop": DropForm}
