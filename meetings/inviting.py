"""The list of those invited: built from the delegates of the day, edited, and then sent."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from meetings.answer_forms import only_a_name
from meetings.answers import by_city
from meetings.gathering import cities_without_anybody, gather, invitation_of
from meetings.invitations import Invitation, somebody
from meetings.letters import send_cancellation
from meetings.models import Meeting
from meetings.states import TO_COME, InvitedAs
from meetings.steps import page_context


class GatherForm(forms.Form):
    """Whom to put on the list, besides those whom the track asks for."""

    collaborators = forms.BooleanField(
        label=gettext_lazy("Collaborators of the cities too"), required=False
    )
    observers = forms.BooleanField(label=gettext_lazy("Observers too"), required=False)


class PersonForm(forms.Form):
    """Somebody with an account."""

    user = forms.ModelChoiceField(
        get_user_model().objects.active(),
        label=gettext_lazy("Person"),
        widget=AutocompleteSelect(Invitation._meta.get_field("user"), admin.site),
        error_messages={"invalid_choice": gettext_lazy("Choose somebody of the list.")},
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, prefix="person", **kwargs)
        self.meeting = meeting

    def clean_user(self):
        user = self.cleaned_data["user"]
        if self.meeting.invitations.standing().at(user.email).exists():
            raise ValidationError(_("This person is on the list already."))
        return user

    def save(self):
        user = self.cleaned_data["user"]
        known = self.meeting.invitations.at(user.email).first()
        invitation = known or invitation_of(self.meeting, user)
        invitation.withdrawn_at = None
        invitation.save()
        return invitation


class GuestForm(forms.ModelForm):
    """Somebody by name and e-mail address; with an account it is that person."""

    class Meta:
        model = Invitation
        fields = ["name", "email", "language", "city"]

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, prefix="guest", **kwargs)
        self.meeting = meeting
        self.fields["name"].required = self.fields["email"].required = True
        self.fields["name"].validators.append(only_a_name)
        self.fields["city"].empty_label = _("none")

    def clean_email(self):
        email = self.cleaned_data["email"]
        if self.meeting.invitations.standing().at(email).exists():
            raise ValidationError(_("This person is on the list already."))
        return email

    def save(self):
        data = self.cleaned_data
        invitation = somebody(self.meeting, data["name"], data["email"])
        if invitation.user and not invitation.pk:
            invitation = invitation_of(self.meeting, invitation.user)
        else:
            invitation.city = data["city"] or invitation.city
        invitation.language = data["language"]
        invitation.save()
        return invitation


@require_safe
def meeting_invite(request, pk):
    """The list, city by city, and what can be done to it."""
    return page(request, get_object_or_404(Meeting, pk=pk))


@require_POST
def meeting_gather(request, pk):
    """Build the list, or bring in those who have come since."""
    meeting = still_open(pk)
    form = GatherForm(request.POST)
    added = gather(meeting, **form.cleaned_data) if form.is_valid() else 0
    told = ngettext(
        "%(n)s person has been put on the list.", "%(n)s people have been put on the list.", added
    )
    messages.success(request, told % {"n": added} if added else _("The list is complete."))
    return redirect("admin:meeting_invite", pk)


@require_POST
def invitation_add(request, pk):
    """Put one person on the list: somebody with an account, or a guest."""
    meeting = still_open(pk)
    guest = "guest-email" in request.POST
    form = (GuestForm if guest else PersonForm)(request.POST, meeting=meeting)
    if not form.is_valid():
        return page(request, meeting, **{"guest_form" if guest else "person_form": form})
    with transaction.atomic():
        invitation = form.save()
    messages.success(request, _("On the list: %(name)s.") % {"name": invitation.person})
    return redirect("admin:meeting_invite", pk)


def invitation_remove(request, pk):
    """Take a person off the list; whoever has been written to is told, so that is asked first."""
    invitation = get_object_or_404(
        Invitation.objects.standing().select_related("meeting__host", "user", "city"), pk=pk
    )
    meeting = still_open(invitation.meeting_id)
    if request.method == "POST":
        take_off(invitation, by=request.user, preface=request.POST.get("preface", ""))
        messages.success(request, _("Taken off the list: %(name)s.") % {"name": invitation.person})
        return redirect("admin:meeting_invite", meeting.pk)
    context = {
        **page_context(request, meeting, _("Take the invitation back")),
        "invitation": invitation,
    }
    return render(request, "admin/meetings/invitation_remove.html", context)


@transaction.atomic
def take_off(invitation, *, by, preface=""):
    """Take an invitation back; whoever has it already is told so."""
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    if invitation.sent_at:
        send_cancellation(invitation, by=by, preface=preface)


@require_POST
def invitation_restore(request, pk):
    """Put back on the list whoever was taken off; they are invited anew."""
    invitation = get_object_or_404(Invitation.objects.exclude(withdrawn_at=None), pk=pk)
    meeting = still_open(invitation.meeting_id)
    invitation.withdrawn_at = invitation.sent_at = invitation.answered_at = None
    invitation.answer = ""
    invitation.save()
    messages.success(request, _("On the list: %(name)s.") % {"name": invitation.person})
    return redirect("admin:meeting_invite", meeting.pk)


def still_open(pk):
    """The meeting, while its list can still change; afterwards 404."""
    return get_object_or_404(Meeting.objects.filter(status__in=TO_COME), pk=pk)


def page(request, meeting, **forms):
    """The page of the list; `forms` are those that are shown again with their errors."""
    invitations = list(meeting.invitations.for_lists())
    standing = [each for each in invitations if not each.withdrawn_at]
    context = {
        **page_context(request, meeting, _("Those invited")),
        "groups": by_city(standing),
        "count": len(standing),
        "unsent": sum(not each.sent_at for each in standing),
        "waiting": sum(not each.sent_at or each.sequence < meeting.sequence for each in standing),
        "taken_off": [each for each in invitations if each.withdrawn_at],
        "missing": cities_without_anybody(meeting),
        "fields": meeting.fields.all(),
        "is_open": meeting.status in TO_COME,
        "guest_role": InvitedAs.GUEST,
        "gather_form": GatherForm(),
        "person_form": PersonForm(meeting=meeting),
        "guest_form": GuestForm(meeting=meeting),
        **forms,
    }
    context["media"] = context["person_form"].media
    return render(request, "admin/meetings/meeting_invite.html", context)
