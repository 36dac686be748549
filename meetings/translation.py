from modeltranslation.translator import TranslationOptions, register
from simple_history import register as keep_history

from meetings.models import AgendaItem, Decision, Meeting


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ("title", "text")
    required_languages = {"it": ("title",)}


@register(AgendaItem)
class AgendaItemTranslation(TranslationOptions):
    fields = ("title",)
    required_languages = ("it",)


@register(Decision)
class DecisionTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = ("it",)


# The status changes by verbs alone: taking back an edit must not take back a decision.
keep_history(Meeting, app="meetings", excluded_fields=["status"])
