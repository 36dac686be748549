"""What changed between two texts, word by word, for people who decide about it."""

import re
from difflib import SequenceMatcher

from django.utils.functional import cached_property
from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

WORD = re.compile(r"\s+|\w+|[^\w\s]")
BLOCK = re.compile(r"</(?:p|li|h[2-4]|blockquote)>|<br ?/?>")
MOST = 20_000  # words: beyond, both texts are shown as they are
LONG = 2000  # words: beyond, those that come again and again are no landmarks, it would take hours
AROUND = 6  # words that stay on each side of a change, where it is told in brief
# Letters know no style sheet; the line through or under says it without the colour.
IN_LETTERS = {
    "del": "color:#8a1f17;background:#fdeeec;text-decoration:line-through;",
    "ins": "color:#0b5c40;background:#e6f5ef;text-decoration:underline;font-weight:bold;",
}


class Change:
    """One thing that is told differently now, for pages and for letters."""

    def __init__(self, name, label, before, after):
        self.name, self.label = name, label
        self.before, self.after = before, after

    @property
    def diff(self):
        """The whole text with its changes marked."""
        return word_diff(self.before, self.after)

    @property
    def letter(self):
        """The changes and a few words around each, as letters can show them."""
        return joined(brief(self.runs), styled, between=" ")

    @property
    def was(self):
        return "".join(was for was, now in brief(self.runs)).strip()

    @property
    def now(self):
        return "".join(now for was, now in brief(self.runs)).strip()

    @cached_property
    def runs(self):
        return runs(self.before, self.after)


def word_diff(before, after):
    """The new text with what went as <del> and what came as <ins>, as safe HTML.

    Rich texts are compared by their words; paragraphs stay apart as line breaks.
    """
    return joined(runs(before, after), marked)


def runs(before, after):
    """Both texts in pieces, as (what was, what is); pieces that stay are twice the same."""
    old, new = WORD.findall(plain(before)), WORD.findall(plain(after))
    if len(old) + len(new) > MOST:
        return [("".join(old), ""), ("", "".join(new))]
    found = []
    quick = len(old) + len(new) > LONG
    for _what, a, b, c, d in SequenceMatcher(str.isspace, old, new, autojunk=quick).get_opcodes():
        was, now = "".join(old[a:b]), "".join(new[c:d])
        if was != now and len(found) > 1 and found[-1] == (" ", " "):
            (earlier, later), _space = found.pop(-2), found.pop()
            was, now = f"{earlier} {was}", f"{later} {now}"
        found.append((was, now))
    return found


def brief(found):
    """The same pieces, of those that stay only the words beside a change."""
    for place, (was, now) in enumerate(found):
        words = was.split(" ")
        head = [*words[:AROUND], ""] if place else []
        tail = ["", *words[-AROUND:]] if place < len(found) - 1 else []
        if was != now or len(words) <= len(head) + len(tail):
            yield was, now
        else:
            yield ("…".join([" ".join(head), " ".join(tail)]),) * 2


def joined(found, mark, between=""):
    """Pieces as safe HTML: escaped one by one, and marked where they differ."""
    parts = []
    for was, now in found:
        if was == now:
            parts.append(conditional_escape(now))
        else:
            parts.append(between.join(filter(None, [mark("del", was), mark("ins", now)])))
    return mark_safe("".join(parts))  # noqa: S308


def marked(tag, text):
    """The mark says its kind in words too, for those who hear the page."""
    if not text:
        return ""
    said = _("removed:") if tag == "del" else _("added:")
    return (
        f'<{tag}><span class="visually-hidden">{conditional_escape(said)} </span>'
        f"{conditional_escape(text)}</{tag}>"
    )


def styled(tag, text):
    if not text:
        return ""
    return f'<{tag} style="{IN_LETTERS[tag]}">{conditional_escape(text)}</{tag}>'


def plain(text):
    """The words of a text, rich or not, with a line break after each paragraph."""
    return strip_tags(BLOCK.sub("\n", str(text or ""))).strip()
