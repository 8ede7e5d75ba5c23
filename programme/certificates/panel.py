"""The row of a class's page that leads to its certificates."""

from __future__ import annotations

from courses.models import Cohort
from programme.models import Certificate
from progress.classes.panels import Panel, register_panel


@register_panel
def build_certificates_panel(cohort: Cohort) -> Panel:
    issued = Certificate.objects.valid().filter(cohort=cohort).count()
    return Panel("programme/certificates/_panel.html", issued, turn=3)
