"""The row of a class's page that leads to its sign-in cards."""

from django.utils.translation import gettext_lazy as _

from progress.classes.panels import Panel, register_panel

register_panel(
    Panel(
        icon="key",
        page="programme:class_cards",
        title=_("全班的登录卡"),
        turn=7,
    )
)
