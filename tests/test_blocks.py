"""Rich text as a tree of blocks, and back."""

import pytest

from documents.blocks import block_html, block_text, blocks, join_html


def said(html):
    return [block_text(block) for block in blocks(html)]


def test_everything_that_the_editor_offers_is_read():
    html = (
        "<h2>Titolo</h2><p>Un <strong>forte</strong> e un <em>lieve</em> "
        '<a href="https://example.org">rimando</a><br>a capo</p>'
        "<ul><li><p>uno</p></li><li><p>due</p><ol><li><p>tre</p></li></ol></li></ul>"
        "<blockquote><p>citato</p></blockquote>"
    )
    assert blocks(html) == [
        {"kind": "h", "depth": 1, "runs": [{"text": "Titolo"}]},
        {
            "kind": "p",
            "runs": [
                {"text": "Un "},
                {"text": "forte", "strong": True},
                {"text": " e un "},
                {"text": "lieve", "em": True},
                {"text": " "},
                {"text": "rimando", "href": "https://example.org"},
                {"text": "\n"},
                {"text": "a capo"},
            ],
        },
        {
            "kind": "ul",
            "items": [
                [{"kind": "p", "runs": [{"text": "uno"}]}],
                [
                    {"kind": "p", "runs": [{"text": "due"}]},
                    {"kind": "ol", "items": [[{"kind": "p", "runs": [{"text": "tre"}]}]]},
                ],
            ],
        },
        {"kind": "quote", "blocks": [{"kind": "p", "runs": [{"text": "citato"}]}]},
    ]


def test_it_becomes_the_same_html_with_headings_that_fit_the_page():
    html = "<h3>Titolo</h3><p>Un <strong>passo</strong>&amp; <em>via</em></p><ul><li>uno</li></ul>"
    assert join_html(blocks(html), 4) == html.replace("h3", "h4")


def test_what_is_empty_is_left_out():
    assert blocks("<p></p><p> <br></p><ul><li></li></ul><p>qui</p>") == blocks("<p>qui</p>")
    assert blocks("") == blocks(None) == []


@pytest.mark.parametrize(
    ("headings", "depths"),
    [("h2 h4 h3", [1, 2, 2]), ("h4 h2", [1, 1]), ("h3 h4 h3", [1, 2, 1])],
)
def test_headings_leave_out_no_level(headings, depths):
    html = "".join(f"<{tag}>x</{tag}>" for tag in headings.split())
    assert [block["depth"] for block in blocks(html)] == depths


def test_plain_words_without_any_tag_are_a_paragraph():
    assert said("solo parole") == ["solo parole"]


def test_words_are_escaped_again():
    assert block_html(blocks("<p>&lt;script&gt;</p>")[0]) == "<p>&lt;script&gt;</p>"


def test_the_words_of_a_list_stand_on_lines_of_their_own():
    assert said("<ul><li><p>uno</p></li><li>due</li></ul>") == ["uno\ndue"]
