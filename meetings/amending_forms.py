"""What coordinators say when minutes go out, come back with remarks, and are corrected."""

from datetime import timedelta

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from documents.richtext import AdminRichTextWidget
from journal.models import Event
from meetings.circulating import COMMENT_DAYS, circulate_minutes
from meetings.minutes import Annex, Minutes
from meetings.minutes_letters import write_letters


class CirculateForm(forms.ModelForm):
    """Until when people may say something to the minutes, and how they become final."""

    class Meta:
        model = Minutes
        fields = ["comments_until", "approval", "silence_days"]
        labels = {"approval": _("How they are approved")}
        widgets = {
            "comments_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "approval": forms.RadioSelect,
            "silence_days": forms.NumberInput(attrs={"min": 1, "max": 90}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["comments_until"].required = True
        self.initial["comments_until"] = self.instance.comments_until or (
            timezone.localdate() + timedelta(days=COMMENT_DAYS)
        )

    def clean_comments_until(self):
        day = self.cleaned_data["comments_until"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Leave people at least until tomorrow."))
        if day > timezone.localdate() + timedelta(days=365):
            raise forms.ValidationError(_("Is the year right? It is more than a year off."))
        return day

    def clean_silence_days(self):
        days = self.cleaned_data["silence_days"]
        if not 1 <= days <= 90:
            raise forms.ValidationError(_("Between 1 and 90 days."))
        return days

    @transaction.atomic
    def circulate(self, meeting, *, by):
        self.save()
        circulate_minutes(meeting, by=by)


class ReasonForm(forms.Form):
    """Why a remark is not taken; its author reads it."""

    comment = forms.CharField(
        label=_("Why not: its author reads it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please write why: the people concerned will read it.")},
    )


class SummaryForm(forms.ModelForm):
    """What visitors read of the meeting; it may be written before and after the approval."""

    class Meta:
        model = Minutes
        fields = ["summary_it", "summary_en", "summary_is_public"]
        widgets = {"summary_it": AdminRichTextWidget, "summary_en": AdminRichTextWidget}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("summary_is_public") and not strip_tags(cleaned.get("summary_it") or ""):
            self.add_error("summary_it", _("Write the summary in Italian before you publish it."))
        return cleaned

    def publish(self):
        """Keep the summary and nothing else: the minutes may have been approved meanwhile."""
        self.instance.save(update_fields=[*self._meta.fields, "updated_at"])


class AnnexForm(forms.ModelForm):
    """A correction of approved minutes, which themselves never change."""

    class Meta:
        model = Annex
        fields = ["text_it", "text_en"]
        widgets = {"text_it": AdminRichTextWidget, "text_en": AdminRichTextWidget}

    @transaction.atomic
    def add(self, minutes, *, by):
        """Keep it with its day, and write to all who were invited; sent twice it is kept once."""
        Minutes.objects.select_for_update().get(pk=minutes.pk)
        words = {name: self.cleaned_data[name] for name in self._meta.fields}
        if known := minutes.annexes.filter(**words).first():
            return known
        self.instance.minutes, self.instance.added_by = minutes, by
        annex = self.save()
        Event.objects.record(minutes.meeting, "annex", by=by)
        invited = minutes.meeting.invitations.standing().sent()
        write_letters(invited, "minutes_annex", by=by, once=f"annex-{annex.pk}")
        return annex
