from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ui.database import orm


class UiConfig(AppConfig):
    name = "ui"
    verbose_name = _("界面")

    def ready(self) -> None:
        orm.register()
