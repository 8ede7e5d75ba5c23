from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = pgettext_lazy("many", "收件")
