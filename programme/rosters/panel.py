"""The row of a class's page that leads to its rosters."""

from django.utils.translation import gettext_lazy as _

from progress.classes.panels import Panel, register_panel

register_panel(
    Panel(
        icon="sheet",
        page="programme:rosters",
        title=_("照名单加人"),
        words=_("Excel 名单，一次加全班"),
        turn=6,
    )
)
