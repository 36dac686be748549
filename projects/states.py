from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """How far the work of a project is."""

    IDEA = "idea", _("idea")
    PLANNED = "planned", _("planned")
    ONGOING = "ongoing", _("ongoing")
    CLOSED = "closed", _("closed")
    SUSPENDED = "suspended", _("suspended")


class ProjectStatus(models.TextChoices):
    """Where a project's page stands on its way to the public."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")
    WITHDRAWN = "withdrawn", _("withdrawn")


PUBLIC = [ProjectStatus.PUBLISHED, ProjectStatus.ARCHIVED]


class PartnershipStatus(models.TextChoices):
    """What a city has answered."""

    INVITED = "invited", _("invited")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
