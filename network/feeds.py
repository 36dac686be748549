"""Projects and news for feed readers, in the language of the address."""

from datetime import datetime, time

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _

from news.models import NewsItem
from projects.models import Project

LENGTH = 30


class PublicFeed(Feed):
    """The latest public things of one kind."""

    login_required = False
    feed_type = Atom1Feed

    def link(self):
        return settings.SITE_URL + reverse(self.list_name)

    def feed_url(self):
        return settings.SITE_URL + reverse(self.feed_name)

    def author_name(self):
        return settings.OWNER["name"]

    def items(self):
        return self.model.objects.visible_to(AnonymousUser()).recent()[:LENGTH]

    def item_title(self, thing):
        label = _("Demonstration: %(title)s") if thing.is_demo else "%(title)s"
        return label % {"title": thing.title}

    def item_description(self, thing):
        return thing.summary

    def item_link(self, thing):
        return settings.SITE_URL + thing.get_absolute_url()

    def item_updateddate(self, thing):
        return thing.updated_at


class ProjectFeed(PublicFeed):
    title = _("Projects of the Italian UNESCO Creative Cities")
    model, list_name, feed_name = Project, "project_list", "project_feed"

    def item_pubdate(self, project):
        return project.published_at


class NewsFeed(PublicFeed):
    title = _("News of the Italian UNESCO Creative Cities")
    model, list_name, feed_name = NewsItem, "news_list", "news_feed"

    def item_pubdate(self, item):
        return datetime.combine(item.published_on, time.min)
