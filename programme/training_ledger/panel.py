"""The row of a class's page that leads to its training ledger."""

from __future__ import annotations

from courses.models import Cohort
from programme.models import LedgerApproval
from progress.classes.panels import Panel, register_panel


@register_panel
def build_ledger_panel(cohort: Cohort) -> Panel:
    """Count the approved ledgers. One query."""
    approved = LedgerApproval.objects.filter(ledger__cohort=cohort, act=LedgerApproval.Act.APPROVED)
    return Panel("programme/training_ledger/_panel.html", approved.count(), turn=4)
