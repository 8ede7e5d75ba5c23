from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ShopsConfig(AppConfig):
    name = "shops"
    verbose_name = pgettext_lazy("many", "小店")
