"""Pages of long lists: however many things there are, a page costs the same."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property


class ShortPaginator(Paginator):
    """The first thousand things of a list in pages; whoever has not found by then, narrows down.

    Nothing is counted beyond, and no page lies so deep that the database has to walk there.
    """

    MOST = 1000

    @cached_property
    def counted(self):
        return self.object_list.order_by().values("pk")[: self.MOST + 1].count()

    @property
    def count(self):
        return min(self.counted, self.MOST)

    @property
    def has_more(self):
        """Whether there are more than it shows, or than a search has looked at."""
        return self.counted > self.MOST or not getattr(self.object_list, "are_all", True)
