"""Verbs: the only way a status changes.

A verb is a django-fsm-2 transition that also writes its event, in one transaction:

    @verb
    @transition("status", source="draft", target="submitted", permission=may_edit,
                custom={"label": _("Submit"), "at_once": False})
    def submit(self, *, by):
        return self.coordinators()      # whom it concerns

The method returns whom to tell. Buttons and admin actions come from the same table
(`verbs_for`).
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django_fsm import FSMModelMixin, TransitionNotAllowed

from journal.models import Event

__all__ = ["TransitionNotAllowed", "VerbModel", "verb"]


def verb(method):
    """Wrap a transition: lock the row, change its status, save, record, notify; or nothing at all.

    Raises PermissionDenied when `by` may not, TransitionNotAllowed when the status does not allow
    it, for instance because somebody else was faster.
    """

    @wraps(method)
    def act(self, *, by, comment="", details=None, **arguments):
        with transaction.atomic():
            self.lock_status()
            bound, step = method.__get__(self), method._django_fsm
            status = type(self)._meta.get_field(step.field.name).get_state(self)
            if step.has_transition(status) and not step.has_transition_perm(self, status, by):
                raise PermissionDenied
            if comment:
                arguments["comment"] = comment
            before = self.__dict__.copy()
            tell = bound(by=by, **arguments) or ()
            self.skip_history_when_saving = True  # the event tells it, with who and why
            self.save(update_fields=changed_fields(self, before))
            del self.skip_history_when_saving
            promises = {
                name: any((each.custom or {}).get(name) for each in step.transitions.values())
                for name in ("at_once", "always")
            }
            Event.objects.record(
                self,
                method.__name__,
                by=by,
                tell=tell,
                comment=comment,
                details={**self.noted(method.__name__), **(details or {})},
                **promises,
            )

    return act


def changed_fields(thing, before):
    """What a verb writes: its own changes, and not what others edited since the thing was read."""
    return [
        field.name
        for field in thing._meta.concrete_fields
        if getattr(field, "auto_now", False)
        or thing.__dict__.get(field.attname) != before.get(field.attname)
    ]


class VerbModel(FSMModelMixin, models.Model):
    """A thing whose `status` changes only by verbs."""

    SENTENCES = {}

    class Meta:
        abstract = True

    def lock_status(self):
        """Hold the row until the transaction ends, and read the status as it is now."""
        current = type(self)._base_manager.select_for_update().values("status").get(pk=self.pk)
        self._meta.get_field("status").set_state(self, current["status"])

    def noted(self, verb):
        """What the event of a verb keeps by itself, besides who, when and why."""
        return {}

    def verbs_for(self, user):
        """The verbs this person may use on this thing as it stands: (name, label, style…)."""
        if not user.is_authenticated:
            return []
        return [
            {"name": step.name, **(step.custom or {})}
            for step in self.get_available_user_status_transitions(user)
        ]
