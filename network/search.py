"""The page that searches all rooms at once."""

from django.db.models import Count, TextField, Window
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cities.models import City, CreativeField
from cities.search import look_up, words_of
from journal.public_pages import public_page
from meetings.models import Decision, Meeting
from news.models import NewsItem, Page
from projects.models import Project

SHORTEST = 2
LONGEST = 200
EACH = 5
MOST = 20
LOOKED_AT = 200  # of each kind, the newest hits; the lists look at more


@public_page("q")
@require_safe
def search(request):
    """What every room knows of some words, the things with the words in their title first."""
    text = request.GET.get("q", "")[:LONGEST].replace("\x00", "").strip()
    is_short = max(map(len, words_of(text)), default=0) < SHORTEST
    groups = [] if is_short else groups_of(request.user, text)
    context = {
        "text": text,
        "is_short": is_short,
        "groups": groups,
        "count": sum(group["count"] for group in groups),
        "has_more": any(group["has_more"] for group in groups),
    }
    return render(request, "network/search.html", context)


def groups_of(user, text):
    """What each room found; rooms that found nothing are left out, and are not asked."""
    rooms = [
        ("cities", _("Cities"), City.objects.with_field(), None),
        ("clusters", _("Clusters"), CreativeField.objects.all(), None),
        ("projects", _("Projects"), Project.objects.prefetch_related("lead"), "project_list"),
        ("meetings", _("Meetings"), Meeting.objects.for_cards(), None),
        (
            "decisions",
            _("Decisions"),
            Decision.objects.select_related("meeting"),
            "decision_list",
        ),
        ("news", _("News"), NewsItem.objects.all(), "news_list"),
        ("pages", _("Pages of the portal"), Page.objects.all(), None),
    ]
    hits = look_up([things.model for _name, _label, things, _list in rooms], text, LOOKED_AT)
    groups = [group_of(user, text, hits[room[2].model], *room) for room in rooms]
    return [group for group in groups if group["found"]]


def group_of(user, text, hits, name, label, things, list_name):
    """The best few, and a link to the list that has them all."""
    found = things.visible_to(user).among(hits)
    best = without_long_texts(found).order_by("-in_title", *found.model._meta.ordering)
    most = EACH if list_name else MOST
    shown = list(best.annotate(count=Window(Count("pk")))[:most])
    count = shown[0].count if shown else 0
    return {
        "name": name,
        "label": label,
        "title": found.model.SEARCHED[0],
        "count": count,
        "has_more": not hits.are_all,
        "found": shown,
        "all": reverse(list_name, query={"q": text}) if list_name and count > most else "",
    }


def without_long_texts(things):
    """Without the texts that the page does not show: a database would read and sort those of all
    hits for the first few."""
    shown = (things.model.SEARCHED[0], "summary", "description")
    texts = [
        field.name for field in things.model._meta.concrete_fields if isinstance(field, TextField)
    ]
    return things.defer(*[name for name in texts if not name.startswith(shown)])
