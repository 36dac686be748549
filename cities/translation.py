from modeltranslation.translator import TranslationOptions, register
from simple_history import register as keep_history

from cities.models import City, CreativeField, Fact, Mandate, Office


@register(CreativeField)
class CreativeFieldTranslation(TranslationOptions):
    fields = ("name", "description")
    required_languages = ("it",)


@register(City)
class CityTranslation(TranslationOptions):
    fields = ("name", "summary", "text", "picture_alt")
    required_languages = {"it": ("name",)}


@register(Office)
class OfficeTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("it",)


@register(Fact)
class FactTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("it",)


@register(Mandate)
class MandateTranslation(TranslationOptions):
    fields = ("note",)


keep_history(City, app="cities")
