from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class WordingConfig(AppConfig):
    name = "wording"
    verbose_name = pgettext_lazy("many", "用语检查")
