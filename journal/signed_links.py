"""Links in letters with which a person answers without logging in.

Each is signed, dated, and made for one purpose, one person, and one thing as it then stood. Whoever
opens it decides nothing: mail scanners open links too. Only the button on the page behind it does.
"""

from functools import wraps
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.core import signing
from django.shortcuts import render

SALT = "journal.signed_links"


class NotOurs(Exception):
    """The link is forged, cut off, too old, or was written to somebody who has left."""


class Opened(NamedTuple):
    """What a link says: to whom it was written, of which thing, and how that stood."""

    user: object
    pk: int
    state: str


def sign(purpose, user, thing, state=""):
    """The token of a link that this person may use on this thing while it stands so.

    Without a user it is for whomever the thing itself is about: a guest without an account.
    """
    about = [user and user.pk, thing.pk, str(state)]
    return signing.dumps(about, salt=f"{SALT}.{purpose}", compress=True)


def opened(purpose, token, *, days):
    """Read a token that is at most so many days old; raises NotOurs."""
    try:
        user, pk, state = signing.loads(
            token, salt=f"{SALT}.{purpose}", max_age=days * 24 * 60 * 60
        )
        person = get_user_model().objects.active().get(pk=user) if user else None
        return Opened(person, pk, state)
    except (signing.BadSignature, ValueError, TypeError, get_user_model().DoesNotExist) as error:
        raise NotOurs from error


def by_link(*, gone):
    """For views behind such a link: where it is not ours, they show the template `gone` (410)."""

    def behind(view):
        @wraps(view)
        def shown(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except NotOurs:
                return render(request, gone, status=410)

        return shown

    return behind
