from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from accounts.models import Language


class InvitationForm(SetPasswordForm):
    """What an invited person settles before coming in: password, language, privacy notice."""

    language = forms.ChoiceField(
        label=_("Language of the portal and of its mails"),
        choices=Language.choices,
        widget=forms.RadioSelect,
    )
    privacy = forms.BooleanField(
        label=_("I have read the privacy notice"),
        error_messages={"required": _("Please read the privacy notice and tick this box.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = self.user.language

    def save(self, commit=True):
        self.user.language = self.cleaned_data["language"]
        return super().save(commit)
