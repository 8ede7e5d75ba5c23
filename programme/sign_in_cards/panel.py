"""The row of a class's page that leads to its sign-in cards."""

from __future__ import annotations

from courses.models import Cohort
from progress.classes.panels import Panel, register_panel


@register_panel
def build_cards_panel(cohort: Cohort) -> Panel:
    return Panel("programme/sign_in_cards/_cards_panel.html", 0, turn=7)
