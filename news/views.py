from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cities.models import City
from journal.public_pages import public_page
from news.filters import NewsFilter
from news.models import NewsItem, Page
from projects.models import Project

PAGE_SIZE = 12


@public_page(NewsFilter, "page")
@require_safe
def news_list(request):
    news = NewsFilter(request.GET, NewsItem.objects.visible_to(request.user).recent())
    page = Paginator(news.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "news/news_list.html", {"filter": news, "page_obj": page})


@public_page()
@require_safe
def news_detail(request, slug):
    news = NewsItem.objects.visible_to(request.user)
    item = get_object_or_404(news, slug=slug)
    context = {
        "item": item,
        "cities": list(City.objects.visible_to(request.user).filter(news=item).with_field()),
        "projects": Project.objects.visible_to(request.user).filter(news=item).for_cards(),
        "newer": news.newer_than(item).first(),
        "older": news.older_than(item).first(),
        "schema": article_schema(item),
    }
    return render(request, "news/news_detail.html", context)


@public_page()
@require_safe
def page_detail(request, slug):
    page = get_object_or_404(Page.objects.visible_to(request.user), slug=slug)
    return render(request, "news/page_detail.html", {"page": page})


def article_schema(item):
    """The news item as linked data for search engines."""
    schema = {
        "@type": "NewsArticle",
        "headline": item.title,
        "description": item.summary,
        "datePublished": item.published_on.isoformat(),
        "dateModified": item.updated_at.isoformat(timespec="seconds"),
        "inLanguage": get_language(),
        "url": settings.SITE_URL + item.get_absolute_url(),
        "publisher": {"@type": "Organization", "name": settings.OWNER["name"]},
    }
    if item.picture:
        schema["image"] = settings.SITE_URL + item.picture.url
    return schema
