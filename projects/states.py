from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """How far the work of a project is."""

    IDEA = "idea", _("idea")
    PLANNED = "planned", _("planned")
    ONGOING = "ongoing", _("ongoing")
    CLOSED = "closed", _("closed")
    SUSPENDED = "suspended", _("suspended")


class Scope(models.TextChoices):
    """How far a project reaches."""

    LOCAL = "local", _("local")
    NATIONAL = "national", _("national")
    INTERNATIONAL = "international", _("international")


class ProjectStatus(models.TextChoices):
    """Where a project's page stands on its way to the public."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")
    WITHDRAWN = "withdrawn", _("withdrawn")


PUBLIC = [ProjectStatus.PUBLISHED, ProjectStatus.ARCHIVED]
HIDDEN = [each for each in ProjectStatus if each not in PUBLIC]
EDITABLE = [ProjectStatus.DRAFT, ProjectStatus.PUBLISHED]
OPEN = [ProjectStatus.DRAFT, ProjectStatus.SUBMITTED, ProjectStatus.PUBLISHED]


class PartnershipStatus(models.TextChoices):
    """How a city stands to a project of another."""

    NEW = "new", _("new")
    INVITED = "invited", _("invited")
    ASKING = "asking", _("asks to join")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    REFUSED = "refused", _("not taken in")
    LEFT = "left", _("has left")
