"""The row of a class's page that leads to those who are stuck. It counts nobody: that would cost the page all causes."""

from django.utils.translation import gettext_lazy as _

from progress.classes.panels import Panel, register_panel

register_panel(
    Panel(
        icon="ask",
        page="programme:support",
        title=_("谁卡住了"),
        words=_("卡在哪儿、谁在管、下一步做什么"),
        turn=0,
    )
)
