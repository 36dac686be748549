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


# The status changes by verbs alone: taking back an edit must not take back a decision.
keep_history(Project, app="projects", excluded_fields=["status", "published_at"])
