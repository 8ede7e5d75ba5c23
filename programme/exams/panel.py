"""The row of a class's page that leads to its examinations."""

from __future__ import annotations

from courses.models import Cohort
from progress.classes.panels import Panel, register_panel


@register_panel
def build_exams_panel(cohort: Cohort) -> Panel:
    return Panel("programme/exams/_panel.html", 0, turn=3)
