"""What participants say to single paragraphs of circulated minutes.

A spot is what one can speak to: a paragraph, a decision, an action, the list of those present. It
is known by its words, so that a remark never lands beside a text that its writer has not read.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.blocks import block_html, block_text, blocks
from journal.models import Event
from meetings.minutes import Amendment
from meetings.states import AmendmentStatus

ALIKE = 0.4  # of the same passage after an edit; less is another passage


@dataclass
class Spot:
    """What one can speak to: its words, and the part of the minutes it stands in, if in one."""

    quote: str
    section: int | None = None
    html: str = ""

    @property
    def key(self):
        return sha256(f"{self.section}|{self.quote}".encode()).hexdigest()[:16]


def spots_of(record):
    """All spots of a record by their keys; each also stands in the record beside what it is about,
    for the page."""
    spots = {}

    def place(thing, spot):
        thing["spot"] = spot
        spots.setdefault(spot.key, spot)

    for item in record["items"]:
        item["paragraphs"] = [{"html": block_html(each)} for each in item["text"]["blocks"]]
        for paragraph, block in zip(item["paragraphs"], item["text"]["blocks"], strict=True):
            place(paragraph, Spot(block_text(block), item["section"]))
    for part in [*record["items"], record]:
        for each in [*part["decisions"], *part["actions"]]:
            place(each, Spot(each["text"]["text"]))
    if record["attendance"]:
        people = [f"{each['name']}: {each['how']}" for each in record["attendance"]]
        record["presence"] = {}
        place(record["presence"], Spot("\n".join([gettext("Those present"), *people])))
    return spots


class RemarkForm(forms.Form):
    """A remark: what one thinks of a spot, how it should be worded, or both."""

    key = forms.CharField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Your remark"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    proposal = forms.CharField(
        label=_("Words you propose instead"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, spots, **kwargs):
        super().__init__(*args, **kwargs)
        self.spots = spots

    @property
    def spot(self):
        """What the remark is about, where it still stands as it was read."""
        return self.spots.get(self.data.get("key"))

    def clean(self):
        cleaned = super().clean()
        if self.spot is None:
            self.add_error(
                None,
                _("This passage has changed in the meantime: read it again, then say it there."),
            )
        elif not cleaned.get("comment") and not cleaned.get("proposal"):
            self.add_error("comment", _("Write a remark, or the words you propose."))
        return cleaned

    @transaction.atomic
    def say(self, invitation):
        """Keep the remark with the words it is about; the coordinators are told. Answers whether it
        is kept: whoever approves the minutes may have been faster. Said twice it is kept once."""
        from django.contrib.auth import get_user_model

        from meetings.models import Meeting

        meeting = Meeting.objects.select_for_update().get(pk=invitation.meeting_id)
        if not (hasattr(meeting, "minutes") and meeting.minutes.takes_remarks()):
            return False
        remark, is_new = Amendment.objects.get_or_create(
            status=AmendmentStatus.OPEN,
            invitation=invitation,
            section_id=self.spot.section,
            quote=self.spot.quote,
            comment=self.cleaned_data["comment"],
            proposal=self.cleaned_data["proposal"],
        )
        if not is_new:
            return True
        coordinators = get_user_model().objects.coordinators()
        Event.objects.record(remark, "propose", by=invitation.user, tell=coordinators)
        return True


def as_it_stands(remark):
    """The passage that a remark is about as it reads now: the same words, or the most alike of the
    same part in any language; empty where it is gone. Of lists only what was read is known."""
    if remark.section is None:
        return remark.quote
    texts = [
        block_text(block)
        for language, _name in settings.LANGUAGES
        for block in blocks(getattr(remark.section, f"text_{language}"))
    ]
    if remark.quote in texts:
        return remark.quote
    likeness = {text: SequenceMatcher(None, remark.quote, text).ratio() for text in texts}
    best = max(likeness, key=likeness.get, default="")
    return best if best and likeness[best] > ALIKE else ""
