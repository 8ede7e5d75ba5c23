from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class MediaConfig(AppConfig):
    name = "media"
    verbose_name = pgettext_lazy("many", "照片和视频")
