"""The form of a meeting in the admin: five fields for who is in a hurry, the rest below."""

import re
from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting
from meetings.states import TO_COME, Kind, MomentPrecision


class MomentField(forms.SplitDateTimeField):
    """A day and, where it is known, an hour."""

    def __init__(self, **kwargs):
        super().__init__(require_all_fields=False, **kwargs)
        self.fields[1].required = False

    def compress(self, data_list):
        if data_list and data_list[0] and data_list[1] in self.empty_values:
            data_list = [data_list[0], time.min]
        return super().compress(data_list)


class DaysField(forms.CharField):
    """Numbers of days as people write them: "10, 3"."""

    def to_python(self, value):
        parts = [part for part in re.split(r"[\s,;]+", super().to_python(value)) if part]
        if not all(re.fullmatch(r"[0-9]{1,2}", part) and int(part) for part in parts):
            raise forms.ValidationError(
                _("Write numbers of days from 1 to 99, with commas between them: 10, 3."),
                code="days",
            )
        return ",".join(map(str, sorted({int(part) for part in parts}, reverse=True)))


class MeetingForm(forms.ModelForm):
    """A meeting whose hour may still be open."""

    reminders = DaysField(
        label=Meeting._meta.get_field("reminders").verbose_name,
        help_text=Meeting._meta.get_field("reminders").help_text,
        required=False,
        max_length=30,
    )

    class Meta:
        widgets = {
            "fields": forms.CheckboxSelectMultiple,
            "access_notes_it": forms.Textarea(attrs={"rows": 3}),
            "access_notes_en": forms.Textarea(attrs={"rows": 3}),
            "coordinator_note": forms.Textarea(attrs={"rows": 4}),
        }

    def clean(self):
        data = super().clean()
        hour_is_open = not self.data.get(self.add_prefix("starts_at_1"))
        if data.get("precision") == MomentPrecision.TIME and hour_is_open:
            data["precision"] = MomentPrecision.DAY
        if self.instance.status in TO_COME:
            self.clean_who(data)
            self.clean_proposals(data)
        return data

    def clean_who(self, data):
        """Whom a cluster or a working group invites is asked before they are."""
        if data.get("kind") == Kind.CLUSTER and not data.get("fields"):
            self.add_error("fields", _("Choose its fields: their cities are invited."))
        if data.get("kind") == Kind.WORKING_GROUP and not data.get("group"):
            self.add_error("group", _("Choose the working group: its people are invited."))

    def clean_proposals(self, data):
        until, starts_at = data.get("proposals_until"), data.get("starts_at")
        if until and starts_at and until > starts_at.date():
            self.add_error("proposals_until", _("Items are proposed before the meeting begins."))
