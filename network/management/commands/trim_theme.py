"""Cut the package's Bootstrap Italia down to what our templates use: 612 KB become a few.

The patterns of the creative fields go with it, so that a page full of cards asks for one file.
"""

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import tinycss2
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandError

SOURCE = "css/bootstrap-italia.min.css"
TARGET = Path(settings.BASE_DIR) / "static" / "css" / "theme.css"
PATTERNS = Path(settings.BASE_DIR) / "static" / "img" / "patterns"
NOTE = "/*! Bootstrap Italia 2 (BSD-3-Clause), cut by `manage.py trim_theme`; do not edit. */\n"

# Classes that Python or a rich text writes, so that no template shows them.
ALLOWED = {"table"}
# Classes that mean something else here than there.
OURS = {"card", "section", "icon", "lead", "small", "skiplinks"}
CLASS_ATTRIBUTE = re.compile(r"""\bclass="((?:\{[{%].*?[%}]\}|[^"])*)\"""", re.DOTALL)
# Focus rings that only their JavaScript keeps from showing on every click; portal.css has ours.
DROPPED = "data-focus-mouse"
CONDITIONS = ("media", "supports", "layer", "container")


class Command(BaseCommand):
    """Write static/css/theme.css."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="change nothing, fail when stale")

    def handle(self, *args, check, **options):
        css = trim(Path(finders.find(SOURCE)).read_text(encoding="utf-8-sig"), used_classes())
        if not check:
            TARGET.write_text(css, encoding="utf-8")
            self.stdout.write(f"{TARGET.name}: {len(css) / 1024:.0f} KB")
        elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != css:
            raise CommandError("static/css/theme.css is stale: run `manage.py trim_theme`.")


def used_classes():
    """Every word in a class attribute of our templates."""
    templates = (Path(settings.BASE_DIR) / "templates").rglob("*.html")
    attributes = (CLASS_ATTRIBUTE.findall(path.read_text(encoding="utf-8")) for path in templates)
    words = (re.findall(r"[\w-]+", text) for found in attributes for text in found)
    return ALLOWED.union(*words) - OURS


def trim(css, used):
    """The rules of `css` that elements with the `used` classes can meet."""
    kept = keep_rules(tinycss2.parse_stylesheet(css, skip_comments=True), used)
    own = "".join(p.read_text(encoding="utf-8") for p in TARGET.parent.glob("*.css") if p != TARGET)
    before = None
    while before != kept:  # a property may be used only by a property that nobody uses
        before, kept = kept, without_unused_properties(kept, own)
    layer = f"@layer theme{{\n{kept}}}\n"  # so that our own rules always win
    return NOTE + layer + "".join(map(pattern_rule, sorted(PATTERNS.glob("*.svg"))))


def pattern_rule(path):
    """The rule that shows a field's pattern, with its drawing in it."""
    drawing = quote(path.read_text(encoding="utf-8").strip(), safe=" /:;,=()<>'-.")
    return f'.pattern.field--{path.stem}{{background-image:url("data:image/svg+xml,{drawing}")}}\n'


def without_unused_properties(css, own):
    """`css` without the custom properties that neither it nor our `own` CSS reads."""
    read = set(re.findall(r"var\(\s*(--[\w-]+)", css + own))
    css = re.sub(
        r"(?<=[{;])\s*(--[\w-]+):[^;{}]*(;|(?=\}))",
        lambda found: found[0] if found[1] in read else "",
        css,
    )
    return re.sub(r"[^{};]+\{\s*\}\n?", "", css)


def keep_rules(rules, used):
    """The wanted rules, one a line."""
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = ",".join(wanted_selectors(rule.prelude, used))
            if selectors:
                kept.append(f"{selectors}{{{tinycss2.serialize(rule.content).strip()}}}\n")
        elif rule.type == "at-rule" and rule.at_keyword in CONDITIONS and rule.content:
            inner = keep_rules(tinycss2.parse_rule_list(rule.content, skip_comments=True), used)
            if inner:
                prelude = tinycss2.serialize(rule.prelude).strip()
                kept.append(f"@{rule.at_keyword} {prelude}{{{inner}}}\n")
    return "".join(kept)


def wanted_selectors(prelude, used):
    """Those selectors of a list that name only used classes and no id."""
    selectors = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    for tokens in selectors:
        selector = tinycss2.serialize(tokens).strip()
        if classes(tokens) <= used and "#" not in selector and DROPPED not in selector:
            yield selector


def classes(tokens):
    """The classes that an element must have, or stand in, to match a selector."""
    named = {b.value for a, b in pairwise(tokens) if a == "." and b.type == "ident"}
    for token in tokens:
        if token.type == "function" and token.lower_name in ("is", "where", "has"):
            named |= classes(token.arguments)
    return named
