from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CitiesConfig(AppConfig):
    name = "cities"
    verbose_name = _("Cities")

    def ready(self):
        from cities.search_index import renew

        post_migrate.connect(renew, sender=self, dispatch_uid="cities.renew_search_index")
