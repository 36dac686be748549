from modeltranslation.translator import TranslationOptions, register
from simple_history import register as keep_history

from meetings.models import (
    Action,
    AgendaItem,
    Annex,
    Decision,
    Meeting,
    MeetingPhoto,
    Minutes,
    MinutesSection,
    WorkingGroup,
)


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ("title", "text", "access_notes", "press_note")
    required_languages = {"it": ("title",)}


@register(AgendaItem)
class AgendaItemTranslation(TranslationOptions):
    fields = ("title",)
    required_languages = ("it",)


@register(Decision)
class DecisionTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = ("it",)


@register(Action)
class ActionTranslation(TranslationOptions):
    fields = ("title",)
    required_languages = ("it",)


@register(Minutes)
class MinutesTranslation(TranslationOptions):
    fields = ("summary",)


@register(MinutesSection)
class MinutesSectionTranslation(TranslationOptions):
    fields = ("text",)


@register(Annex)
class AnnexTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = ("it",)


@register(MeetingPhoto)
class MeetingPhotoTranslation(TranslationOptions):
    fields = ("picture_alt",)


@register(WorkingGroup)
class WorkingGroupTranslation(TranslationOptions):
    fields = ("name", "text")
    required_languages = {"it": ("name",)}


# The status changes by verbs alone: taking back an edit must not take back a decision.
keep_history(Meeting, app="meetings", excluded_fields=["status"])
keep_history(Minutes, app="meetings", excluded_fields=["record"])
keep_history(MinutesSection, app="meetings")
keep_history(Decision, app="meetings")
keep_history(Action, app="meetings", excluded_fields=["status", "done_on"])
