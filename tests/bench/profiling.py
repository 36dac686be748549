"""Where the time of one page goes: `python -m tests.bench --profile project` calls this."""

import cProfile
import pstats
import sys
import time

TIMES = 10
LINES = 45


def profile(name):
    """Ask a page ten times and print its functions, the dearest first, and its questions."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.bench.data import DELEGATE
    from tests.bench.pages import inner_pages, public_pages

    client = Client()
    pages = {page.name: page for page in [*public_pages(), *inner_pages()]}
    if name not in pages:
        return f"There is no page “{name}”. There are: {', '.join(pages)}."
    page = pages[name]
    if page.kind == "inside":
        client.force_login(get_user_model().objects.get(email=DELEGATE))
    client.get(page.address)
    with CaptureQueriesContext(connection) as questions:
        client.get(page.address)
    for question in questions:
        print(f"{question['time']} s  {question['sql'][:200]}")
    profiler, began = cProfile.Profile(), time.process_time()
    for _ in range(TIMES):
        client.get(page.address)
    plain = (time.process_time() - began) / TIMES
    profiler.enable()
    for _ in range(TIMES):
        client.get(page.address)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(LINES)
    print(f"{page.address}: {len(questions)} questions, {1000 * plain:.1f} ms of processor a time")
    return 0


if __name__ == "__main__":
    import django
    from django.utils import translation

    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    translation.activate("it")
    sys.exit(profile(sys.argv[1]))
