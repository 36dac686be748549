"""How an invited person answers: one form, whose buttons are the answers."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from meetings.states import COMING, Answer, Mode

# Names go into mails, where a link of somebody's choice must not look like ours. "Dott.ssa Rossi"
# and "Avv.to Bianchi" are names.
NO_NAME = re.compile(
    r"[\r\n\t<>{}/\\@]|\bwww\.|[\w-]{2,}\.(?!ssa\b|to\b|ri\b|re\b)[^\W\d_]{2,}", re.I
)
NOT_ANSWERED_BY = {Answer.IN_PERSON: Mode.ONLINE, Answer.REMOTE: Mode.IN_PERSON}
BUTTONS = {
    Answer.IN_PERSON: (_("I come in person"), "users"),
    Answer.REMOTE: (_("I take part online"), "globe"),
    Answer.CANNOT: (_("I cannot come"), "close"),
}
SAID = {
    Answer.IN_PERSON: _("You come in person."),
    Answer.REMOTE: _("You take part online."),
    Answer.CANNOT: _("You cannot come."),
    Answer.SUBSTITUTE: _("Somebody goes instead of you."),
}


def only_a_name(text):
    """Refuse what is no name of a person: addresses, links, several lines."""
    if NO_NAME.search(text):
        raise ValidationError(_("Only the name, please: no address, no link."))


def answers_to(invitation):
    """What can be answered: as the meeting is held; whoever goes instead names nobody else."""
    mode = invitation.meeting.mode
    answers = [each for each in Answer if mode != NOT_ANSWERED_BY.get(each, "none")]
    return [each for each in answers if each != Answer.SUBSTITUTE or not invitation.stands_for_id]


class AnswerForm(forms.Form):
    """Whether a person comes, with a note; or who goes instead."""

    use_required_attribute = False

    answer = forms.ChoiceField(choices=Answer)
    name = forms.CharField(label=_("Name"), max_length=160, validators=[only_a_name])
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("The coordination reads it: when you arrive, what you need."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        required=False,
    )
    seen = forms.CharField(required=False)  # which answer stood when the page was opened

    def __init__(self, data=None, *, invitation, chosen="", **kwargs):
        deputy = invitation.deputy
        initial = {
            "note": invitation.note,
            "name": deputy.person if deputy else "",
            "email": deputy.address if deputy else "",
        }
        super().__init__(data, initial=initial, auto_id=f"answer-{invitation.pk}-%s", **kwargs)
        self.invitation, self.deputy = invitation, deputy
        self.answers = answers_to(invitation)
        self.chosen = chosen if chosen in self.answers else ""
        self.fields["answer"].choices = [(each, each.label) for each in self.answers]
        if self.is_bound and not self.names_other:
            for name in ("name", "email"):
                label = self.fields[name].label
                self.fields[name] = forms.CharField(label=label, required=False)

    def clean_email(self):
        email, invitation = self.cleaned_data["email"], self.invitation
        if not self.names_other:
            return email
        others = invitation.meeting.invitations.standing().at(email)
        if others.exclude(stands_for=invitation).exists():
            raise ValidationError(_("This person is invited already."))
        return email

    def buttons(self):
        """The answers of one tap: (answer, words, icon, whether it stands or is proposed)."""
        marked = self.chosen or self.invitation.answer
        return [(each, *BUTTONS[each], each == marked) for each in self.answers if each in BUTTONS]

    @property
    def may_send_other(self):
        return Answer.SUBSTITUTE in self.answers

    @property
    def names_other(self):
        """Whether the fields for whoever goes instead are open."""
        asked = self.data.get("answer") if self.is_bound else self.chosen
        return asked == Answer.SUBSTITUTE

    @property
    def standing(self):
        """The answer that stands, said to the person; nothing where there is none."""
        if self.invitation.answer != Answer.SUBSTITUTE:
            return SAID.get(self.invitation.answer, "")
        if self.deputy is None:
            return _("Whoever you named is no longer invited: please answer anew.")
        return _("%(name)s goes instead of you.") % {"name": self.deputy.person}

    @property
    def standing_holds(self):
        """Whether an answer stands that needs no other: whoever was to go instead may be gone."""
        return bool(self.deputy) or self.invitation.answer not in ("", Answer.SUBSTITUTE)

    @property
    def deputy_said(self):
        """What whoever goes instead has answered."""
        if self.deputy.answer in COMING:
            return _("They come.")
        return _("They cannot come.") if self.deputy.answer else _("They have not answered yet.")

    @property
    def stamp(self):
        """By which the portal knows whether somebody has answered since."""
        answered_at = self.invitation.answered_at
        return answered_at.isoformat() if answered_at else ""

    def give(self, *, by):
        """Answer; returns what somebody else had answered since the page was opened. Raises
        TooLate."""
        data, invitation = self.cleaned_data, self.invitation
        answer = data["answer"]
        overtaken = invitation.answer if data["seen"] != self.stamp else ""
        substitute = (data["name"], data["email"]) if answer == Answer.SUBSTITUTE else None
        invitation.reply(answer, by=by, note=data["note"], substitute=substitute)
        return overtaken if overtaken != answer else ""
