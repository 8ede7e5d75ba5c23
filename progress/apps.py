from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgressConfig(AppConfig):
    name = "progress"
    verbose_name = _("学习记录")

    def ready(self) -> None:
        from courses.panels import register_course_panel
        from progress import event_descriptions  # noqa: F401 - registers the words for what phones send
        from progress.classroom import panels  # noqa: F401 - registers its line of a trainee's home

        register_course_panel("progress/enrolment/_enrol.html")
