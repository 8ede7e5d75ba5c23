"""The row of a class's page that leads to those who are stuck. It counts nobody: that would cost the page all causes."""

from __future__ import annotations

from courses.models import Cohort
from progress.classes.panels import Panel, register_panel


@register_panel
def build_support_panel(cohort: Cohort) -> Panel:
    return Panel("programme/support/_panel.html", 0, turn=0)
