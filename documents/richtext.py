"""Rich text: what the editor offers is what the sanitizer lets through, and nothing else."""

import re
from functools import lru_cache
from html import unescape

import nh3
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.html import linebreaks, strip_tags
from django.utils.safestring import mark_safe
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget, ProseEditorWidget
from js_asset import Media, Script

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Heading": {"levels": [2, 3, 4]},
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "History": True,
}


# What is let through, as nh3 takes it: docs/rich-text.md tells it in words.
OF = {"a": {"href"}, "ol": {"start", "type"}}
LET_THROUGH = allowlist_from_extensions(expand_extensions(EXTENSIONS))
shower = nh3.Cleaner(
    tags=LET_THROUGH["tags"],
    attributes=OF | {"*": {"lang", "title"}},
    url_schemes=LET_THROUGH["url_schemes"],
    link_rel="noopener",
)


@lru_cache(maxsize=200)
def shown(text):
    """A stored text as a page may hold it, however it came into the database."""
    return mark_safe(shower.clean(text or ""))  # noqa: S308


ENDS = re.compile(r"</(?:p|li|h[2-4]|blockquote)>|<br ?/?>")


def words_of(text):
    """The words of a stored text in one line, as calendars, letters and search engines show it."""
    return " ".join(unescape(strip_tags(ENDS.sub(" ", str(text or "")))).split())


# The editor's own rules come as a file of ours: what it writes into the page itself is refused.
STYLE = Media(
    css={"all": ["css/editor.css"]}, js=[Script("js/editor_words.js"), Script("js/editor.js")]
)


class RichTextWidget(ProseEditorWidget):
    @property
    def media(self):
        return super().media + STYLE


class AdminRichTextWidget(AdminProseEditorWidget):
    @property
    def media(self):
        return super().media + STYLE


class RichTextFormField(ProseEditorFormField):
    """Without JavaScript people type plain text; its lines and paragraphs stay."""

    def __init__(self, *args, **kwargs):
        in_admin = kwargs.get("widget") is AdminTextareaWidget
        kwargs["widget"] = AdminRichTextWidget if in_admin else RichTextWidget
        super().__init__(*args, **kwargs)

    def clean(self, value):
        value = super().clean(value)
        if not strip_tags(value or "").replace("\xa0", " ").strip():
            return ""  # paragraphs without a word
        return linebreaks(value, autoescape=True) if value and "<" not in value else value


class RichTextField(ProseEditorField):
    """A text with headings, lists, links and emphasis; whoever writes it, it is stored clean."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        kwargs.setdefault("extensions", EXTENSIONS)
        kwargs.setdefault("sanitize", True)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return self.sanitize(value) if value else value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": RichTextFormField, **kwargs})
