from modeltranslation.translator import TranslationOptions, register

from programme.models import ActionArea, Agreement, StrategicLine, SustainableGoal


@register(Agreement)
class AgreementTranslation(TranslationOptions):
    fields = ("title", "text")
    required_languages = {"it": ("title",)}


@register(StrategicLine)
class StrategicLineTranslation(TranslationOptions):
    fields = ("title", "text")
    required_languages = {"it": ("title",)}


@register(SustainableGoal)
class SustainableGoalTranslation(TranslationOptions):
    fields = ("title",)
    required_languages = ("it",)


@register(ActionArea)
class ActionAreaTranslation(TranslationOptions):
    fields = ("title",)
    required_languages = ("it",)
