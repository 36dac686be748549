from modeltranslation.translator import TranslationOptions, register
from simple_history import register as keep_history

from news.models import NewsItem, Page


@register(NewsItem)
class NewsItemTranslation(TranslationOptions):
    fields = ("title", "summary", "text", "picture_alt")
    required_languages = {"it": ("title",)}


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "text")
    required_languages = {"it": ("title",)}


keep_history(NewsItem, app="news")
keep_history(Page, app="news")
