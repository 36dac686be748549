"""Whoever is there without being on the list."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cities.models import City
from meetings.answer_forms import only_a_name
from meetings.invitations import Invitation, somebody
from meetings.states import ATTENDED, Attendance, InvitedAs


class PresentForm(forms.Form):
    """A person to put on the list of presence: in somebody's place, or as a guest."""

    instead_of = forms.ModelChoiceField(
        Invitation.objects.none(), required=False, widget=forms.HiddenInput
    )
    name = forms.CharField(label=_("Name"), max_length=160, validators=[only_a_name])
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("To send them the minutes."),
    )
    city = forms.ModelChoiceField(
        City.objects.order_by("name"), label=_("City"), required=False, empty_label=_("none")
    )
    role = forms.ChoiceField(
        label=_("As"), choices=InvitedAs, initial=InvitedAs.GUEST, required=False
    )
    attendance = forms.ChoiceField(
        label=_("How"),
        choices=[(each, each.label) for each in ATTENDED],
        initial=Attendance.PRESENT,
        required=False,
    )

    def __init__(self, data=None, *, meeting, **kwargs):
        super().__init__(data, auto_id="present-%s", **kwargs)
        self.meeting = meeting
        replaceable = meeting.invitations.standing().filter(stands_for=None)
        self.fields["instead_of"].queryset = replaceable

    def clean_email(self):
        email = self.cleaned_data["email"]
        if email and self.meeting.invitations.standing().at(email).exists():
            raise ValidationError(_("This person is on the list already."))
        return email

    def clean_instead_of(self):
        absent = self.cleaned_data["instead_of"]
        if absent and absent.deputy:
            raise ValidationError(_("Somebody is on the list in their place already."))
        return absent

    def add(self):
        """Put the person on the list as present, in the place of whoever is then absent."""
        data, absent = self.cleaned_data, self.cleaned_data["instead_of"]
        present = somebody(self.meeting, data["name"], data["email"])
        present.attendance = data["attendance"] or Attendance.PRESENT
        present.city = absent.city if absent else data["city"]
        present.role = absent.role if absent else data["role"] or InvitedAs.GUEST
        if absent:
            Invitation.objects.filter(stands_for=absent).update(stands_for=None)
            gone = {"attendance": Attendance.ABSENT, "left_at": None}
            Invitation.objects.filter(pk=absent.pk).update(**gone)
        present.stands_for = absent
        present.save()
        return present
