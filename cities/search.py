"""Search that chains like any other question, whatever else the queryset asks.

What is indexed and what is asked are folded alike: no accents, no capitals, no markup, no signs.
So "citta" finds "Città", every database answers the same, and nothing typed is ever an operator.
"""

import html
import re
import unicodedata

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import translation
from modelsearch import index
from modelsearch.backends import get_search_backend
from modelsearch.query import And, PlainText

MOST_WORDS = 8
MOST_LETTERS = 30
MOST_HITS = 1000
MOST_INDEXED = 100_000

TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"[^\W_]+")
ENDING = re.compile(r"(?<=.{4})[aeious]+$")


def words_of(text):
    """The words of a text as they are compared: "L’Università!" is l, universita."""
    plain = html.unescape(TAG.sub(" ", text))
    letters = unicodedata.normalize("NFKD", plain).casefold()
    accents = {ord(each): None for each in set(letters) if unicodedata.combining(each)}
    return WORD.findall(letters.translate(accents))


def stems_of(text):
    """What the words asked for must begin with, so that "progetti" also finds "progetto"."""
    words = words_of(text[: MOST_WORDS * MOST_LETTERS])[:MOST_WORDS]
    return [ENDING.sub("", word[:MOST_LETTERS]) for word in words]


def begins(stems, text):
    """Whether every stem begins a word of the text."""
    words = words_of(text)
    return all(any(word.startswith(stem) for word in words) for stem in stems)


class SearchableQuerySet(models.QuerySet):
    def search(self, text):
        """Rows where every word of the text begins a word; `in_title` marks the better ones."""
        stems = stems_of(text)
        if not stems:
            return self.none() if text.strip() else self
        titles = [f"{self.model.SEARCHED[0]}_{code}" for code, _name in settings.LANGUAGES]
        hits = get_search_backend().autocomplete(
            And([PlainText(stem) for stem in stems]),
            self.model._default_manager.only(*titles).order_by(),
            order_by_relevance=False,
        )[:MOST_HITS]
        best = [
            hit.pk
            for hit in hits
            if begins(stems, " ".join(getattr(hit, title) or "" for title in titles))
        ]
        return self.filter(pk__in=[hit.pk for hit in hits]).annotate(
            in_title=ExpressionWrapper(Q(pk__in=best), BooleanField())
        )


class Searchable(index.Indexed):
    """A thing found by the words of what SEARCHED names, in every language; the title is first."""

    SEARCHED = []
    search_fields = [index.AutocompleteField("searchable_text")]

    def searchable_text(self):
        texts = []
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                values = (getattr(self, name) for name in self.SEARCHED)
                texts += [str((value() if callable(value) else value) or "") for value in values]
        return " ".join(words_of(" ".join(texts)[:MOST_INDEXED]))
