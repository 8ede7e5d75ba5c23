"""The row of a class's page that leads to its training ledger."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import ngettext_lazy, pgettext_lazy

from programme.models import LedgerApproval
from progress.classes.panels import Panel, register_panel


def find_approvals(cohort: int, *_now: object) -> QuerySet[LedgerApproval]:
    return LedgerApproval.objects.filter(ledger__cohort=cohort, act=LedgerApproval.Act.APPROVED)


register_panel(
    Panel(
        icon="sheet",
        page="programme:ledgers",
        title=pgettext_lazy("one", "培训台账"),
        words=ngettext_lazy("批准了 %(n)s 份", "批准了 %(n)s 份", "n"),
        find=find_approvals,
        turn=4,
    )
)
