"""Sessions that are over: nobody can use them any more, and nobody needs to know of them."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone


def forget_ended_sessions():
    """Delete them, also from the list that people see of theirs; answers how many there were."""
    forgotten, _by_model = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return forgotten
