"""The row of a class's page that leads to the lesson plans of its course."""

from __future__ import annotations

from courses.models import Cohort
from progress.classes.panels import Panel, register_panel


@register_panel
def build_plans_panel(cohort: Cohort) -> Panel:
    return Panel("programme/lesson_plans/_panel.html", 0, turn=4, is_for_mentors=True)
