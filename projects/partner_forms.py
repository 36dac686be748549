"""What is written to bring cities together: an invitation, a question to join, an answer."""

from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.models import City
from journal.verbs import TransitionNotAllowed
from projects.partnerships import Partnership
from projects.states import OPEN


class InviteForm(forms.Form):
    """Which cities are asked to take part, with what words, and whether they may edit."""

    cities = forms.ModelMultipleChoiceField(
        label=_("Which cities?"),
        queryset=City.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one city.")},
    )
    message = forms.CharField(
        label=_("Your message"),
        help_text=_("What they would bring and do, and by when you need an answer."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=1000,
        required=False,
    )
    may_edit = forms.BooleanField(
        label=_("They may edit the card"),
        help_text=_("Otherwise they write updates only. You can change this later, city by city."),
        required=False,
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.project = project
        self.settled = set(project.partnerships.standing().values_list("city", flat=True))
        self.fields["cities"].queryset = (
            City.objects.members().exclude(pk=project.lead_id).with_field()
        )

    def groups(self):
        """The cities still to be asked, as (creative field, boxes to tick)."""
        boxes = [
            (each.data["value"].instance, each)
            for each in self["cities"]
            if each.data["value"].value not in self.settled
        ]
        boxes.sort(key=lambda pair: (pair[0].field.order, pair[0].name))
        return [
            (field, [box for _city, box in pairs])
            for field, pairs in groupby(boxes, key=lambda pair: pair[0].field)
        ]

    def clean(self):
        if self.project.status not in OPEN:
            raise forms.ValidationError(
                _("The project has been closed in the meantime: nobody can be invited now.")
            )
        return super().clean()

    def invite(self, by):
        """Ask each city; answers those asked, and those with whom somebody was faster."""
        asked, late = [], []
        words = {name: self.cleaned_data[name] for name in ("message", "may_edit")}
        for city in self.cleaned_data["cities"]:
            try:
                Partnership.objects.invite(self.project, city, by=by, **words)
                asked.append(city)
            except TransitionNotAllowed:
                late.append(city)
        return asked, late


class AskForm(forms.Form):
    """For which city somebody asks to join a project, and what it would bring."""

    city = forms.ModelChoiceField(
        label=_("Which city asks?"),
        queryset=City.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    message = forms.CharField(
        label=_("What your city would bring"),
        help_text=_("The lead city reads it, and answers."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=1000,
        error_messages={"required": _("Please write a sentence: the lead city will read it.")},
    )

    def __init__(self, *args, project, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.project, self.by = project, by
        self.cities = City.objects.members().served_by(by).exclude(pk=project.lead_id)
        self.fields["city"].queryset = self.cities
        self.only_city = self.cities[0] if len(self.cities) == 1 else None
        if self.only_city:
            self.fields["city"].widget = forms.HiddenInput()
            self.initial["city"] = self.only_city.pk

    def clean(self):
        if not self.project.seeks_partners:
            raise forms.ValidationError(
                _("The project no longer looks for partners. Your words are still here: copy them.")
            )
        return super().clean()

    def ask(self):
        """Ask; False, with an error, if the city stands in the project already."""
        city, message = self.cleaned_data["city"], self.cleaned_data["message"]
        try:
            Partnership.objects.ask(self.project, city, by=self.by, message=message)
        except TransitionNotAllowed:
            text = _("%(city)s takes part already, or an answer is still open between the two.")
            self.add_error(None, text % {"city": city})
            return False
        return True


class AnswerForm(forms.Form):
    """A city's answer from a letter: yes, or no and why."""

    answer = forms.ChoiceField(choices=[("accept", "accept"), ("decline", "decline")])
    comment = forms.CharField(
        label=_("Your reason"),
        help_text=_("The lead city reads it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Please write why: the people concerned will read it.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["comment"].required = self.data.get("answer") != "accept"

    def give(self, partnership, by):
        """Answer in the name of the city; False if somebody was faster."""
        try:
            if self.cleaned_data["answer"] == "accept":
                partnership.accept(by=by)
            else:
                partnership.decline(by=by, comment=self.cleaned_data["comment"])
        except TransitionNotAllowed:
            return False
        return True
