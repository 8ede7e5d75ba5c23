"""Notify who handed a ledger in of its approval or return, and a person whose ID number somebody else entered."""

from __future__ import annotations

from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Notice, User
from accounts.notifications import delivery
from programme.models import IdNumber, LedgerApproval

LEDGERS = {LedgerApproval.Act.APPROVED: "ledger_approved", LedgerApproval.Act.RETURNED: "ledger_returned"}
ID_NUMBER = "id_number_entered"


def write_ledger_notice(approval: LedgerApproval, to: User) -> None:
    """Write that the ledger was approved or returned, in the transaction that did it."""
    ledger = approval.ledger
    facts = {"name": ledger.cohort.name, "class": ledger.cohort_id, "ledger": str(ledger.key)}
    template = LEDGERS[LedgerApproval.Act(approval.act)]
    delivery.write_notice(f"ledger-{approval.pk}", to.phone, template, **facts)


def write_id_number_notice(row: IdNumber) -> None:
    """Write to a person that somebody else entered their ID number, in the transaction that did it."""
    facts = {"name": row.cohort.name, "class": row.cohort_id}
    delivery.write_notice(f"id-number-{row.pk}-{uuid4().hex[:8]}", row.user.phone, ID_NUMBER, **facts)


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the sentence and the URL of its page, or None where another package wrote it."""
    facts = notice.params
    if notice.template == ID_NUMBER:
        url = reverse("programme:my_id_number", args=[facts["class"]])
        return _("老师替你填了身份证号，%(name)s要上报。不愿意可以撤回。") % facts, url
    if notice.template not in LEDGERS.values():
        return None
    url = reverse("programme:ledger", args=[facts["class"], facts["ledger"]])
    if notice.template == LEDGERS[LedgerApproval.Act.APPROVED]:
        return _("%(name)s的培训台账批准了。") % facts, url
    return _("%(name)s的培训台账退回来了，点开看为什么。") % facts, url
