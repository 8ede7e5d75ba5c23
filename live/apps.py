from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class LiveConfig(AppConfig):
    name = "live"
    verbose_name = pgettext_lazy("many", "直播")
