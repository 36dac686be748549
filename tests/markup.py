"""Reads a page as tests want to ask it: its elements, their attributes, the text inside."""

import json
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr"}  # fmt: skip


@dataclass
class Element:
    tag: str
    attributes: dict
    parents: list
    text: str = ""

    def __getitem__(self, name):
        return self.attributes.get(name)

    def __contains__(self, name):
        return name in self.attributes


class Page(HTMLParser):
    """`Page(response.text).all("a")`; `faults` are tags that are not closed as they were opened."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.faults = [], [], []
        self.feed(text)
        self.close()
        self.faults += [f"<{element.tag}> is never closed" for element in self.open]

    def handle_starttag(self, tag, attributes):
        twice = [name for name, times in Counter(n for n, _ in attributes).items() if times > 1]
        self.faults += [f"<{tag}> has {name} twice" for name in twice]
        element = Element(tag, dict(attributes), [each.tag for each in self.open])
        if tag == "a" and "a" in element.parents:
            self.faults.append(f"a link within a link: {element['href']}")
        self.elements.append(element)
        self.handle_data(element["aria-label"] or element["alt"] or "")
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if self.open and self.open[-1].tag == tag:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> closes <{self.open[-1].tag if self.open else ''}>")

    def handle_data(self, text):
        for element in self.open:
            element.text += text

    def all(self, *tags, **attributes):
        """Elements of these tags with these attributes (`rel="canonical"`)."""
        return [
            element
            for element in self.elements
            if element.tag in tags and attributes.items() <= element.attributes.items()
        ]

    def meta(self, name):
        """What the head says of the page under this name, once."""
        said = [
            element["content"]
            for element in self.all("meta")
            if name in (element["name"], element["property"])
        ]
        assert len(said) <= 1, f"{name} is said {len(said)} times"
        return said[0] if said else None

    def linked_data(self):
        """The blocks of linked data, by type."""
        blocks = self.all("script", type="application/ld+json")
        return {data["@type"]: data for data in (json.loads(block.text) for block in blocks)}

    def ids(self):
        return [element["id"] for element in self.elements if "id" in element]

    def links(self):
        """Where the page leads a reader to, by a link or by a question."""
        questions = [form["action"] for form in self.all("form") if form["method"] != "post"]
        return [link["href"] for link in self.all("a") if "href" in link] + list(
            filter(None, questions)
        )

    def resources(self):
        """What a browser fetches for the page without being asked."""
        addresses = [element["src"] for element in self.elements if "src" in element]
        addresses += [
            element["href"]
            for element in self.all("link")
            if set(element["rel"].split())
            & {"stylesheet", "icon", "preload", "apple-touch-icon", "modulepreload"}
        ]
        addresses += [element["href"] for element in self.all("use", "image") if "href" in element]
        addresses += [element["poster"] for element in self.elements if "poster" in element]
        for element in self.elements:
            candidates = element["srcset"] or element["imagesrcset"] or ""
            addresses += [candidate.split()[0] for candidate in candidates.split(",") if candidate]
        return [address for address in addresses if not address.startswith(("data:", "#"))]
