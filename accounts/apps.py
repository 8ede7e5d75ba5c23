from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("人和地区")

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from accounts import access_trail, limits

        access_trail.connect()
        limits.count_in_table()
        autodiscover_modules("waits")  # what waits for people, of every app
