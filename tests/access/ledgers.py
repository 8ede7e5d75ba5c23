"""A class that must report ID numbers, with one of them and a ledger that was handed in."""

import pytest
from django.db.models import Model

from accounts.models import User
from courses.models import Cohort
from programme.id_numbers.services import enter_id_number
from programme.models import IdNumber, IdNumberRule, LedgerApproval, TrainingLedger
from programme.training_ledger import production

# Made up; the last character follows from the others.
ID_NUMBER = "431226199001011235"


def rows_of_ledger(cohort: Cohort, learner: User, trainer: User) -> dict[type[Model] | str, Model]:
    """The print is left out: it takes a second, and its words are those of the spreadsheet."""
    rule = IdNumberRule.objects.create(cohort=cohort, reason="县人社局要名单")
    number = enter_id_number(learner, cohort, learner, ID_NUMBER)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(production, "print_ledger", lambda *_args: b"%PDF-1.7")
        ledger = production.ask_for_ledger(trainer, cohort, "https://nonghuo.example")
    facts = {"act": LedgerApproval.Act.SUBMITTED, "by": trainer, "sha256": ledger.sha256}
    decision = LedgerApproval.objects.create(ledger=ledger, **facts)
    return {IdNumberRule: rule, IdNumber: number, TrainingLedger: ledger, LedgerApproval: decision}
