"""Projects, their updates and news for feed readers, in the language of the address."""

from datetime import datetime, time
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from news.models import NewsItem
from projects.models import Project
from projects.parts import ProjectUpdate

LENGTH = 30


class Entry(NamedTuple):
    """What a feed tells of one thing."""

    title: str
    text: str
    address: str
    published: datetime
    updated: datetime


def of_project(project):
    return Entry(
        labelled(project, project.title),
        project.summary,
        project.get_absolute_url(),
        project.published_at or project.updated_at,
        project.updated_at,
    )


def of_update(update):
    title = _("%(project)s: an update of %(city)s") % {
        "project": update.project,
        "city": update.city,
    }
    day = morning_of(update.posted_on)
    return Entry(
        labelled(update.project, title),
        update.text,
        update.get_absolute_url(),
        day,
        max(day, update.created_at),
    )


def of_news(item):
    return Entry(
        labelled(item, item.title),
        item.summary,
        item.get_absolute_url(),
        morning_of(item.published_on),
        item.updated_at,
    )


def labelled(thing, title):
    return _("Demonstration: %(title)s") % {"title": title} if thing.is_demo else title


def printable(text):
    """The text without signs that XML cannot hold, which come along when people paste."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def morning_of(day):
    return make_aware(datetime.combine(day, time.min))


class PublicFeed(Feed):
    """The latest public things, told the same to everyone, as Atom (RFC 4287)."""

    login_required = False
    parameters = frozenset()
    feed_type = Atom1Feed

    def link(self, thing):
        return settings.SITE_URL + reverse(self.list_name)

    def feed_url(self, thing):
        return settings.SITE_URL + reverse(self.feed_name)

    def author_name(self):
        return settings.OWNER["name"]

    def items(self, thing):
        return sorted(self.entries(thing), key=lambda entry: entry.published, reverse=True)[:LENGTH]

    def item_title(self, entry):
        return printable(entry.title)

    def item_description(self, entry):
        return printable(entry.text)

    def item_link(self, entry):
        return settings.SITE_URL + entry.address

    def item_pubdate(self, entry):
        return entry.published

    def item_updateddate(self, entry):
        return entry.updated


class ProjectFeed(PublicFeed):
    """New projects, and what happens in those that are public."""

    title = gettext_lazy("Projects of the Italian UNESCO Creative Cities")
    list_name, feed_name = "project_list", "project_feed"

    def entries(self, thing):
        projects = Project.objects.published().recent()[:LENGTH]
        updates = ProjectUpdate.objects.public().recent().select_related("project", "city")
        return [*map(of_project, projects), *map(of_update, updates[:LENGTH])]


class ProjectUpdatesFeed(PublicFeed):
    """What happens in one project: its updates, and news of it."""

    def get_object(self, request, slug):
        return Project.objects.published().get(slug=slug)

    def title(self, project):
        return printable(labelled(project, project.title))

    def subtitle(self, project):
        return printable(project.summary)

    def link(self, project):
        return settings.SITE_URL + project.get_absolute_url()

    def feed_url(self, project):
        return settings.SITE_URL + reverse("project_updates_feed", args=[project.slug])

    def entries(self, project):
        updates = project.updates.recent().select_related("project", "city")[:LENGTH]
        news = project.news.visible_to(AnonymousUser()).recent()[:LENGTH]
        return [of_project(project), *map(of_update, updates), *map(of_news, news)]


class NewsFeed(PublicFeed):
    title = gettext_lazy("News of the Italian UNESCO Creative Cities")
    list_name, feed_name = "news_list", "news_feed"

    def entries(self, thing):
        return map(of_news, NewsItem.objects.visible_to(AnonymousUser()).recent()[:LENGTH])
