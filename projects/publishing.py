"""The way of a project to the public and back: its verbs, whom each concerns, what each keeps."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from cities.card_values import label_of, said, values_of
from journal.verbs import VerbModel, verb
from projects.rights import (
    delegates_of,
    may_review,
    may_submit,
    may_withdraw,
    reviewers_of,
)
from projects.states import PUBLIC, ProjectStatus


class Publishable(VerbModel):
    """A card that cities write, coordinators review, and everybody reads."""

    class Meta:
        abstract = True

    def delegates(self):
        """The people of the lead city."""
        return delegates_of([self.lead_id])

    def everyone(self):
        """The people of every city that takes part."""
        return delegates_of(
            [self.lead_id, *self.partnerships.accepted().values_list("city", flat=True)]
        )

    def keepers(self):
        """The people who keep its card: of the lead city, and of partners that may edit."""
        editing = self.partnerships.accepted().filter(may_edit=True)
        return delegates_of([self.lead_id, *editing.values_list("city", flat=True)])

    def reviewers(self):
        """The coordinators responsible for its fields; where none is named, all of them."""
        return reviewers_of(self)

    def label_of(self, name):
        """What a column of its card is called."""
        return label_of(type(self), name)

    def said(self, name, value):
        """A value of its card in words."""
        return said(type(self), name, value)

    def mail_url(self, user, event):
        """Where a letter about it leads: to what there is to decide or to read."""
        if event.verb == "submit" and not self.is_public:
            return reverse("project_review", args=[self.slug])
        if event.verb == "ask_for_results":
            return reverse("project_step", args=[self.slug, "results"])
        if event.details.get("changes"):
            return reverse("project_change", args=[self.slug, event.pk])
        return self.get_absolute_url()

    def noted(self, verb):
        """What was handed in is kept, so that the next review can show what changed since."""
        return {"card": values_of(type(self).objects.get(pk=self.pk))} if verb == "submit" else {}

    @verb
    @transition(
        "status",
        source=ProjectStatus.DRAFT,
        target=ProjectStatus.SUBMITTED,
        permission=may_submit,
        custom={"label": _("Submit for review"), "style": "primary"},
    )
    def submit(self, *, by):
        """Hand a draft to the coordinators responsible for its fields, who are told."""
        return self.reviewers()

    @verb
    @transition(
        "status",
        source=ProjectStatus.SUBMITTED,
        target=ProjectStatus.DRAFT,
        permission=may_submit,
        custom={"label": _("Take back"), "style": "secondary"},
    )
    def take_back(self, *, by):
        """The lead city has found something to mend before the review; the coordinators hear."""
        return self.reviewers()

    @verb
    @transition(
        "status",
        source=ProjectStatus.SUBMITTED,
        target=ProjectStatus.PUBLISHED,
        permission=may_review,
        custom={"label": _("Approve and publish"), "style": "primary", "at_once": True},
    )
    def approve(self, *, by, comment=""):
        """Publish; the people of all its cities hear at once, with what was said of it."""
        self.published_at = self.published_at or timezone.now()
        return self.everyone()

    @verb
    @transition(
        "status",
        source=ProjectStatus.SUBMITTED,
        target=ProjectStatus.DRAFT,
        permission=may_review,
        custom={"label": _("Send back"), "style": "secondary", "asks": True, "at_once": True},
    )
    def send_back(self, *, by, comment=""):
        """Give it back with a comment, which reaches those who keep its card by mail."""
        return self.keepers()

    @verb
    @transition(
        "status",
        source=ProjectStatus.PUBLISHED,
        target=ProjectStatus.ARCHIVED,
        permission=may_review,
        custom={"label": _("Archive"), "style": "secondary", "at_once": True},
    )
    def archive(self, *, by):
        """Keep it at its address with a notice that it is history."""
        return self.everyone()

    @verb
    @transition(
        "status",
        source=ProjectStatus.ARCHIVED,
        target=ProjectStatus.PUBLISHED,
        permission=may_review,
        custom={"label": _("Publish again"), "style": "secondary", "at_once": True},
    )
    def republish(self, *, by):
        """Its history goes on: its cities edit it again, and it stands where it stood."""
        return self.everyone()

    @verb
    @transition(
        "status",
        source=[ProjectStatus.SUBMITTED, *PUBLIC],
        target=ProjectStatus.WITHDRAWN,
        permission=may_withdraw,
        custom={"label": _("Withdraw"), "style": "danger", "at_once": True},
    )
    def withdraw(self, *, by):
        """Take it from the public at once; its address answers 410. Its cities hear, and those
        who would review it."""
        return [*self.everyone(), *self.reviewers()]

    @verb
    @transition(
        "status",
        source=ProjectStatus.WITHDRAWN,
        target=ProjectStatus.DRAFT,
        permission=may_withdraw,
        custom={"label": _("Reopen as a draft"), "style": "secondary", "at_once": True},
    )
    def reopen(self, *, by):
        """Begin again with what was withdrawn."""
        return self.keepers()
