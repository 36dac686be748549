"""What is measured: the pages, who asks for them, and how many questions they ask the database.

`python -m tests.bench.pages` looks at each in this process, with Django's test client, on the
database of DATABASE_URL, and prints what the driver needs as JSON.
"""

import json
import sys
from typing import NamedTuple

from tests.bench.data import DELEGATE, DRAFTS, HOME, SHOWN

COMMON = "musica"
LIMITS = {"list": 6, "detail": 8, "inside": 12}  # questions to the database


class Page(NamedTuple):
    """A page that is measured: `kind` is a key of LIMITS, or empty where there is no limit;
    `says` stands on it; without `is_driven` its questions are counted and nothing more."""

    name: str
    kind: str
    address: str
    says: str
    is_driven: bool = True


def public_pages():
    """What anybody reads, in Italian."""
    from django.urls import reverse

    from cities.models import City
    from meetings.models import Meeting
    from projects.models import Project
    from projects.paging import ShortPaginator
    from projects.views import A_PAGE

    shown = Project.objects.get(slug=SHOWN)
    city = City.objects.get(slug=HOME)
    meeting = Meeting.objects.filter(status="closed").exclude(decisions=None).order_by("pk").last()
    rare = shown.title.split()[-1]
    projects = reverse("project_list")
    narrowed = f"{projects}?field=music"  # fills a page of the small set too
    last = ShortPaginator(Project.objects.published(), A_PAGE).num_pages
    return [
        Page("home", "detail", reverse("home"), city.name),
        Page("city", "detail", city.get_absolute_url(), city.name),
        Page("list, first page", "list", projects, "<article"),
        Page("list, filtered", "list", narrowed, "<article"),
        Page("list, last page", "list", f"{projects}?page={last}", "<article"),
        Page("project", "detail", shown.get_absolute_url(), shown.title),
        Page("search, rare word", "", reverse("search", query={"q": rare}), shown.title),
        Page("search, common word", "", reverse("search", query={"q": COMMON}), f"?q={COMMON}"),
        Page("calendar (.ics)", "list", reverse("meetings_calendar"), "BEGIN:VEVENT"),
        Page("cities", "list", reverse("city_list"), city.name, is_driven=False),
        Page("meetings", "list", reverse("meeting_list"), "<article", is_driven=False),
        Page("meeting", "detail", meeting.get_absolute_url(), meeting.title, is_driven=False),
        Page("news", "list", reverse("news_list"), "<article", is_driven=False),
        Page("decisions", "list", reverse("decision_list"), "<article", is_driven=False),
    ]


def inner_pages():
    """What a delegate reads."""
    from django.urls import reverse

    from projects.models import Project

    shown = Project.objects.get(slug=SHOWN)
    return [
        Page("desk", "inside", reverse("desk"), "Fabriano"),
        Page("project, its delegate", "inside", shown.get_absolute_url(), shown.title),
    ]


def counted(ask):
    """The answer, and how many questions were asked when it was asked for the second time."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()
    with CaptureQueriesContext(connection) as questions:
        answer = ask()
    return answer, len(questions)


def looked_at(client, page):
    """What the driver needs to know of a page. AssertionError where it is not as it should be."""
    answer, questions = counted(lambda: client.get(page.address))
    assert answer.status_code == 200, (page.address, answer.status_code)
    assert page.says in answer.text, page.address
    return {**page._asdict(), "questions": questions, "bytes": len(answer.content)}


def drafts():
    """The address and the fields, as opened, of each draft that is written to."""
    from django.urls import reverse

    return [
        reverse("project_step", args=[f"bench-draft-{number}", "essentials"])
        for number in range(DRAFTS)
    ]


def opened(client, address):
    """The fields of a form, as a browser would send them back: {name: [values]}."""
    from tests.filling import as_opened

    return dict(as_opened(client.get(address)).lists())


def saved(client, address):
    """Save a draft as autosave.js does, twice; how many questions the second one asked."""
    fields = opened(client, address)

    def save():
        fields["title_en"] = [f"{fields['title_en'][0]} and on"]
        answer = client.post(address, {**fields, "autosave": "yes"})
        assert answer.json()["saved"], answer.json()
        fields.update(answer.json()["starts"])
        return answer

    answer, questions = counted(save)
    page = Page("draft saved", "", address, "")  # LIMITS are those of pages that are looked at
    return {**page._asdict(), "questions": questions, "bytes": len(answer.content)}


def everything():
    """All that is measured, looked at once: {"public": […], "inside": […], "drafts": […], …}."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    client, delegate = Client(), Client()
    delegate.force_login(get_user_model().objects.get(email=DELEGATE))
    addresses = drafts()
    return {
        "public": [looked_at(client, page) for page in public_pages()],
        "inside": [
            *(looked_at(delegate, page) for page in inner_pages()),
            saved(delegate, addresses[0]),
        ],
        "drafts": {address: opened(delegate, address) for address in addresses},
        "cookie": f"{settings.SESSION_COOKIE_NAME}="
        f"{delegate.cookies[settings.SESSION_COOKIE_NAME].value}",
    }


if __name__ == "__main__":
    import django
    from django.test.utils import setup_test_environment
    from django.utils import translation

    django.setup()
    setup_test_environment()
    translation.activate("it")
    json.dump(everything(), sys.stdout)
