from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models
from django.db.models import Count, Sum
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cities.slugs import unique_slug
from documents.admin import DocumentInline, DocumentsGoToo
from documents.files import throw_away
from journal.admin_verbs import VerbAdmin
from journal.models import Event
from meetings import actions_admin, groups_admin  # noqa: F401
from meetings.admin_pages import pages
from meetings.agenda import duration, overrun
from meetings.agenda_admin import AgendaInline
from meetings.carrying import put_on_agenda
from meetings.meeting_form import MeetingForm, MomentField
from meetings.models import Meeting, MeetingStatus
from meetings.next_thing import with_progress
from meetings.photos_admin import PhotoInline
from meetings.preparing import note_move
from meetings.states import MINUTED
from meetings.steps import steps_context

COLLAPSED = ["collapse"]


@admin.register(Meeting)
class MeetingAdmin(DocumentsGoToo, VerbAdmin):
    """A meeting: where it stands, the next thing to do, and all that is said of it."""

    form = MeetingForm
    change_form_template = "admin/meetings/change_form.html"
    formfield_overrides = {
        models.DateTimeField: {"form_class": MomentField, "widget": AdminSplitDateTime}
    }
    list_display = [
        "title", "when", "host", "status", "answers", "is_public", "items", "papers", "outcome",
        "is_demo",
    ]  # fmt: skip
    list_filter = [
        "status", "kind", "track", "mode", "is_public", "is_demo",
        ("host", admin.RelatedOnlyFieldListFilter),
    ]  # fmt: skip
    search_fields = ["title_it", "title_en", "venue", "host__name_it", "host__name_en"]
    date_hierarchy = "starts_at"
    autocomplete_fields = ["host"]
    readonly_fields = ["is_demo"]
    inlines = [AgendaInline, DocumentInline, PhotoInline]
    fieldsets = [
        (None, {"fields": [("title_it", "title_en")]}),
        (
            _("When"),
            {
                "fields": [("starts_at", "ends_at")],
                "description": _(
                    "Time in Italy (Europe/Rome). Leave the hour empty while only the day is known."
                ),
            },
        ),
        (_("Where"), {"fields": ["mode", "host", ("venue", "address"), "online_link"]}),
        (_("Who meets"), {"fields": [("kind", "track"), "group", "fields", "is_public"]}),
        (_("What it is about"), {"fields": [("text_it", "text_en")]}),
        (
            _("How to get there"),
            {"fields": ["map_url", ("access_notes_it", "access_notes_en")], "classes": COLLAPSED},
        ),
        (
            _("Proposals and reminders"),
            {"fields": ["proposals_until", ("reminders", "remind_coming")], "classes": COLLAPSED},
        ),
        (_("Press note"), {"fields": [("press_note_it", "press_note_en")], "classes": COLLAPSED}),
        (
            _("For coordinators"),
            {
                "fields": [
                    ("status", "is_demo"), "precision", "source_url", "coordinator_note",
                ],
                "classes": COLLAPSED,
            },
        ),
    ]  # fmt: skip

    class Media:
        css = {"all": ["css/admin_meetings.css"]}
        js = [forms.Script("js/agenda.js", type="module")]

    def get_queryset(self, request):
        return with_progress(super().get_queryset(request)).annotate(
            document_count=Count("documents", distinct=True),
            decision_count=Count("decisions", distinct=True),
        )

    def get_urls(self):
        return [*pages(self.admin_site), *super().get_urls()]

    def get_actions(self, request, action_location=ActionLocation.CHANGE_LIST):
        """Meetings are deleted one by one, if at all: what was convened is called off."""
        actions = super().get_actions(request, action_location)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request, obj=None):
        stands = obj is not None and obj.status in [MeetingStatus.CONVENED, *MINUTED]
        return not stands and super().has_delete_permission(request, obj)

    def delete_model(self, request, obj):
        """No photograph stays behind on the disk either."""
        photos = list(obj.photos.all())
        super().delete_model(request, obj)
        for photo in photos:
            photo.picture.delete_all()  # its widths
            throw_away(photo.picture)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            context |= steps_context(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.slug = unique_slug(Meeting, obj.title_it)
        obj.has_moved = note_move(obj)
        super().save_model(request, obj, form, change)
        if not change:
            Event.objects.record(obj, "create", by=request.user)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        meeting = form.instance
        if meeting.status in [MeetingStatus.DRAFT, MeetingStatus.POSTPONED]:
            self.say_what_was_put_on(request, put_on_agenda(meeting))
        minutes = meeting.agenda.aggregate(all=Sum("minutes"))["all"] or 0
        if too_long := overrun(meeting, minutes):
            text = gettext("The agenda is %(time)s longer than the meeting.")
            self.message_user(request, text % {"time": duration(too_long)}, messages.WARNING)

    def say_what_was_put_on(self, request, items):
        if items:
            text = ngettext(
                "On the agenda by itself: %(items)s. Remove it if it does not belong there.",
                "On the agenda by themselves: %(items)s. Remove what does not belong there.",
                len(items),
            )
            self.message_user(request, text % {"items": ", ".join(map(str, items))})

    def response_add(self, request, obj, post_url_continue=None):
        """Stay with the new meeting: its page says what comes next."""
        if "_addanother" not in request.POST:
            request.POST = request.POST | {"_continue": "yes"}
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        """After a move, lead to the letter that tells those invited."""
        if obj.has_moved and obj.invitations.standing().sent().exists():
            text = gettext("Saved. Those invited do not know yet what has changed: write to them.")
            self.message_user(request, text, messages.WARNING)
            return redirect("admin:meeting_outbox", obj.pk)
        return super().response_change(request, obj)

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, meeting):
        return meeting.moment

    @admin.display(description=_("answers"), ordering="cities_answered")
    def answers(self, meeting):
        """How many of the cities that were asked have answered."""
        asked = meeting.cities_asked
        return f"{meeting.cities_answered}/{asked}" if asked else ""

    @admin.display(description=_("items"), ordering="agenda_items")
    def items(self, meeting):
        return meeting.agenda_items

    @admin.display(description=_("documents"), ordering="document_count")
    def papers(self, meeting):
        return meeting.document_count

    @admin.display(description=_("decisions"), ordering="decision_count")
    def outcome(self, meeting):
        return meeting.decision_count
