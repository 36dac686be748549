from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.db.models import Count
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.closing import LastInCharge, close_account
from accounts.invitations import send_invitation
from accounts.models import User
from accounts.roles import ROLE_NAMES


class PersonForm(forms.ModelForm):
    """A person and their role; the password is theirs alone and is never typed here."""

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name", "language", "is_active", "groups"]
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            self.fields["groups"].label_from_instance = lambda group: ROLE_NAMES.get(
                group.name, group.name
            )


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return ROLE_NAMES.items()

    def queryset(self, request, queryset):
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [
            ("invited", _("invited, not yet in")),
            ("in", _("has come in")),
            ("dormant", _("dormant: away for a year")),
            ("closed", _("closed")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "invited":
                return queryset.invited()
            case "in":
                return queryset.exclude(last_login=None)
            case "dormant":
                return queryset.dormant()
            case "closed":
                return queryset.exclude(closed_at=None)
        return queryset


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People: coordinators invite them, untick them when they pause, close them when they leave."""

    form = PersonForm
    list_display = [
        "__str__", "email", "roles", "cities", "standing", "last_login", "is_active", "is_demo",
    ]  # fmt: skip
    list_filter = [StandingFilter, RoleFilter, "is_active", "language", "is_demo"]
    search_fields = ["email", "first_name", "last_name"]
    ordering = ["last_name", "first_name", "pk"]
    readonly_fields = ["standing", "invited_at", "last_login", "date_joined", "is_demo"]
    fieldsets = [
        (None, {"fields": [("first_name", "last_name"), "email", "language"]}),
        (
            _("Role"),
            {
                "fields": ["groups", "is_active"],
                "description": _(
                    "Only coordinators and observers have a role. Delegates get their rights "
                    "from the city for which they are entered under “Delegates”."
                ),
            },
        ),
        (
            _("Standing"),
            {"fields": ["standing", ("invited_at", "last_login", "date_joined"), "is_demo"]},
        ),
    ]
    actions = ["invite", "close"]
    view_on_site = False  # its address is this very page

    def get_queryset(self, request):
        people = super().get_queryset(request).prefetch_related("groups", "delegates__city")
        people = people.with_last_seen().annotate(second_factors=Count("authenticator"))
        return people if request.user.is_superuser else people.filter(is_superuser=False)

    def has_change_permission(self, request, obj=None):
        """Closed is closed: there is nobody left whom one could let in again."""
        is_closed = obj is not None and obj.closed_at is not None
        return not is_closed and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        """Invite a new person at once, and again if the address was wrong.

        Whoever changes address has only the new one: the old one no longer opens the door.
        """
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if "email" not in form.changed_data:
            return
        obj.emailaddress_set.exclude(email__iexact=obj.email).delete()
        if obj.is_active and obj.last_login is None:
            send_invitation(obj, by=request.user)
            self.message_user(
                request,
                _("An invitation is on its way to %(email)s.") % {"email": obj.email},
                messages.SUCCESS,
            )

    @admin.action(description=_("Invite (again)"), permissions=["change"])
    def invite(self, request, queryset):
        people = list(queryset.active().filter(last_login=None))
        for person in people:
            send_invitation(person, by=request.user)
        self.message_user(
            request,
            ngettext(
                "%(count)d invitation sent; people who have come in before got none.",
                "%(count)d invitations sent; people who have come in before got none.",
                len(people),
            )
            % {"count": len(people)},
            messages.SUCCESS,
        )

    @admin.action(
        description=_("Close the account"), permissions=["change"], location=list(ActionLocation)
    )
    def close(self, request, queryset):
        """Ask once more, then erase who they are; what they did stays."""
        people = list(queryset.filter(closed_at=None))
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "people": people,
                "title": _("Close the account"),
            }
            return TemplateResponse(request, "admin/close_accounts.html", context)
        for person in people:
            try:
                name = str(person)
                close_account(person, by=request.user)
                said, level = _("The account of %(person)s is closed."), messages.SUCCESS
            except LastInCharge:
                said, level = _("%(person)s is the last one in charge."), messages.WARNING
            self.message_user(request, said % {"person": name}, level)
        return redirect("admin:accounts_user_changelist")

    @admin.display(description=_("role"))
    def roles(self, person):
        return ", ".join(str(ROLE_NAMES.get(g.name, g.name)) for g in person.groups.all())

    @admin.display(description=_("cities"))
    def cities(self, person):
        return ", ".join(str(delegate.city) for delegate in person.delegates.all())

    @admin.display(description=_("standing"))
    def standing(self, person):
        if person.closed_at:
            return _("closed")
        if person.is_active and not person.is_demo and person.is_dormant:
            return _("dormant")
        if person.last_login:
            return _("with second factor") if person.second_factors else _("password only")
        return _("invited") if person.invited_at else _("not invited yet")
