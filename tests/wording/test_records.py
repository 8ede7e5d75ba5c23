"""A check is stored once, appealed against once, and decided once with a reason."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from wording import records
from wording.checker import get_rules_date
from wording.facts import Facts
from wording.models import Check

SUBJECT = "shops.product:12"
TEXT = "我家的冰糖橙最甜"


@pytest.fixture
def kept(seller) -> Check:
    return records.record_check(TEXT, "listing", None, SUBJECT, seller)


def test_keep_stores_text_rules_and_findings(kept, seller):
    assert (kept.text, kept.kind, kept.rules_date, kept.asked_by) == (
        TEXT,
        "listing",
        get_rules_date(),
        seller,
    )
    assert kept.text_hash == "f87767b6e13e1fe5a5c5609a902c83f7d8fbf855e9cee4ec3dc839020980acc2"
    [found] = kept.findings
    assert (found["rule"], found["start"], found["end"], found["words"]) == ("A1", 6, 8, "最甜")
    assert kept.blocks


def test_keep_stores_the_same_once(kept, seller, trainee):
    assert records.record_check(TEXT, "listing", None, SUBJECT, trainee) == kept
    others = [
        records.record_check(TEXT + "。", "listing", None, SUBJECT, seller),
        records.record_check(TEXT, "script", None, SUBJECT, seller),
        records.record_check(TEXT, "listing", Facts(net_grams=2500), SUBJECT, seller),
        records.record_check(TEXT, "listing", None, "shops.product:13", seller),
    ]
    assert len({kept.pk, *(one.pk for one in others)}) == 5


def test_keep_takes_text_that_no_database_holds(seller):
    assert records.record_check("最甜\0\ud800", "listing", None, SUBJECT, seller).text == "最甜\ufffd?"


def test_appeal_waits_for_a_decision(kept, seller):
    records.file_appeal(kept, seller, " 2025年有检测报告 ")
    assert (kept.appeal, kept.decision, list(Check.objects.waiting())) == ("2025年有检测报告", "", [kept])


def test_appeal_needs_a_reason_and_findings_and_comes_once(kept, seller):
    clean = records.record_check("皮薄多汁", "listing", None, SUBJECT, seller)
    for check, text in ((kept, " "), (clean, "为什么")):
        with pytest.raises(records.AppealNotPossible):
            records.file_appeal(check, seller, text)
    records.file_appeal(kept, seller, "有报告")
    with pytest.raises(records.AppealNotPossible):
        records.file_appeal(kept, seller, "真有报告")


def test_passed_is_this_text_of_this_subject_only(kept, seller, organiser):
    records.file_appeal(kept, seller, "有报告")
    assert not records.is_passed(TEXT, "listing", SUBJECT)
    records.decide_appeal(kept, organiser, True, "报告号 A123")
    assert records.is_passed(TEXT, "listing", SUBJECT)
    assert not kept.blocks
    assert not records.is_passed(TEXT + "!", "listing", SUBJECT)
    assert not records.is_passed(TEXT, "script", SUBJECT)
    assert not records.is_passed(TEXT, "listing", "shops.product:13")


def test_passed_ends_with_the_rules_it_was_decided_under(kept, seller, organiser):
    records.decide_appeal(records.file_appeal(kept, seller, "有报告"), organiser, True, "行")
    Check.objects.update(rules_date="2026-01-01")
    assert not records.is_passed(TEXT, "listing", SUBJECT)


def test_kept_findings_still_block(kept, seller, organiser):
    records.decide_appeal(records.file_appeal(kept, seller, "有报告"), organiser, False, "没看到报告")
    assert (kept.decision, kept.decided_by, kept.blocks) == ("kept", organiser, True)
    assert not records.is_passed(TEXT, "listing", SUBJECT)


def test_decision_needs_an_appeal_a_reason_and_comes_once(kept, seller, organiser):
    with pytest.raises(records.AppealNotPossible):
        records.decide_appeal(kept, organiser, True, "行")
    records.file_appeal(kept, seller, "有报告")
    with pytest.raises(records.AppealNotPossible):
        records.decide_appeal(kept, organiser, True, "  ")
    records.decide_appeal(kept, organiser, True, "行")
    with pytest.raises(records.AppealNotPossible):
        records.decide_appeal(kept, organiser, False, "不行")


@pytest.mark.parametrize(
    "without", [{"decision_reason": ""}, {"decided_by": None}, {"decided_at": None}, {"decision": ""}]
)
def test_database_refuses_half_a_decision(kept, organiser, without):
    whole = {
        "decision": "passed",
        "decision_reason": "行",
        "decided_by": organiser,
        "decided_at": timezone.now(),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.filter(pk=kept.pk).update(**{**whole, **without})


def test_sweep_keeps_three_years(kept, seller):
    old = records.record_check("皮薄", "listing", None, SUBJECT, seller)
    Check.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(days=3 * 366 + 1))
    Check.objects.filter(pk=kept.pk).update(made_at=timezone.now() - timedelta(days=3 * 365))
    assert (records.delete_expired(), list(Check.objects.all())) == (1, [kept])
