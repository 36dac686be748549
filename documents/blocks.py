"""Rich text as a tree of blocks: for papers that are typeset, and for pages on which people speak
to single paragraphs.

    {"kind": "p", "runs": [{"text": "Si ", …}, {"text": "decide", "strong": True}]}
    {"kind": "h", "depth": 1, "runs": […]}
    {"kind": "ul" or "ol", "items": [[block, …], …]}
    {"kind": "quote", "blocks": [block, …]}
"""

import re
from html.parser import HTMLParser

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

HEADINGS = {"h2": 2, "h3": 3, "h4": 4}
MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em"}
SPACES = re.compile(r"[ \t\r\n\f]+")


def blocks(html):
    """The blocks of a sanitized rich text (see documents.richtext), without empty ones."""
    reader = Reader()
    reader.feed(html or "")
    reader.close()
    tree = kept(reader.blocks)
    in_order(tree)
    return tree


class Reader(HTMLParser):
    """Reads what the editor offers and the sanitizer lets through; anything else is its words."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.blocks = []
        self.places = [self.blocks]  # the lists in which the next block may stand
        self.runs = None
        self.marks = {}

    def handle_starttag(self, tag, attrs):
        if tag == "p":
            self.begin({"kind": "p"})
        elif tag in HEADINGS:
            self.begin({"kind": "h", "depth": HEADINGS[tag]})
        elif tag in ("ul", "ol"):
            self.enter({"kind": tag, "items": []}, "items")
        elif tag == "li":
            self.runs = None
            self.places[-1].append([])
            self.places.append(self.places[-1][-1])
        elif tag == "blockquote":
            self.enter({"kind": "quote", "blocks": []}, "blocks")
        elif tag == "br":
            self.write("\n")
        elif tag == "a":
            self.marks["href"] = dict(attrs).get("href") or ""
        elif tag in MARKS:
            self.marks[MARKS[tag]] = True

    def handle_endtag(self, tag):
        if tag in ("ul", "ol", "li", "blockquote"):
            self.runs = None
            if len(self.places) > 1:
                self.places.pop()
        elif tag == "p" or tag in HEADINGS:
            self.runs = None
        elif tag == "a":
            self.marks.pop("href", None)
        elif tag in MARKS:
            self.marks.pop(MARKS[tag], None)

    def handle_data(self, data):
        text = SPACES.sub(" ", data)
        if self.runs is not None or text.strip():
            self.write(text)

    def begin(self, block):
        self.runs = block["runs"] = []
        self.places[-1].append(block)

    def enter(self, block, inside):
        self.runs = None
        self.places[-1].append(block)
        self.places.append(block[inside])

    def write(self, text):
        if self.runs is None:
            self.begin({"kind": "p"})
        marks = {name: value for name, value in self.marks.items() if value}
        self.runs.append({"text": text, **marks})


def kept(tree):
    """The same blocks without those that say nothing, and without spaces at their edges."""
    for block in tree:
        if "items" in block:
            block["items"] = [item for item in map(kept, block["items"]) if item]
        elif "blocks" in block:
            block["blocks"] = kept(block["blocks"])
        else:
            block["runs"] = trimmed(block["runs"])
    return [block for block in tree if any(block.get(part) for part in ("runs", "items", "blocks"))]


def trimmed(runs):
    runs = list(runs)
    while runs and not runs[0]["text"].strip():
        runs.pop(0)
    while runs and not runs[-1]["text"].strip():
        runs.pop()
    if runs:
        runs[0]["text"] = runs[0]["text"].lstrip()
        runs[-1]["text"] = runs[-1]["text"].rstrip()
    return runs


def in_order(tree, last=0):
    """Headings begin at depth 1 and leave out none (PDF/UA-1, 7.4.2)."""
    found = [block for block in tree if block["kind"] == "h"]
    first = min((block["depth"] for block in found), default=0)
    for block in found:
        last = block["depth"] = min(block["depth"] - first + 1, last + 1)
    for block in tree:
        for inner in block.get("items", [block["blocks"]] if "blocks" in block else []):
            in_order(inner)


def block_html(block, heading=4):
    """A block as safe HTML; its headings begin at this level."""
    if "items" in block:
        inside = format_html_join("", "<li>{}</li>", ((in_item(each),) for each in block["items"]))
    elif "blocks" in block:
        inside = join_html(block["blocks"], heading)
    else:
        inside = mark_safe("".join(run_html(run) for run in block["runs"]))  # noqa: S308
    tag = {"quote": "blockquote"}.get(block["kind"], block["kind"])
    if tag == "h":
        tag = f"h{min(heading + block['depth'] - 1, 6)}"
    return format_html("<{0}>{1}</{0}>", mark_safe(tag), inside)  # noqa: S308


def in_item(tree):
    """What stands in a list's item; a lone paragraph needs no tag."""
    if len(tree) == 1 and tree[0]["kind"] == "p":
        return mark_safe("".join(run_html(run) for run in tree[0]["runs"]))  # noqa: S308
    return join_html(tree, 4)


def join_html(tree, heading):
    return format_html_join("", "{}", ((block_html(each, heading),) for each in tree))


def run_html(run):
    html = format_html_join(mark_safe("<br>"), "{}", ((each,) for each in run["text"].split("\n")))
    for mark in ("em", "strong"):
        if run.get(mark):
            html = format_html("<{0}>{1}</{0}>", mark, html)
    return format_html('<a href="{}">{}</a>', run["href"], html) if run.get("href") else html


def block_text(block):
    """The words of a block, each of its lines on one."""
    if "items" in block:
        return "\n".join(block_text(each) for item in block["items"] for each in item)
    if "blocks" in block:
        return "\n".join(block_text(each) for each in block["blocks"])
    return "".join(run["text"] for run in block["runs"])
