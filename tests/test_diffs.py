"""What changed between two texts, for people who decide about it."""

from time import process_time

import pytest
from django.utils import translation

from journal.diffs import Change, word_diff

WENT = '<del><span class="visually-hidden">removed: </span>{}</del>'
CAME = '<ins><span class="visually-hidden">added: </span>{}</ins>'


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_a_word_that_changed_is_marked_and_the_rest_is_not():
    assert word_diff("una festa grande", "una festa piccola") == (
        "una festa " + WENT.format("grande") + CAME.format("piccola")
    )


def test_equal_texts_have_no_marks():
    assert word_diff("<p>carta</p>", "<p>carta</p>") == "carta"


def test_rich_texts_are_compared_by_their_words():
    assert word_diff("<p>uno</p><p>due</p>", "<p>uno</p><p><strong>due</strong></p>") == "uno\ndue"


def test_markup_in_a_text_stays_text():
    assert word_diff("", "a < b & c") == CAME.format("a &lt; b &amp; c")
    assert "<script" not in word_diff("", "1 <script>alert(1)</script>")


def test_a_text_that_was_not_there_is_all_new():
    assert word_diff(None, "nuovo") == CAME.format("nuovo")


def test_very_long_texts_are_shown_whole_one_after_the_other():
    long = "parola " * 6000
    assert word_diff(long, long + "fine").startswith("<del>")


def test_a_long_text_that_says_the_same_again_and_again_is_compared_at_once():
    before = " ".join(f"uno due tre {n}" for n in range(1000))
    started = process_time()
    word_diff("a b " * 2500, "b a c " * 1600)
    assert process_time() - started < 5
    assert word_diff(before, before.replace("tre 500", "quattro 500")).count("<ins>") == 1


def test_in_brief_only_the_words_beside_a_change_are_told():
    words = " ".join(f"parola{n}" for n in range(30))
    change = Change("text", "Text", f"prima {words} fine", f"dopo {words} fine")
    assert change.was == "prima parola0 parola1 parola2 parola3 parola4 …"
    assert change.now == "dopo parola0 parola1 parola2 parola3 parola4 …"
    assert "parola20" not in change.letter


def test_letters_mark_changes_without_a_style_sheet_and_without_colour_alone():
    change = Change("text", "Text", "festa a < b", "festa piccola")
    assert "text-decoration:line-through" in change.letter
    assert "text-decoration:underline" in change.letter
    assert "&lt; b</del> <ins" in change.letter
    assert "class=" not in change.letter


def test_words_that_change_together_are_marked_together():
    assert word_diff("uno due tre", "one two tre") == (
        WENT.format("uno due") + CAME.format("one two") + " tre"
    )
