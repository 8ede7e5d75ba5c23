from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("人和地区")

    def ready(self) -> None:
        """A class signing in counts on one address, and who waits for that count for a second would be turned
        away as if it were one too many; on a busy village computer they wait a little longer instead."""
        from allauth.core.internal import ratelimit
        from django.utils.module_loading import autodiscover_modules

        ratelimit.CACHE_LOCK_WAIT_TIMEOUT = 8
        autodiscover_modules("waits")  # what waits for people, of every app
