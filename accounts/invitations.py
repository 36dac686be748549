"""The invitation (invito): a link by mail with which a person sets the first password.

It works once, because setting the password changes its stamp, and for INVITATION_DAYS days.
"""

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

SALT = "accounts.invitations"


def invitation_token(user):
    return signing.dumps([user.pk, _stamp(user)], salt=SALT)


def invited_user(token):
    """The person a token invites. Raises User.DoesNotExist when it is used, old or forged."""
    try:
        pk, stamp = signing.loads(token, salt=SALT, max_age=settings.INVITATION_DAYS * 24 * 3600)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise User.DoesNotExist from error
    user = User.objects.active().get(pk=pk)
    if not constant_time_compare(stamp, _stamp(user)):
        raise User.DoesNotExist
    return user


def send_invitation(user, *, by):
    """Write to a person, in their language, the link with which they come in."""
    user.invited_at = timezone.now()
    user.save(update_fields=["invited_at"])
    with translation.override(user.language):
        path = reverse("invitation_accept", args=[invitation_token(user)])
        context = {
            "user": user,
            "by": by,
            "delegates": user.delegates.current().select_related("city"),
            "days": settings.INVITATION_DAYS,
            "url": f"{settings.SITE_URL}{path}",
            "site_url": settings.SITE_URL,
            "owner": settings.OWNER,
        }
        subject = " ".join(render_to_string("accounts/email/invitation_subject.txt").split())
        context["subject"] = subject
        mail = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string("accounts/email/invitation.txt", context),
            to=[user.email],
        )
        mail.attach_alternative(
            render_to_string("accounts/email/invitation.html", context), "text/html"
        )
    mail.send()


def _stamp(user):
    known = f"{user.pk}:{user.email}:{user.password}:{user.last_login}"
    return salted_hmac(SALT, known, algorithm="sha256").hexdigest()[:20]
