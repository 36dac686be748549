"""Many things at once into the search index."""

from modelsearch.backends import get_search_backend


def index(things):
    """Add new things of one kind, as the portal does for each when it is saved.

    Without its look over the whole index after each batch, which weighs the words of titles: no
    model of ours has such a field (see cities/search.py), and with it 100 000 take hours.
    """
    model = type(things[0])
    target = get_search_backend().get_index_for_model(model)
    target._refresh_title_norms = lambda *args, **kwargs: None
    for thing in things:
        thing.searchable_text = thing.searchable_text()  # asked for once, not once for each field
    target.add_items(model, things)
