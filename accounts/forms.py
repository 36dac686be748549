from allauth.mfa.webauthn.forms import SignupWebAuthnForm
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, MailChoice, User


class WelcomeForm(forms.Form):
    """What every invited person settles before coming in: language and privacy notice."""

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

    def settle(self):
        """Keep the answers, and that the link reached its owner."""
        self.user.language = self.cleaned_data["language"]
        self.user.privacy_accepted_at = timezone.now()
        self.user.save()
        self.user.confirm_email()


class InvitationForm(WelcomeForm, SetPasswordForm):
    """Coming in with a password."""

    def save(self, commit=True):
        user = super().save(commit)
        self.settle()
        return user


class PasskeyInvitationForm(WelcomeForm, SignupWebAuthnForm):
    """Coming in with a passkey instead: the browser fills `credential`."""

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["name"].widget = forms.HiddenInput()

    def clean(self):
        try:
            return super().clean()
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # not from a browser
            raise forms.ValidationError(_("The passkey was not made. Please try again.")) from error


class ProfileForm(forms.ModelForm):
    """What a person settles about themselves."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "language", "mail_choice"]
        labels = {
            "language": _("Language of the portal and of its mails"),
            "mail_choice": _("Mail about what happens"),
        }
        widgets = {"language": forms.RadioSelect, "mail_choice": forms.RadioSelect}

    def save(self, commit=True):
        """Whoever wants mail again is not sent all that happened meanwhile."""
        if self.initial["mail_choice"] == MailChoice.NONE and "mail_choice" in self.changed_data:
            self.instance.notifications.keep_to_the_desk()
        return super().save(commit)


class CloseForm(forms.Form):
    """That it is really this person who closes the account, and on purpose."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address, typed out"), widget=forms.EmailInput({"autocomplete": "off"})
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        del self.fields["email" if user.has_usable_password() else "password"]

    def clean_password(self):
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("This is not your password."))
        return self.cleaned_data["password"]

    def clean_email(self):
        if self.cleaned_data["email"].lower() != self.user.email:
            raise forms.ValidationError(_("This is not the address of this account."))
        return self.cleaned_data["email"]
