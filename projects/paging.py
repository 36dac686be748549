"""Pages of long lists: however many things there are, a page costs the same."""

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.functional import cached_property

from journal.revision import current_revision


class Counts:
    """How many things lists of public content have, each by a name of what it asks, until that
    content changes or a new day begins. The pages of a list share one count, for to walk through
    a hundred thousand projects for the first thousand that match takes longer than a page."""

    MOST = 500

    def __init__(self):
        self.kept = None, {}

    def of(self, name, count):
        """What is kept under this name, or what the function count() answers."""
        now = current_revision(), timezone.localdate()
        since, known = self.kept
        if since != now or len(known) >= self.MOST:
            known = {}  # another: who still counts at the old revision keeps it in the old one
            self.kept = now, known
        if name not in known:
            known[name] = count()
        return known[name]


counts = Counts()


class ShortPaginator(Paginator):
    """The first thousand things of a list in pages; whoever has not found by then, narrows down.

    Nothing is counted beyond, and no page lies so deep that the database has to walk there.
    """

    MOST = 1000

    def __init__(self, things, *arguments, asked=None, **options):
        """`asked` names what the things answer, where they are public content."""
        super().__init__(things, *arguments, **options)
        self.asked = asked

    @cached_property
    def counted(self):
        count = self.object_list.order_by().values("pk")[: self.MOST + 1].count
        return count() if self.asked is None else counts.of((self.MOST, self.asked), count)

    @property
    def count(self):
        return min(self.counted, self.MOST)

    @property
    def has_more(self):
        """Whether there are more than it shows, or than a search has looked at."""
        return self.counted > self.MOST or not getattr(self.object_list, "are_all", True)
