"""The desk's page."""

from django.shortcuts import render

from network.desk.happened import events_for, mark_read
from network.desk.suggested import SUGGESTIONS, first_steps
from network.desk.things import Desk, gather
from network.desk.waiting import WAITING


def desk(request):
    """What waits for me, the most urgent first, and what happened since last time."""
    mine = Desk(request.user)
    kinds = [kind for kind in [*WAITING, *SUGGESTIONS] if kind.concerns(mine)]
    events = events_for(mine)
    found = gather(mine, {kind.name: kind.question(mine) for kind in kinds}, events)
    said = {kind.name: list(kind.said(mine, found[kind.name])) for kind in kinds}
    waiting = [item for kind in WAITING for item in said.get(kind.name, [])]
    context = {
        "desk": mine,
        "waiting": sorted(waiting, key=lambda item: item.when),
        "events": events,
        "suggested": said.get("suggested"),
        "latest": said.get("latest"),
        "steps": first_steps(mine, found),
    }
    response = render(request, "network/desk.html", context)
    fetched_ahead = "prefetch" in request.headers.get("Sec-Purpose", "")  # by a browser, for nobody
    if request.method == "GET" and not fetched_ahead:
        mark_read(request.user, events)
    return response
