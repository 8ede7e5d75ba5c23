"""Decide about a ledger: hand it in, check it, approve it or return it. Each decision is one more row, about one file.

Who handed a ledger in neither checks nor approves it. Handing in and checking are for those who lead the class; approving and
returning for an organiser of its place or of one above, returning also for whoever may check it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from accounts.models import AuditEntry, Membership, User
from accounts.permissions import can_act_on
from programme import notices
from programme.audit import Verb
from programme.exceptions import NotNow
from programme.id_numbers.services import compute_end
from programme.models import IdNumber, LedgerApproval, TrainingLedger
from progress.permissions import can_lead_class

Act = LedgerApproval.Act
VERBS = {
    Act.SUBMITTED: Verb.LEDGER_SUBMITTED,
    Act.CHECKED: Verb.LEDGER_CHECKED,
    Act.APPROVED: Verb.LEDGER_APPROVED,
    Act.RETURNED: Verb.LEDGER_RETURNED,
}
# What may follow the latest decision ("" before the first).
NEXT: dict[str, tuple[Act, ...]] = {
    "": (Act.SUBMITTED,),
    Act.SUBMITTED: (Act.CHECKED, Act.APPROVED, Act.RETURNED),
    Act.CHECKED: (Act.APPROVED, Act.RETURNED),
    Act.RETURNED: (Act.SUBMITTED,),
    Act.APPROVED: (),
}


def list_approvals(ledger: TrainingLedger) -> list[LedgerApproval]:
    return list(ledger.approvals.select_related("by").order_by("pk"))


def list_acts(user: User, ledger: TrainingLedger, approvals: list[LedgerApproval]) -> list[Act]:
    """Return what this person may decide now."""
    if not ledger.is_ready:
        return []
    latest = approvals[-1].act if approvals else ""
    allowed: dict[Act, Callable[[], bool]] = {
        Act.SUBMITTED: lambda: can_lead_class(user, ledger.cohort),
        Act.CHECKED: lambda: not has_submitted(user, approvals) and can_lead_class(user, ledger.cohort),
        Act.APPROVED: lambda: not has_submitted(user, approvals) and is_above(user, ledger),
        Act.RETURNED: lambda: not has_submitted(user, approvals) and can_lead_class(user, ledger.cohort),
    }
    return [act for act in NEXT[latest] if allowed[act]()]


def has_submitted(user: User, approvals: list[LedgerApproval]) -> bool:
    return any(one.act == Act.SUBMITTED and one.by_id == user.pk for one in approvals)


def is_above(user: User, ledger: TrainingLedger) -> bool:
    return can_act_on(user, ledger.cohort.place, Membership.Role.ORGANISER)


@transaction.atomic
def decide(by: User, ledger: TrainingLedger, act: str, reason: str = "") -> LedgerApproval:
    """Add one decision. Raises NotNow where this person may not take it, or somebody was faster.

    With the approval begins the time after which the class's ID numbers are deleted.
    """
    locked = (
        TrainingLedger.objects.select_for_update(of=("self",))
        .select_related("cohort__place")
        .get(pk=ledger.pk)
    )
    approvals = list_approvals(locked)
    if act not in list_acts(by, locked, approvals):
        raise NotNow
    made = LedgerApproval.objects.create(ledger=locked, act=act, by=by, reason=reason, sha256=locked.sha256)
    cohort = locked.cohort
    AuditEntry.write(by, VERBS[Act(act)], locked, cohort.place, name=cohort.name, reason=reason)
    if act == Act.APPROVED:
        IdNumber.objects.filter(cohort=cohort, delete_after=None).update(delete_after=compute_end())
    if act in (Act.APPROVED, Act.RETURNED):
        submitter = next(one.by for one in reversed(approvals) if one.act == Act.SUBMITTED)
        if submitter and submitter.phone:
            notices.write_ledger_notice(made, submitter)
    return made
