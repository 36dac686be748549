"""Papers as PDFs that everyone can read: PDF/UA-1 (ISO 14289-1), made by typst.

A template (`templates/typst/<name>.typ`) imports `paper.typ` and lays out `data`. What people typed
reaches it as data and never as markup, so that `#`, `*` and `<` stay what they are.
"""

import json
import re
import unicodedata
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

TEMPLATES = settings.BASE_DIR / "templates" / "typst"
UNSHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed")
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
UNSEEN = "\ufeff\ufe0e\ufe0f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# PDF/UA-1 refuses a text that its fonts cannot show; then this stands there instead.
STAND_IN = "□"


def typeset(template, data, *, language, title, date=None):
    """The PDF of a template with its data, as bytes.

    `data` is whatever JSON can hold, and `bytes` for pictures. The PDF says the `date` it is given
    and not that of the clock: the same data make the same file.
    """
    import typst  # seven megabytes, that only a worker needs that makes papers

    with translation.override(language):
        words = {"page": _("Page {page} of {pages}")}
    head = {
        "title": title,
        "language": language,
        "author": settings.OWNER["name"],
        "date": [date.year, date.month, date.day] if date else None,
        "words": words,
    }
    # Through JSON once, so that all of it is of the kinds that JSON knows.
    paper = json.loads(json.dumps({"head": head, "data": data}, default=as_numbers))
    paper = mapped(paper, visible)
    for _attempt in range(20):  # each names what it cannot show; more kinds than that nobody types
        try:
            return compiled(template, paper)
        except typst.TypstError as error:
            unshown = {unescaped(text) for text in UNSHOWN.findall(error.diagnostic)}
            if not unshown:
                raise
            paper = mapped(paper, partial(replaced, unshown))
    raise ValueError("typst cannot show this text")


def compiled(template, paper):
    import typst

    return typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=fonts(),
        sys_inputs={"paper": json.dumps(paper)},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=0,
    )


@cache
def fonts():
    """The portal's own face, from the package that its pages take it from; never the system's."""
    import typst

    package = Path(find_spec("bootstrap_italia_template").origin).parent
    return typst.Fonts(
        include_system_fonts=False,
        font_paths=[package / "static" / "fonts" / name for name in ("Titillium_Web", "Lora")],
    )


def as_numbers(value):
    """Pictures travel in JSON as the numbers of their bytes."""
    return list(value) if isinstance(value, bytes) else str(value)


def visible(text):
    """The text without what stands for nothing one could see: controls, noncharacters, marks of
    byte order and direction, and the signs that choose between forms of a character."""
    return "".join(each for each in text if each == "\n" or is_visible(each))


def is_visible(character):
    kind = unicodedata.category(character)
    return kind not in ("Cc", "Cs", "Cn", "Co") and character not in UNSEEN


def replaced(unshown, text):
    for each in sorted(unshown, key=len, reverse=True):
        text = text.replace(each, STAND_IN)
    return text


def mapped(value, change):
    """The same data with each text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: mapped(each, change) for name, each in value.items()}
    if isinstance(value, list) and not (value and isinstance(value[0], int)):
        return [mapped(each, change) for each in value]
    return value


def unescaped(text):
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
