from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ProgrammeConfig(AppConfig):
    name = "programme"
    verbose_name = gettext_lazy("培训班")

    def ready(self) -> None:
        # They register words, what waits, and parts of pages of the apps below.
        from programme import audit, event_descriptions, panels, worklist  # noqa: F401
