"""Delegates propose items for the agenda of a coming meeting, and see what became of them."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from cities.models import City
from journal.models import Event
from journal.verbs import TransitionNotAllowed
from meetings.agenda import Proposal
from meetings.models import Meeting
from projects.models import Project


class ProposalForm(forms.ModelForm):
    """What a city would like to talk about, why, and for how long."""

    minutes = forms.IntegerField(
        label=_("How many minutes?"), initial=15, min_value=5, max_value=240
    )

    class Meta:
        model = Proposal
        fields = ["city", "title", "text", "kind", "minutes", "project"]
        labels = {
            "city": _("Which city proposes it?"),
            "title": _("What to talk about"),
            "text": _("Why, and what you ask of the others"),
            "kind": _("What it asks for"),
            "project": _("Is it about one of your projects?"),
        }
        help_texts = {"title": _("As it would stand on the agenda.")}
        widgets = {"text": forms.Textarea(attrs={"rows": 5}), "kind": forms.RadioSelect}

    def __init__(self, *args, meeting, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting, self.by = meeting, by
        self.cities = City.objects.members().served_by(by)
        self.fields["city"].queryset = self.cities
        self.fields["project"].queryset = Project.objects.told_by(by).order_by("title")
        self.fields["project"].empty_label = gettext("No")
        self.only_city = self.cities[0] if len(self.cities) == 1 else None
        if self.only_city:
            self.fields["city"].widget = forms.HiddenInput()
            self.initial["city"] = self.only_city.pk

    def clean(self):
        data = super().clean()
        if not self.meeting.takes_proposals:
            raise forms.ValidationError(
                gettext(
                    "Items could be proposed until %(day)s. Your words are still here: copy them "
                    "into a mail to the coordinators."
                )
                % {"day": date_format(self.meeting.proposals_until, "DATE_FORMAT")}
            )
        return data

    def propose(self):
        """Store it, and tell the coordinators in their digest."""
        self.instance.meeting, self.instance.proposed_by = self.meeting, self.by
        proposal = self.save()
        Event.objects.record(proposal, "propose", by=self.by, tell=User.objects.coordinators())
        return proposal


def meeting_propose(request, slug):
    """Propose an item, while they are taken; below, what one's city has proposed already."""
    meetings = Meeting.objects.proposable_by(request.user).select_related("host")
    meeting = get_object_or_404(meetings, slug=slug)
    form = ProposalForm(request.POST or None, meeting=meeting, by=request.user)
    if request.method == "POST" and form.is_valid():
        form.propose()
        messages.success(request, gettext("Proposed: the coordinators are told, and answer."))
        return redirect("meeting_propose", meeting.slug)
    proposals = meeting.proposals.of(request.user).select_related("city").with_reasons()
    context = {"meeting": meeting, "form": form, "proposals": with_verbs(proposals, request.user)}
    return render(request, "meetings/meeting_propose.html", context)


def with_verbs(proposals, user):
    """Each with what its city may still do about it."""
    proposals = list(proposals)
    for each in proposals:
        each.verbs = each.verbs_for(user)
    return proposals


@require_POST
def proposal_withdraw(request, pk):
    proposals = Proposal.objects.of(request.user).select_related("meeting")
    proposal = get_object_or_404(proposals, pk=pk)
    try:
        proposal.withdraw(by=request.user)
        messages.success(request, gettext("Taken back. The coordinators are told."))
    except TransitionNotAllowed:
        messages.warning(request, gettext("It has been decided in the meantime: look again."))
    return redirect("meeting_propose", proposal.meeting.slug)
