from modeltranslation.translator import TranslationOptions, register
from simple_history import register as keep_history

from projects.models import Project, ProjectLink


@register(Project)
class ProjectTranslation(TranslationOptions):
    fields = ("title", "summary", "text", "picture_alt")
    required_languages = {"it": ("title",)}


@register(ProjectLink)
class ProjectLinkTranslation(TranslationOptions):
    fields = ("label",)


keep_history(Project, app="projects")
