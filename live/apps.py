from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class LiveConfig(AppConfig):
    name = "live"
    verbose_name = pgettext_lazy("many", "直播")

    def ready(self) -> None:
        from live import event_descriptions  # noqa: F401 - registers the words for what phones send
        from live.scripts import crops  # noqa: F401 - registers how goods of a kind are written and spoken about
