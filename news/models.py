from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from cities.search import Searchable, SearchableQuerySet
from documents.pictures import Illustrated
from documents.richtext import RichTextField
from projects.models import Project


class NewsItemQuerySet(SearchableQuerySet):
    def published(self, on=None):
        return self.filter(is_published=True, published_on__lte=on or timezone.localdate())

    def visible_to(self, user):
        if user.is_authenticated and user.is_coordinator:
            return self
        return self.published()

    def recent(self):
        return self.order_by("-published_on", "-pk")

    def newer_than(self, item):
        """The nearest first."""
        day = item.published_on
        return self.filter(Q(published_on__gt=day) | Q(published_on=day, pk__gt=item.pk)).order_by(
            "published_on", "pk"
        )

    def older_than(self, item):
        """The nearest first."""
        day = item.published_on
        return self.filter(Q(published_on__lt=day) | Q(published_on=day, pk__lt=item.pk)).recent()


class NewsItem(Illustrated, Searchable):
    """Something the network tells the public (notizia)."""

    slug = models.SlugField(max_length=120, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=140)
    summary = models.CharField(_("in a few words"), max_length=300, blank=True)
    text = RichTextField(_("text"))
    published_on = models.DateField(
        _("published on"),
        default=timezone.localdate,
        help_text=_("A day to come holds it back until then."),
    )
    is_published = models.BooleanField(_("public"), default=False)
    cities = models.ManyToManyField(City, related_name="news", blank=True, verbose_name=_("cities"))
    projects = models.ManyToManyField(
        Project, related_name="news", blank=True, verbose_name=_("projects")
    )
    updated_at = models.DateTimeField(_("updated on"), auto_now=True)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    objects = NewsItemQuerySet.as_manager()

    SEARCHED = ["title", "summary", "text"]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        ordering = ["-published_on", "-pk"]
        indexes = [
            models.Index(fields=["is_published", "-published_on", "-id"], name="news_recent"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("news_detail", args=[self.slug])

    @property
    def is_public(self):
        return self.is_published and self.published_on <= timezone.localdate()


class PageQuerySet(SearchableQuerySet):
    def visible_to(self, user):
        """All: a page of the portal is for everyone."""
        return self


class Page(Searchable, models.Model):
    """A page of the portal that coordinators edit: accessibility, privacy, credits (pagina)."""

    slug = models.SlugField(unique=True)
    title = models.CharField(_("title"), max_length=140)
    text = RichTextField(_("text"))
    updated_on = models.DateField(_("updated on"), default=timezone.localdate)

    objects = PageQuerySet.as_manager()

    SEARCHED = ["title", "text"]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["slug"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("page_detail", args=[self.slug])
