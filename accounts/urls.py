from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts import profile, views

urlpatterns = [
    path(_("invitation/<token>/"), views.invitation_accept, name="invitation_accept"),
    path(_("invitation/<token>/passkey/"), views.invitation_passkey, name="invitation_passkey"),
    path(_("profile/"), profile.profile, name="profile"),
    path(_("profile/data/"), profile.profile_download, name="profile_download"),
    path(_("profile/close/"), profile.profile_close, name="profile_close"),
]
