"""Search that chains like any other question, whatever else the queryset asks."""

from django.db import models
from modelsearch.backends import get_search_backend

MOST_HITS = 1000


class SearchableQuerySet(models.QuerySet):
    def search(self, text):
        """Rows that match the text; the index is asked first, the rest of the question after."""
        text = text.strip()
        if not text:
            return self
        hits = get_search_backend().search(text, self.model._default_manager.all())
        return self.filter(pk__in=[hit.pk for hit in hits[:MOST_HITS]])
