"""The words of a meeting's life: what it is, where it stands, what people answer and decide."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a meeting is."""

    PLENARY = "plenary", _("plenary")
    WORKING_GROUP = "working_group", _("working group")
    CLUSTER = "cluster", _("cluster")
    BILATERAL = "bilateral", _("bilateral")
    UNESCO = "unesco", _("with UNESCO")


class Track(models.TextChoices):
    """Who meets: politicians, focal points, or both."""

    POLITICAL = "political", _("political")
    TECHNICAL = "technical", _("technical")
    BOTH = "both", _("political and technical")


class Mode(models.TextChoices):
    """Where people sit."""

    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    BOTH = "both", _("in person and online")


class MeetingStatus(models.TextChoices):
    """Where a meeting stands."""

    DRAFT = "draft", _("draft")
    CONVENED = "convened", _("convened")
    HELD = "held", _("held")
    CIRCULATED = "circulated", _("minutes circulated")
    CLOSED = "closed", _("closed")
    POSTPONED = "postponed", _("postponed")
    CANCELLED = "cancelled", _("cancelled")


# It took place; and before it, when it can still be moved or called off.
TOOK_PLACE = [MeetingStatus.HELD, MeetingStatus.CIRCULATED, MeetingStatus.CLOSED]
TO_COME = [MeetingStatus.DRAFT, MeetingStatus.CONVENED, MeetingStatus.POSTPONED]
# Its minutes are written, or changed by remarks; then they are frozen.
WRITABLE = [MeetingStatus.HELD, MeetingStatus.CIRCULATED]
# Its minutes are with those who took part.
MINUTED = [MeetingStatus.CIRCULATED, MeetingStatus.CLOSED]


class MomentPrecision(models.TextChoices):
    """How much of a meeting's moment is known."""

    TIME = "time", _("hour")
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class ItemKind(models.TextChoices):
    """What an agenda item asks of those present."""

    INFORMATION = "information", _("information")
    DISCUSSION = "discussion", _("discussion")
    DECISION = "decision", _("decision")


class ProposalStatus(models.TextChoices):
    """What became of an item that a city proposed."""

    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("not taken")
    WITHDRAWN = "withdrawn", _("taken back")


class InvitedAs(models.TextChoices):
    """As what a person is invited: the first three are the roles of delegates."""

    POLITICAL = "political", _("political delegate")
    FOCAL_POINT = "focal_point", _("focal point")
    COLLABORATOR = "collaborator", _("collaborator")
    OBSERVER = "observer", _("observer")
    COORDINATOR = "coordinator", _("coordinator")
    GUEST = "guest", _("guest")


class Answer(models.TextChoices):
    """What an invited person answers."""

    IN_PERSON = "in_person", _("comes in person")
    REMOTE = "remote", _("takes part online")
    CANNOT = "cannot", _("cannot come")
    SUBSTITUTE = "substitute", _("somebody goes instead")


COMING = [Answer.IN_PERSON, Answer.REMOTE]


class Attendance(models.TextChoices):
    """How a person took part, as the sheet of the day says."""

    PRESENT = "present", _("present")
    REMOTE = "remote", _("present online")
    ABSENT = "absent", _("absent")


ATTENDED = [Attendance.PRESENT, Attendance.REMOTE]


class LetterKind(models.TextChoices):
    """Why an invited person is written to."""

    INVITATION = "invitation", _("invitation")
    UPDATE = "update", _("change")
    CANCELLATION = "cancellation", _("cancellation")
    REMINDER = "reminder", _("reminder")
    MINUTES = "minutes", _("minutes")


class Approval(models.TextChoices):
    """How minutes become final."""

    MEETING = "meeting", _("at the next meeting")
    SILENCE = "silence", _("by silence")


class AmendmentStatus(models.TextChoices):
    """What became of a remark on the minutes."""

    OPEN = "open", _("to decide")
    TAKEN = "taken", _("taken")
    DECLINED = "declined", _("not taken")


class DecidedHow(models.TextChoices):
    """How a decision was reached."""

    UNANIMOUS = "unanimous", _("unanimous")
    MAJORITY = "majority", _("by majority")
    SILENT = "silent", _("silent procedure")


class Choice(models.TextChoices):
    """How a city voted."""

    FOR = "for", _("for")
    AGAINST = "against", _("against")
    ABSTAINED = "abstained", _("abstained")


class ActionStatus(models.TextChoices):
    """How far an action is."""

    OPEN = "open", _("open")
    IN_PROGRESS = "in_progress", _("in progress")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


UNDONE = [ActionStatus.OPEN, ActionStatus.IN_PROGRESS]
