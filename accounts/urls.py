from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts import views

urlpatterns = [
    path(_("invitation/<token>/"), views.invitation_accept, name="invitation_accept"),
]
