"""The page that searches all rooms at once."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cities.models import City, CreativeField
from cities.search import words_of
from journal.public_pages import public_page
from meetings.models import Decision, Meeting
from news.models import NewsItem, Page
from projects.models import Project

SHORTEST = 2
LONGEST = 200
EACH = 5
MOST = 20


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
    }
    return render(request, "network/search.html", context)


def groups_of(user, text):
    """What each room found; rooms that found nothing are left out."""
    rooms = [
        ("cities", _("Cities"), City.objects.with_field(), None),
        ("clusters", _("Clusters"), CreativeField.objects.all(), None),
        ("projects", _("Projects"), Project.objects.select_related("lead"), "project_list"),
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
    groups = [group_of(user, text, *room) for room in rooms]
    return [group for group in groups if group["count"]]


def group_of(user, text, name, label, things, list_name):
    """The best few and a link to the list that has them all, or where none has, all."""
    found = things.visible_to(user).search(text)
    best = found.order_by("-in_title", *found.model._meta.ordering)
    shown = list(best[: EACH if list_name else MOST])
    count = found.count() if len(shown) == EACH else len(shown)
    return {
        "name": name,
        "label": label,
        "title": found.model.SEARCHED[0],
        "count": count,
        "found": shown,
        "all": reverse(list_name, query={"q": text}) if list_name and count > EACH else "",
    }
