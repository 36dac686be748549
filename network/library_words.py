"""Words of Django and its libraries whose Italian is missing, or wrong for half of our nouns.

Nothing reads this list: it brings them into our catalogue, which goes before theirs. A line can
leave when the library's own Italian says it well.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import pgettext_lazy

WORDS = [
    # Django's admin: new in 6.1
    _("- Select an option -"),
    _("Run"),
    _("Error:"),
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("Search %(name)s"),
    _("Filter by %(field_name)s"),
    _("Pagination %(name)s"),
    _("Pagination %(name)s entries"),
    _(
        "Are you sure you want to delete the %(object_name)s “%(escaped_object)s”? "
        "All of the following related items will be deleted:"
    ),
    _(
        "Deleting the %(object_name)s “%(escaped_object)s” would require deleting "
        "the following protected related objects:"
    ),
    _(
        "Deleting the %(object_name)s “%(escaped_object)s” would result in deleting related "
        "objects, but your account doesn't have permission to delete the following types of "
        "objects:"
    ),
    # Django's admin: masculine only
    _("Add another %(verbose_name)s"),
    _("Add another %(model)s"),
    _("Change selected %(model)s"),
    _("Delete selected %(model)s"),
    _("View selected %(model)s"),
    _("Delete selected %(verbose_name_plural)s"),
    _("Save and add another"),
    _("Successfully deleted %(count)d %(items)s."),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("The {name} “{obj}” was added successfully."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("The {name} “{obj}” was added successfully. You may edit it again below."),
    _("The {name} “{obj}” was changed successfully."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    # Histories
    _("Created"),
    _("Changed"),
    _("Deleted"),
    _("Revert"),
    _("Change History"),
    _("View history: %s"),
    _("Revert %s"),
    _("View %(verbose_name)s"),
    _("Revert %(verbose_name)s"),
    _('The %(name)s "%(obj)s" was changed successfully.'),
    _("You may edit it again below"),
    _("Choose a date from the list below to revert to a previous version of this object."),
    _("This object doesn't have a change history."),
    _("Press the 'Revert' button below to revert to this version of the object."),
    _("Press the 'Change History' button below to edit the history."),
    # Logging in and the second factor: stiff, or other words than ours
    _("Two-Factor Authentication"),
    _("Security Keys"),
    _("No security keys have been added."),
    _("Add Security Key"),
    _("Edit Security Key"),
    _("Remove Security Key"),
    _("Create Passkey"),
    _("Passkey"),
    _("Authenticator App"),
    _("An authenticator app is not active."),
    _("Activate Authenticator App"),
    _("Deactivate Authenticator App"),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _("Are you sure?"),
    _("Are you sure you want to remove this security key?"),
    _("Do you really want to remove the selected email address?"),
    _("The email address and/or password you specified are not correct."),
    _("Confirm Access"),
    _("Please reauthenticate to safeguard your account."),
    _("Change Password"),
    _("Make Primary"),
    _("Re-send Verification"),
    _("Sessions"),
    _("Started At"),
    _("Last seen at"),
    _("Sign Out"),
    _("Are you sure you want to sign out?"),
    _("You have signed out."),
    # The outbox
    _("Post Office"),
    pgettext_lazy("Email addresses", "Emails"),
    _("Language"),
    _("requeued"),
]
