"""What public pages are made of: the tables whose changes move the content revision on, those that
no public page reads, and the next moment at which pages change although nobody changed anything."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from journal.revision import Public, install_triggers
from meetings.models import Meeting

# Nobody outside sees such a project, what belongs to it, or what the search index says of it.
UNSEEN = "{row}.status IN ('draft', 'submitted')"
PART_OF_UNSEEN = """EXISTS (
    SELECT 1 FROM projects_project whole
    WHERE whole.id = {row}.project_id AND whole.status IN ('draft', 'submitted')
)"""
INDEX_OF_UNSEEN = """EXISTS (
    SELECT 1 FROM projects_project whole
    JOIN django_content_type kind ON kind.app_label = 'projects' AND kind.model = 'project'
    WHERE kind.id = {row}.content_type_id AND whole.id = CAST({row}.object_id AS bigint)
        AND whole.status IN ('draft', 'submitted')
)"""

PUBLIC = [
    Public("accounts.User", columns=("first_name", "last_name", "is_active", "closed_as")),
    Public("cities.City"),
    Public("cities.CreativeField"),
    Public("cities.Delegate"),
    Public("cities.Designation"),
    Public("cities.Fact"),
    Public("cities.Mandate"),
    Public("cities.Office"),
    Public("documents.Document"),
    Public("documents.DocumentVersion"),
    Public("meetings.Action"),
    Public("meetings.Action_cities"),
    Public("meetings.AgendaItem"),
    Public("meetings.Decision"),
    Public("meetings.Decision_cities"),
    Public("meetings.Decision_mandates"),
    Public("meetings.Decision_projects"),
    Public("meetings.Invitation", columns=("city_id", "role", "attendance", "withdrawn_at")),
    Public("meetings.Meeting", hidden="{row}.status = 'draft'"),
    Public("meetings.Meeting_fields"),
    Public("meetings.MeetingPhoto"),
    Public("meetings.Minutes"),
    Public("meetings.Vote"),
    Public("meetings.WorkingGroup"),
    Public("modelsearch.IndexEntry", hidden=INDEX_OF_UNSEEN),
    Public("news.NewsItem", hidden="NOT {row}.is_published"),
    Public("news.NewsItem_cities"),
    Public("news.NewsItem_projects"),
    Public("news.Page"),
    Public("programme.ActionArea"),
    Public("programme.Agreement"),
    Public("programme.Agreement_signatories"),
    Public("programme.StrategicLine"),
    Public("programme.SustainableGoal"),
    Public("projects.ExternalPartner", hidden=PART_OF_UNSEEN),
    Public("projects.Funding", hidden=PART_OF_UNSEEN),
    Public("projects.Partnership", hidden=PART_OF_UNSEEN),
    Public("projects.Project", hidden=UNSEEN),
    Public("projects.Project_areas", hidden=PART_OF_UNSEEN),
    Public("projects.Project_fields", hidden=PART_OF_UNSEEN),
    Public("projects.Project_goals", hidden=PART_OF_UNSEEN),
    Public("projects.Project_lines", hidden=PART_OF_UNSEEN),
    Public("projects.ProjectImage", hidden=PART_OF_UNSEEN),
    Public("projects.ProjectLink", hidden=PART_OF_UNSEEN),
    Public("projects.ProjectUpdate", hidden=PART_OF_UNSEEN),
    Public("projects.Result", hidden=PART_OF_UNSEEN),
]

# No public page reads these.
PRIVATE = {
    "accounts.User_groups": "who coordinates",
    "accounts.User_user_permissions": "who may what in the admin",
    "cities.Checkup": "letters to cities; what they answered stands with the city",
    "cities.CreativeField_responsible": "who reviews",
    "documents.UnmadeWidths": "widths of pictures that are still to be made",
    "journal.Event": "what happened is told to those inside",
    "journal.LoadedRecord": "what the loader wrote",
    "journal.Notification": "who was told",
    "journal.Presence": "who is writing",
    "journal.Revision": "the revision itself",
    "meetings.Amendment": "remarks on minutes are for those who took part",
    "meetings.Annex": "papers of the minutes go with them",
    "meetings.CalendarKey": "personal calendars",
    "meetings.Letter": "who was written to",
    "meetings.MinutesSection": "minutes are for those inside",
    "meetings.OverdueLetter": "who was reminded",
    "meetings.Proposal": "proposals for the agenda are for those inside",
    "meetings.WorkingGroup_people": "who is in a group",
}


def watch_public_content(using, **kwargs):
    """Runs after every migrate, which loses triggers where it builds a table anew."""
    install_triggers(PUBLIC, using)


def next_change(now=None):
    """The moment at which pages change by themselves: a meeting is over, or a new day begins, with
    which terms end and begin, news comes out, and days to act go by. Takes one query."""
    now = timezone.localtime(now)
    tomorrow = now.date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time.min, tzinfo=timezone.get_current_timezone())
    return min(filter(None, [midnight, Meeting.objects.next_end(now)]))
