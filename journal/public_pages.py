"""Pages that everyone reads, and that are the same for all who have not logged in.

    @public_page(ProjectFilter, "page")
    def project_list(request): ...

opens the door, and says by which parameters the page differs: `network.page_cache` keeps such
pages whole, and shows the view nothing else of what a visitor sends.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth.decorators import login_not_required

FOR_A_VISITOR = ContextVar("for_a_visitor", default=False)


@contextmanager
def for_a_visitor():
    """While a public page is built, and its revision read: a router may ask a replica for both."""
    before = FOR_A_VISITOR.set(True)
    try:
        yield
    finally:
        FOR_A_VISITOR.reset(before)


def public_page(*reads):
    """Let everyone in, and keep what visitors get. `reads`: the names of the parameters that the
    page reads, or FilterSets, which name their own."""
    names = set()
    for each in reads:
        names.update([each] if isinstance(each, str) else each.base_filters)

    def opened(view):
        view = login_not_required(view)
        view.parameters = frozenset(names)
        return view

    return opened
