"""Rows of a class: a training session that has begun, a roster, and a ledger that reports an ID number."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import Model

from accounts.models import User
from courses.models import Cohort
from media.storages import write_file
from programme.attendance.walk_ins import record_walk_in
from programme.id_numbers.services import enter_id_number
from programme.models import IdNumber, IdNumberRule, LedgerApproval, SheetPrint, TrainingLedger
from programme.training_ledger import production
from tests.programme.attendance.rows import make_session
from tests.programme.rosters.files import make_roster

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
    sheets = make_sheet_print(cohort, trainer)
    rows: dict[type[Model] | str, Model] = {IdNumberRule: rule, IdNumber: number}
    return rows | {TrainingLedger: ledger, LedgerApproval: decision, SheetPrint: sheets}


def make_sheet_print(cohort: Cohort, trainer: User) -> SheetPrint:
    facts = {"sheet": "guardian", "site": "https://nonghuo.example", "language": "zh-hans"}
    row = SheetPrint.objects.create(cohort=cohort, made_by=trainer, state=SheetPrint.State.READY, **facts)
    write_file(storages["private"], row.file_name, ContentFile(b"%PDF-1.7"))
    return row


def rows_of_session(cohort: Cohort, trainer: User) -> list[Model]:
    session = make_session(cohort, trainer)
    roster = make_roster(cohort, trainer)
    return [session, roster, record_walk_in(session, trainer, key=uuid.uuid4(), name="向二妹")]
