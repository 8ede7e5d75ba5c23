"""Who decides about a ledger, in which order, and what is shown as changed after the approval."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Membership, Notice
from courses.models import Cohort
from programme import worklist
from programme.exceptions import NotNow
from programme.models import LedgerApproval, Mark
from programme.notices import read_notice
from programme.training_ledger import approvals, changes
from programme.training_ledger.approvals import decide, list_acts, list_approvals
from tests.factories import make_person
from tests.programme.attendance.rows import mark
from tests.programme.training_ledger.worlds import make_full_class, write_ledger

pytestmark = pytest.mark.django_db
SUBMITTED, CHECKED, APPROVED, RETURNED = LedgerApproval.Act.values


@pytest.fixture
def cohort(trainer, trainee, village) -> Cohort:
    return make_full_class(trainer, village, trainee)


@pytest.fixture
def ledger(cohort, trainer, monkeypatch):
    monkeypatch.setattr("programme.training_ledger.production.print_ledger", lambda *_args: b"%PDF")
    return write_ledger(trainer, cohort)


def waiting_for(user) -> int:
    """How many ledgers stand under what waits for this person."""
    return sum(one.count for one in worklist.ledgers(user))


def acts(user, ledger) -> list[str]:
    return [str(act.value) for act in list_acts(user, ledger, list_approvals(ledger))]


def test_who_handed_it_in_neither_checks_nor_approves(ledger, cohort, trainer, organiser, county):
    other = make_person("王老师", (Membership.Role.TRAINER, county))
    assert acts(trainer, ledger) == acts(organiser, ledger) == [SUBMITTED]
    assert waiting_for(organiser) == 0
    decide(trainer, ledger, SUBMITTED)
    assert (waiting_for(organiser), waiting_for(trainer)) == (1, 0)
    assert acts(trainer, ledger) == []
    assert acts(other, ledger) == [CHECKED, RETURNED]
    assert acts(organiser, ledger) == [CHECKED, APPROVED, RETURNED]
    with pytest.raises(NotNow):
        decide(trainer, ledger, APPROVED)
    with pytest.raises(NotNow):
        decide(other, ledger, APPROVED)
    decide(other, ledger, CHECKED)
    made = decide(organiser, ledger, APPROVED)
    assert made.sha256 == ledger.sha256
    assert waiting_for(organiser) == 0
    assert acts(organiser, ledger) == []
    assert [(one.act, one.by) for one in list_approvals(ledger)] == [
        (SUBMITTED, trainer),
        (CHECKED, other),
        (APPROVED, organiser),
    ]
    assert Notice.objects.get(template="ledger_approved").phone == trainer.phone
    trail = AuditEntry.objects.filter(subject=f"trainingledger {ledger.pk}").order_by("pk")
    assert list(trail.values_list("verb", flat=True)) == [
        "ledger_submitted",
        "ledger_checked",
        "ledger_approved",
    ]


@pytest.mark.long
def test_an_organiser_who_handed_it_in_needs_another(ledger, organiser, county):
    decide(organiser, ledger, SUBMITTED)
    assert acts(organiser, ledger) == []
    above = make_person("州里的人", (Membership.Role.ORGANISER, county.parent))
    assert APPROVED in acts(above, ledger)


@pytest.mark.long
def test_a_returned_ledger_may_be_handed_in_again(ledger, trainer, organiser):
    decide(trainer, ledger, SUBMITTED)
    decide(organiser, ledger, RETURNED, "电话少了一位")
    notice, name = Notice.objects.get(template="ledger_returned"), ledger.cohort.name
    page = f"/classes/{ledger.cohort_id}/ledger/{ledger.key}/"
    assert notice.phone == trainer.phone
    assert read_notice(notice) == (f"{name}的培训台账退回来了，点开看为什么。", page)
    assert acts(organiser, ledger) == [SUBMITTED]
    decide(trainer, ledger, SUBMITTED)
    assert APPROVED in acts(organiser, ledger)
    decide(organiser, ledger, APPROVED)
    notice = Notice.objects.get(template="ledger_approved")
    assert read_notice(notice) == (f"{name}的培训台账批准了。", page)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerApproval.objects.create(ledger=ledger, act=RETURNED, by=organiser, sha256="x")


@pytest.mark.long
def test_a_stranger_and_a_mentor_decide_nothing(ledger, trainer, stranger, village):
    mentor = make_person("师傅", (Membership.Role.MENTOR, village))
    decide(trainer, ledger, SUBMITTED)
    assert acts(stranger, ledger) == acts(mentor, ledger) == []


@pytest.mark.long
def test_what_changed_since_is_named_row_by_row(ledger, cohort, trainer, trainee):
    assert changes.list_changed_sheets(ledger) == []
    assert changes.compare_ledger(ledger) == []
    session = cohort.training_sessions.get(topic="竖屏怎么拍")
    mark(session, trainer, trainee, Mark.ABSENT)
    new = make_person("向晚霞")
    cohort.enrolments.create(user=new, course=cohort.course)
    assert changes.list_changed_sheets(ledger) == ["花名册", "课时", "签到", "学时"]
    roster, sessions, attendance, hours = changes.compare_ledger(ledger)
    assert (len(roster.added), roster.changed, roster.removed) == (1, [], [])
    assert roster.added[0].startswith("向晚霞，139 ")
    [row] = sessions.changed
    assert row.cells == [("几个人来了", "2", "1")]
    [row] = attendance.changed
    assert (row.name, [cell[1:] for cell in row.cells]) == ("田巧云", [("到了", "缺勤")])
    [row] = hours.changed
    assert row.cells == [
        ("到了", "2", "1"),
        ("缺勤", "0", "1"),
        ("到课多少分钟", "190", "100"),
        ("合多少小时", "3.1", "1.6"),
    ]
    assert approvals.list_approvals(ledger) == []
