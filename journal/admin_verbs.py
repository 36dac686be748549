"""The admin of things with a history, and of things with verbs.

Verbs come from the model's transition table: a button each on the thing's page, an action each on
the list. Both lead to one page that says what will happen and takes the comment; a verb that has
a page of its own (`custom={"page": its name in the admin}`) is led there, and is no action.
"""

from functools import partial

from django.contrib import messages
from django.contrib.admin.options import Action, ActionLocation
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from simple_history.admin import SimpleHistoryAdmin

from journal.models import Event
from journal.verbs import TransitionNotAllowed


class HistoryAdmin(SimpleHistoryAdmin):
    """An admin in which every change is kept, compared and can be taken back."""

    def history_view(self, request, object_id, extra_context=None):
        self.ask_for(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        self.ask_for(request, object_id)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def ask_for(self, request, object_id):
        """Raise Http404 where this person does not see the thing: then not its versions either."""
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404

    def render_history_view(self, request, template, context, **kwargs):
        if "adminform" in context:  # as a Media, not as text, so that the editor gets its nonce
            context["media"] = self.media + context["adminform"].media
        return super().render_history_view(request, template, context, **kwargs)

    def get_history_queryset(self, request, history_manager, pk_name, object_id):
        """The versions with who made them; theirs fails where a model has no foreign key."""
        fields = history_manager.model.tracked_fields
        tracked = [field.name for field in fields if field.many_to_one]
        versions = history_manager.filter(**{pk_name: object_id})
        return versions.select_related("history_user", *tracked)

    def save_form(self, request, form, change):
        """Whoever takes back an older version changes what its form shows, and nothing else: what
        changes by verbs alone, or by the portal itself, stays as it is now."""
        thing = super().save_form(request, form, change)
        if hasattr(thing, "_history"):
            kept = {field.name for field in thing._history.tracked_fields} - set(form.fields)
            in_languages = {name for name in kept if hasattr(thing, f"{name}_it")}
            thing.refresh_from_db(fields=list(kept - in_languages))
        return thing


class VerbAdmin(HistoryAdmin):
    """An admin whose objects change their status by verbs."""

    change_form_template = "admin/verb_change_form.html"

    def verbs(self):
        """The model's verbs by name, as {name: {"label": …, "asks": …, …}}."""
        steps = self.model._meta.get_field("status").get_all_transitions(self.model)
        return {step.name: step.custom for step in steps}

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "status"]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_verb"
        view = self.admin_site.admin_view(self.verb_view)
        return [path("<path:object_id>/verb/<slug:name>/", view, name=name), *super().get_urls()]

    def get_actions(self, request, action_location=ActionLocation.CHANGE_LIST):
        actions = super().get_actions(request, action_location)
        on_list = action_location == ActionLocation.CHANGE_LIST  # a thing's page has buttons
        if on_list and self.has_change_permission(request):
            for name, verb in self.verbs().items():
                if "page" in verb:
                    continue
                act = partial(VerbAdmin.verb_action, name=name)
                label = verb["label"]
                actions[name] = Action(act, name, label, label, [action_location])
        return actions

    def get_deleted_objects(self, objs, request):
        """What belongs to a thing alone, its events and documents, goes with it. What others must
        not lose is named first, whoever may delete it."""
        deleted, counts, refused, protected = super().get_deleted_objects(objs, request)
        own = {
            field.related_model._meta.verbose_name
            for field in self.opts.private_fields
            if isinstance(field, GenericRelation)
        }
        return deleted, counts, set() if protected else refused - own, protected

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            context |= {
                "verbs": [
                    {**verb, "url": self.verb_url(obj, verb)}
                    for verb in obj.verbs_for(request.user)
                ],
                "timeline": Event.objects.about(obj).recent()[:20],
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def verb_url(self, thing, verb):
        """Where a verb is confirmed: on the page of all, or on one of its own."""
        if "page" in verb:
            return reverse(f"admin:{verb['page']}", args=[thing.pk])
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_verb"
        return reverse(name, args=[thing.pk, verb["name"]])

    def verb_view(self, request, object_id, name):
        """Confirm one verb on one thing (GET), then do it (POST)."""
        thing = self.get_object(request, unquote(object_id))
        if thing is None or name not in self.verbs():
            raise Http404
        if not self.has_change_permission(request, thing):
            raise PermissionDenied
        if "page" in self.verbs()[name]:
            return HttpResponseRedirect(self.verb_url(thing, self.verbs()[name]))
        back = reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[thing.pk]
        )
        if request.method == "POST":
            return self.do_verb(request, [thing], name) or HttpResponseRedirect(back)
        return self.ask(request, [thing], name, back=back)

    def verb_action(self, request, queryset, *, name):
        """Confirm one verb on the things ticked in the list, then do it."""
        if "confirmed" in request.POST:
            return self.do_verb(request, queryset, name)
        return self.ask(request, queryset, name, back=request.get_full_path())

    def ask(self, request, things, name, *, back, missing=False):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "things": things,
            "verb": {"name": name, **self.verbs()[name]},
            "title": self.verbs()[name]["label"],
            "back": back,
            "comment_missing": missing,
            "is_action": request.method == "POST" and "action" in request.POST,
        }
        return TemplateResponse(request, "admin/verb_confirm.html", context)

    def do_verb(self, request, things, name):
        comment = request.POST.get("comment", "").strip()
        asks = self.verbs()[name].get("asks")
        if asks and not comment:
            return self.ask(request, things, name, back=request.get_full_path(), missing=True)
        done = 0
        for thing in things:
            try:
                getattr(thing, name)(by=request.user, **({"comment": comment} if asks else {}))
                done += 1
            except (TransitionNotAllowed, PermissionDenied):
                self.message_user(
                    request,
                    _("“%(thing)s” is %(status)s: this cannot be done to it now.")
                    % {"thing": thing, "status": thing.get_status_display()},
                    messages.WARNING,
                )
        if done:
            self.message_user(
                request,
                ngettext("Done.", "Done for %(count)d.", done) % {"count": done},
                messages.SUCCESS,
            )
        return None
