"""A class's training ledger, its approval, and ID numbers, on a phone and a desktop, in both languages."""

import pytest
from django.urls import reverse

from programme.id_numbers import services
from programme.models import LedgerApproval
from programme.training_ledger import production
from programme.training_ledger.approvals import decide
from tests.access.class_rows import ID_NUMBER
from tests.factories import make_person
from tests.programme.certificates.worlds import make_class
from tests.programme.training_ledger.worlds import write_ledger

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless, pytest.mark.usefixtures("no_second_factor")]
Act = LedgerApproval.Act


@pytest.mark.long
def test_ledger_and_id_numbers_fit_a_phone(
    page, trainee, trainer, organiser, village, sign_in, look, monkeypatch
):
    monkeypatch.setattr(production, "print_ledger", lambda *_args: b"%PDF-1.7")
    cohort = make_class(trainer, village, trainee)
    services.require_id_numbers(organiser, cohort, "县人社局要补贴名单")
    services.enter_id_number(trainee, cohort, trainee, ID_NUMBER)
    ledger = write_ledger(trainer, cohort)
    decide(trainer, ledger, Act.SUBMITTED)
    sign_in(organiser)
    look(reverse("programme:ledgers", args=[cohort.pk]), ("做一份今天的台账", "Write today's ledger"))
    look(
        ledger.get_absolute_url(),
        ("全部下载（压缩包）", "Download everything (ZIP)"),
        ("核对过了", "Checked, it is right"),
    )
    decide(organiser, ledger, Act.APPROVED)
    cohort.enrolments.create(user=make_person("向晚霞"), course=cohort.course)
    look(reverse("programme:ledger_changes", args=[cohort.pk, ledger.key]), ("多了", "Added"))
    look(reverse("programme:id_numbers", args=[cohort.pk]), ("谁填了", "Who has given it"))
    look(reverse("programme:id_number", args=[cohort.pk, trainee.pk]), ("看完整的号", "Show the full number"))
    look(reverse("programme:ledger_check"), ("要验的文件", "Files to check"))
    sign_in(trainee)
    look(
        reverse("programme:my_id_number", args=[cohort.pk]), ("撤回，把号删掉", "Take it back and delete it")
    )
