from django.urls import path
from django.utils.translation import gettext_lazy as _

from documents import views

urlpatterns = [
    path(_("documents/<uuid:pk>/"), views.document_download, name="document_download"),
    path(_("documents/<uuid:pk>/<int:version>/"), views.document_version, name="document_version"),
]
