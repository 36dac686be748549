from functools import cache

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "network"
    verbose_name = _("Network")

    def ready(self):
        from modeltranslation import manager

        from network.public_content import watch_public_content

        # Django asks SQLite inside a transaction, and takes a lock for a no that it never forgets.
        SQLite.features_class.supports_json_field = True
        # It makes a class for each question that is asked: one for each kind of them is enough.
        manager.multilingual_queryset_factory = cache(manager.multilingual_queryset_factory)
        journal = apps.get_app_config("journal")  # of the rooms without models none is told
        post_migrate.connect(
            watch_public_content, sender=journal, dispatch_uid="network.watch_public_content"
        )


class PortalAdminConfig(admin.AdminConfig):
    default_site = "network.admin_site.PortalAdmin"
    default = False
