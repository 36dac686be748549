"""Search that chains like any other question, whatever else the queryset asks.

What is indexed and what is asked are folded alike: no accents, no capitals, no markup, no signs.
So "citta" finds "Città", every database answers the same, and nothing typed is ever an operator.
"""

import html
import re
import unicodedata
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import translation
from modelsearch import index
from modelsearch.backends import get_search_backend
from modelsearch.query import PlainText

from cities.search_index import kind_of

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


class Hits(NamedTuple):
    """What was found of one kind: the keys of things, the newest first."""

    titled: list  # all words are in the title
    anywhere: list
    are_all: bool  # otherwise there are more


def look_up(models, text, most=MOST_HITS):
    """{model: Hits}, where every word of the text begins a word: at most so many newest of each.
    The database takes one query, however many models; another backend one for each."""
    stems = stems_of(text)
    if not stems:
        return {model: Hits([], [], True) for model in models}
    backend = get_search_backend()
    if hasattr(backend, "newest"):
        found = backend.newest(models, stems, most + 1)
    else:
        found = {model: of_any_backend(backend, model, stems, most + 1) for model in models}
    return {
        model: Hits(titled[:most], anywhere[:most], len(anywhere) <= most)
        for model, (titled, anywhere) in found.items()
    }


def of_any_backend(backend, model, stems, most):
    """As `newest` answers, by the questions that modelsearch has for every backend."""
    titles = [f"{model.SEARCHED[0]}_{code}" for code, _name in settings.LANGUAGES]
    hits = backend.autocomplete(
        PlainText(" ".join(stems), operator="and"),  # as OpenSearch is asked for beginnings
        model._default_manager.only(*titles).order_by(),
        order_by_relevance=False,
    )[:most]
    titled = [
        hit.pk
        for hit in hits
        if begins(stems, " ".join(getattr(hit, title) or "" for title in titles))
    ]
    return titled, [hit.pk for hit in hits]


class SearchableQuerySet(models.QuerySet):
    are_all = True  # otherwise a search has found more than it gives

    def search(self, text):
        """Rows where every word of the text begins a word; `in_title` marks the better ones.

        At most the newest MOST_HITS, and as many with the words in their title; `are_all` says
        whether there are no others.
        """
        if not stems_of(text):
            return self.none() if text.strip() else self
        return self.among(look_up([self.model], text)[self.model])

    def among(self, hits):
        """Rows that a search has found; `in_title` marks the better ones."""
        found = self.filter(pk__in={*hits.titled, *hits.anywhere}).annotate(
            in_title=ExpressionWrapper(Q(pk__in=hits.titled), BooleanField())
        )
        found.are_all = hits.are_all
        return found

    def _clone(self):
        other = super()._clone()
        other.are_all = self.are_all
        return other


class Searchable(index.Indexed):
    """A thing found by the words of what SEARCHED names, in every language; the title is first."""

    SEARCHED = []
    search_fields = [
        index.AutocompleteField("searchable_text"),
        index.SearchField("searchable_title"),
    ]

    def searchable_text(self):
        return self.words_in(self.SEARCHED)

    def searchable_title(self):
        return self.words_in(self.SEARCHED[:1])

    def words_in(self, names):
        """The words of these columns, and the one of its kind."""
        texts = []
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                values = (getattr(self, name) for name in names)
                texts += [str((value() if callable(value) else value) or "") for value in values]
        return " ".join([kind_of(type(self)), *words_of(" ".join(texts)[:MOST_INDEXED])])
