"""Papers that everyone can read (PDF/UA-1), whatever people type."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from pypdf import PdfReader

from documents.blocks import blocks
from documents.typeset import typeset
from meetings.minutes_paper import words

HOSTILE = "#import “x” *stark* _weg_ <marca> @rif $x$ \\#y [a] // `c` = Titel"


def record(**fields):
    """The least that minutes say."""
    return {
        "title": {"text": "Riunione", "lang": "it"},
        "kind": "Plenaria",
        "day": "5 marzo 2026",
        "hours": "10:00 – 13:00",
        "place": "Como",
        "mode": "In presenza",
        "chair": "",
        "secretary": "",
        "letterhead": {"name": "Coordinamento", "lead": "", "logo": None, "logo_alt": ""},
        "quorum": {"text": ""},
        "attendance": [],
        "items": [],
        "decisions": [],
        "actions": [],
        **fields,
    }


def item(number="1", title="Punto", html="<p>Testo</p>", **fields):
    return {
        "number": number,
        "is_sub": "." in number,
        "title": {"text": title, "lang": "it"},
        "kind": "Informativa",
        "presenter": "",
        "text": {"blocks": blocks(html), "lang": "it"},
        "decisions": [],
        "actions": [],
        **fields,
    }


def paper(title="Verbale", language="it", annexes=(), **fields):
    data = {"record": record(**fields), "standing": "", "annexes": list(annexes), "words": words()}
    pdf = typeset("minutes", data, language=language, title=title, date=date(2026, 3, 5))
    return PdfReader(io.BytesIO(pdf))


def text_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_says_that_it_is_pdf_ua_with_its_tags_its_language_and_its_title():
    reader = paper(title="Verbale della città", items=[item()])
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"] == "it"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata["/Title"] == "Verbale della città"
    assert reader.metadata["/Author"] == "Coordinamento delle Città Creative UNESCO italiane"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_it_is_dated_by_its_matter_and_the_same_data_make_the_same_file():
    data = {"record": record(), "standing": "", "annexes": [], "words": words()}
    first, second = (
        typeset("minutes", data, language="it", title="Verbale", date=date(2026, 3, 5))
        for _each in range(2)
    )
    assert first == second
    assert PdfReader(io.BytesIO(first)).metadata["/CreationDate"].startswith("D:20260305")


def tags_of(reader):
    """The tags of the paper in their order."""
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(node["/S"])
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_headings_tables_and_lists_are_tagged_as_what_they_are():
    person = {
        "city": "Como", "name": "Anna", "role": "", "how": "", "left_at": "", "instead_of": "",
    }  # fmt: skip
    html = "<h4>Sotto</h4><ul><li>uno</li><li>due</li></ul>"
    tags = tags_of(paper(attendance=[person], items=[item(html=html), item("1.1", "Parte")]))
    assert [tag for tag in tags if tag.startswith("/H")] == [
        "/H1", "/H2", "/H2", "/H3", "/H4", "/H4",
    ]  # fmt: skip
    assert tags.count("/TH") == 4
    assert tags.count("/TD") == 4
    assert tags.count("/LI") == 2


def test_what_people_type_stays_text():
    reader = paper(
        title=HOSTILE,
        chair=HOSTILE,
        items=[item(title=HOSTILE, html="<p>#import “x” *stark* &lt;b&gt; perché</p>")],
    )
    text = text_of(reader)
    assert text.count("#import “x” *stark* _weg_ <marca> @rif $x$ \\#y [a] // `c` = Titel") >= 3
    assert "#import “x” *stark* <b> perché" in text


@pytest.mark.parametrize(
    "odd", ["😀", "👨‍👩‍👧‍👦", "中文", "❤️", "\x00", "\ufeff", "\ud800", "\u202e"]
)
def test_what_its_fonts_cannot_show_never_stops_it(odd):
    text = text_of(paper(items=[item(title=f"prima{odd}dopo")]))
    assert "prima" in text
    assert "dopo" in text


def test_accents_greek_and_cyrillic_are_there():
    assert "Città, però, Łódź, αβγ, Привет, →, €" in text_of(
        paper(items=[item(html="<p>Città, però, Łódź, αβγ, Привет, →, €</p>")])
    )


def test_two_hundred_items_are_no_trouble_and_pages_are_numbered():
    many = [item(str(number), html="<p>Si parla a lungo. </p>" * 8) for number in range(1, 201)]
    reader = paper(items=many)
    assert len(reader.pages) > 30
    last = len(reader.pages)
    assert f"{last} of {last}" in reader.pages[-1].extract_text() or (
        f"{last} di {last}" in reader.pages[-1].extract_text()
    )


def test_many_at_once_get_the_same_as_one_alone():
    data = {"record": record(items=[item()]), "standing": "", "annexes": [], "words": words()}

    def make_one(number):
        return typeset("minutes", data, language="it", title="Verbale")

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(make_one, range(16)))) == 1


def test_a_picture_says_what_it_is():
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (60, 20), "navy").save(buffer, "PNG")
    head = {
        "name": "Coordinamento", "lead": "Città capofila: Como", "logo": buffer.getvalue(),
        "logo_alt": "Logo di Como",
    }  # fmt: skip
    assert "/Figure" in tags_of(paper(letterhead=head))
