from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "network"
    verbose_name = _("Network")


class PortalAdminConfig(admin.AdminConfig):
    default_site = "network.admin_site.PortalAdmin"
    default = False
