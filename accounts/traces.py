"""The traces of a person: every row, in all rooms and libraries, that points at one."""

from django.db.models import FETCH_PEERS, ForeignKey
from post_office.models import Email

from accounts.models import User

# Rows about the person alone go with the account. All others tell what the person did, and stay.
ERASED = {
    "account.EmailAddress",
    "accounts.User_groups",
    "accounts.User_user_permissions",
    "cities.CreativeField_responsible",
    "journal.Notification",
    "journal.Presence",
    "meetings.CalendarKey",
    "meetings.OverdueLetter",
    "meetings.WorkingGroup_people",
    "mfa.Authenticator",
    "socialaccount.SocialAccount",
    "usersessions.UserSession",
}
SECRETS = {"password", "session_key", "mfa.authenticator.data", "meetings.calendarkey.key"}


def traces():
    """Every foreign key to a person."""
    relations = User._meta.get_fields(include_hidden=True)
    return [
        each.field
        for each in relations
        if each.auto_created and (each.one_to_many or each.one_to_one)
    ]


def rows_of(user, field):
    return field.model._base_manager.filter(**{field.name: user}).order_by("pk")


def erase_traces(user):
    """Delete what is about the person alone, and the letters sent to them."""
    letters_to(user).delete()
    for field in traces():
        if field.model._meta.label in ERASED:
            rows_of(user, field).delete()


def all_about(user):
    """Everything that is kept about a person, for JSON; only secrets are left out."""
    about = {"person": told(user), "mails": [letter(each) for each in letters_to(user)]}
    for field in traces():
        rows = rows_of(user, field).fetch_mode(FETCH_PEERS)
        about[f"{field.model._meta.label_lower}.{field.name}"] = [told(row) for row in rows]
    return about


def told(row):
    """A row with its name and the values of all its columns."""
    values = {"what": str(row)}
    for field in row._meta.concrete_fields:
        if field.name in SECRETS or f"{row._meta.label_lower}.{field.name}" in SECRETS:
            continue
        value = field.value_from_object(row)
        if isinstance(field, ForeignKey) and value is not None:
            value = {"id": value, "what": str(getattr(row, field.name))}
        elif field.get_internal_type() in ("FileField", "ImageField"):
            value = str(value)
        values[field.name] = value
    return values


def letters_to(user):
    addresses = {user.email, *user.emailaddress_set.values_list("email", flat=True)}
    return Email.objects.filter(to__in=addresses).order_by("created")


def letter(mail):
    return {"subject": mail.subject, "created": mail.created, "status": mail.get_status_display()}
