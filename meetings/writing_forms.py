"""Forms in which minutes are written: nobody overwrites another, and no word is lost."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.card_forms import CardForm, asked
from meetings.models import Meeting, Minutes, MinutesSection
from meetings.states import MeetingStatus

WHY_NOT = {
    MeetingStatus.CLOSED: _(
        "These minutes have been approved and never change: a correction is an annex."
    ),
    None: _("Minutes are written once the meeting has been held."),
}
STILL_HERE = _("What you typed is still here: copy what you need.")


def why_not(meeting):
    """Why the minutes of a meeting cannot be written as it stands."""
    return WHY_NOT.get(meeting.status, WHY_NOT[None])


class WritingForm(CardForm):
    """A part of the minutes; whoever sends it too late gets it back with all they typed."""

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting = meeting

    def lock(self):
        """The meeting first: whoever circulates or approves its minutes waits, or was faster."""
        self.meeting = Meeting.objects.select_for_update().get(pk=self.meeting.pk)
        return super().lock()

    def refusal(self, thing):
        if Meeting.objects.written_by(self.by).filter(pk=self.meeting.pk).exists():
            return None
        return f"{why_not(self.meeting)} {STILL_HERE}"


class BaseSectionForm(WritingForm):
    """What the minutes say of one item. With the first word the minutes are begun."""

    def save_all(self, thing, written, *, by_itself):
        begin_minutes(self.meeting)
        super().save_all(thing, written, by_itself=by_itself)


def begin_minutes(meeting):
    """The minutes of a meeting, which are begun with the first thing that is put into them."""
    return Minutes.objects.get_or_create(meeting=meeting)[0]


SectionForm = forms.modelform_factory(
    MinutesSection, form=BaseSectionForm, fields=["text_it", "text_en"], formfield_callback=asked
)


class BaseHeadForm(WritingForm):
    """Who led the meeting, and who writes its minutes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in ("chair", "secretary"):
            self.fields[field].widget.attrs |= {"list": "people", "autocomplete": "off"}


HeadForm = forms.modelform_factory(
    Minutes, form=BaseHeadForm, fields=["chair", "secretary"], formfield_callback=asked
)
