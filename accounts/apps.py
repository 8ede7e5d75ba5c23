from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("人和地区")

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from accounts.auth import sign_in_audit

        sign_in_audit.connect_signals()
        autodiscover_modules("worklist")
        import_module("accounts.worklist.sources")
