"""Pages that everyone reads, and that are the same for all who have not logged in.

    @public_page(ProjectFilter, "page")
    def project_list(request): ...

opens the door, and says by which parameters the page differs: `network.page_cache` keeps such
pages whole, and shows the view nothing else of what a visitor sends.
"""

from django.contrib.auth.decorators import login_not_required


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
