"""The row of a class's page that leads to its rosters."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from progress.classes.panels import Panel, register_panel

register_panel(
    Panel(
        icon="sheet",
        link=lambda cohort: reverse("programme:rosters", args=[cohort.pk]),
        title=_("照名单加人"),
        words=_("Excel 名单，一次加全班"),
        turn=6,
    )
)
