from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _


class PortalAdmin(AdminSite):
    """Where coordinators work. People log in at the portal's own door, then come here."""

    site_title = site_header = _("Coordination of the Creative Cities")
    index_title = _("What waits")

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.is_coordinator

    def login(self, request, extra_context=None):
        """Anonymous people go to the portal's log-in; whoever is logged in and refused gets 404."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        next_page = request.GET.get("next") or resolve_url("admin:index")
        return redirect_to_login(next_page)
