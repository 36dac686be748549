"""The people of a city: who acts for it, whom it lets in, and when that ends."""

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from accounts.invitations import send_invitation
from accounts.models import Language
from cities.models import City, Delegate, DelegateRole


class DelegateForm(forms.Form):
    """Whom to invite to act for a city. Focal points name collaborators, coordinators anybody."""

    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The one of the office, read by this person alone."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        initial=Language.ITALIAN,
        widget=forms.RadioSelect,
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=DelegateRole.choices,
        initial=DelegateRole.COLLABORATOR,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, city, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.city, self.by = city, by
        if not by.is_coordinator:
            del self.fields["role"]

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if self.city.delegates.standing().filter(user__email__iexact=email).exists():
            raise forms.ValidationError(_("This person acts for the city already."))
        return email

    def save(self):
        """Enter the person, and write to them: whoever is not in yet is invited."""
        answers = self.cleaned_data
        role = answers.pop("role", DelegateRole.COLLABORATOR)
        people = get_user_model().objects
        with transaction.atomic():
            City.objects.select_for_update().get(pk=self.city.pk)  # a button is pressed twice
            if self.city.delegates.standing().filter(user__email=answers["email"]).exists():
                return
            person = people.filter(email__iexact=answers["email"]).first()
            person = person or people.create_user(**answers)
            Delegate.objects.invite(person, self.city, role, by=self.by)
            if person.is_active and not person.last_login:
                send_invitation(person, by=self.by)


class EndForm(forms.Form):
    """Why somebody no longer acts for a city, in a line."""

    comment = forms.CharField(
        label=_("Why"),
        max_length=200,
        required=False,
        help_text=_("The person and the city’s people read it."),
    )


def city_people(request, slug):
    """Who acts for a city, for its own people and for coordinators."""
    city = get_object_or_404(City.objects.editable_by(request.user), slug=slug)
    endable = set(city.delegates.endable_by(request.user).values_list("pk", flat=True))
    delegates = city.delegates.standing().select_related("user").order_by("-role", "starts_on")
    context = {
        "city": city,
        "people": [(each, each.pk in endable) for each in delegates],
        "may_invite": City.objects.peopled_by(request.user).filter(pk=city.pk).exists(),
    }
    return render(request, "cities/city_people.html", context)


def delegate_invite(request, slug):
    """Let somebody act for the city. The answer is the same whether the address is known or not."""
    city = get_object_or_404(City.objects.peopled_by(request.user), slug=slug)
    form = DelegateForm(request.POST or None, city=city, by=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        said = __("A letter is on its way to %(email)s.") % {"email": form.cleaned_data["email"]}
        messages.success(request, said)
        return redirect("city_people", city.slug)
    return render(request, "cities/delegate_invite.html", {"city": city, "form": form})


def delegate_end(request, pk):
    """Ask whether somebody shall no longer act for the city, then end it at once."""
    delegates = Delegate.objects.endable_by(request.user).select_related("user", "city")
    delegate = get_object_or_404(delegates, pk=pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        delegate.end(by=request.user, comment=form.cleaned_data["comment"])
        said = __("%(person)s no longer acts for %(city)s.")
        messages.success(request, said % {"person": delegate.user, "city": delegate.city})
        return redirect("city_people", delegate.city.slug)
    context = {
        "delegate": delegate,
        "city": delegate.city,
        "drafts": delegate.drafts(),
        "is_irreplaceable": Delegate.objects.irreplaceable().filter(pk=pk).exists(),
        "form": form,
    }
    return render(request, "cities/delegate_end.html", context)
