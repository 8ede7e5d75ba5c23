"""The row of a class's page that leads to its examinations."""

from django.utils.translation import gettext_lazy as _

from progress.classes.panels import Panel, register_panel

register_panel(
    Panel(
        icon="check",
        page="programme:class_exams",
        title=_("摸底、结业考试"),
        words=_("谁能跳过哪个单元，理论考得怎样，排实操"),
        turn=3,
    )
)
