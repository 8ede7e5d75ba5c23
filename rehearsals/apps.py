from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class RehearsalsConfig(AppConfig):
    name = "rehearsals"
    verbose_name = pgettext_lazy("many", "彩排")

    def ready(self) -> None:
        from rehearsals import event_descriptions  # noqa: F401 - registers the words for what phones send
        from rehearsals.submissions import dashboard  # noqa: F401 - registers its part of a class's page
        from rehearsals.tasks.classes import board  # noqa: F401 - registers its part of a class's page
