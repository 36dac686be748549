"""What changed between two texts, word by word, for people who decide about it."""

import re
from difflib import SequenceMatcher

from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

WORD = re.compile(r"\s+|\w+|[^\w\s]")
BLOCK = re.compile(r"</(?:p|li|h[2-4]|blockquote)>|<br ?/?>")
MOST = 20_000  # words: beyond, both texts are shown as they are


def word_diff(before, after):
    """The new text with what went as <del> and what came as <ins>, as safe HTML.

    Rich texts are compared by their words; paragraphs stay apart as line breaks.
    """
    old, new = WORD.findall(plain(before)), WORD.findall(plain(after))
    if len(old) + len(new) > MOST:
        return mark_safe(marked("del", "".join(old)) + marked("ins", "".join(new)))  # noqa: S308
    parts = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            parts.append(conditional_escape("".join(new[c:d])))
            continue
        parts.append(marked("del", "".join(old[a:b])))
        parts.append(marked("ins", "".join(new[c:d])))
    return mark_safe("".join(parts))  # noqa: S308  escaped piece by piece


def marked(tag, text):
    """The mark says its kind in words too, for those who hear the page."""
    if not text:
        return ""
    said = _("removed:") if tag == "del" else _("added:")
    return (
        f'<{tag}><span class="visually-hidden">{conditional_escape(said)} </span>'
        f"{conditional_escape(text)}</{tag}>"
    )


def plain(text):
    """The words of a text, rich or not, with a line break after each paragraph."""
    return strip_tags(BLOCK.sub("\n", str(text or ""))).strip()
