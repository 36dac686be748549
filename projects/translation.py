from modeltranslation.translator import TranslationOptions, register
from simple_history import register as keep_history

from projects.models import Project
from projects.parts import (
    ExternalPartner,
    ProjectImage,
    ProjectLink,
    ProjectUpdate,
    Result,
)


@register(Project)
class ProjectTranslation(TranslationOptions):
    fields = (
        "title", "summary", "text", "objectives", "target_groups", "partners_sought", "picture_alt",
    )  # fmt: skip
    required_languages = {"it": ("title",)}


@register(ProjectLink)
class ProjectLinkTranslation(TranslationOptions):
    fields = ("label",)


@register(ExternalPartner)
class ExternalPartnerTranslation(TranslationOptions):
    fields = ("role",)


@register(Result)
class ResultTranslation(TranslationOptions):
    fields = ("name", "unit")
    required_languages = {"it": ("name",)}


@register(ProjectImage)
class ProjectImageTranslation(TranslationOptions):
    fields = ("picture_alt",)


@register(ProjectUpdate)
class ProjectUpdateTranslation(TranslationOptions):
    fields = ("text", "picture_alt")
    required_languages = {"it": ("text",)}


# The status changes by verbs alone: taking back an edit must not take back a decision.
keep_history(
    Project,
    app="projects",
    excluded_fields=["status", "published_at"],
    m2m_fields=["fields", "lines", "areas", "goals"],
)
