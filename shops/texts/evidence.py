"""Store the evidence for claims in a listing's text, and file and decide appeals against blocking findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from shops.audit import Verb
from shops.exceptions import ActionNotAllowed
from shops.models import Product, Proof
from shops.texts import text_check
from ui.database.orm import PreparedQuery
from wording import records
from wording.models import Check
from wording.records import AppealNotPossible

GIVEN = ("source", "dated", "report_no", "file", "asks")


GIVEN_PROOFS = PreparedQuery(lambda product: Proof.objects.filter(product=product, asks=False), 1)


def list_proofs_to_show(product: Product) -> list[Proof]:
    """Return the evidence for claims that the text still contains, to show their source (广告法 §11). One query."""
    text = text_check.join_texts(text_check.list_texts(product))
    return [row for row in GIVEN_PROOFS.instances(product.pk) if row.words in text]


def replace_proofs(product: Product, proofs: Iterable[dict], actor: User | None) -> bool:
    """Store the evidence, replacing that of the same claim; return whether anything changed.

    Evidence for claims that no longer stand in the text is kept.
    """
    changed = False
    known = {(row.rule, row.words): row for row in product.proofs.select_related("file")}
    for proof in proofs:
        row = known.get((proof["rule"], proof["words"]))
        if row and is_same(row, proof):
            continue
        claim = {"product": product, "rule": proof["rule"], "words": proof["words"]}
        given = {name: proof[name] for name in GIVEN} | {"made_by": actor}
        Proof.objects.update_or_create(**claim, defaults=given)
        changed = True
    return changed


def is_same(row: Proof, proof: Mapping[str, Any]) -> bool:
    """Return whether the evidence given is what is stored."""
    return all(getattr(row, name) == proof[name] for name in GIVEN)


def find_last_appeal(product: Product) -> Check | None:
    """Return the newest appeal about this listing, decided or not. One query."""
    rows = Check.objects.about(text_check.make_subject(product)).filter(appealed_at__isnull=False)
    return rows.select_related("decided_by").order_by("-appealed_at", "-id").first()


def is_about(check: Check | None, texts: Mapping[str, str]) -> bool:
    """Return whether the check was about exactly these texts."""
    return check is not None and check.text == records.make_storable(text_check.join_texts(texts))


@transaction.atomic
def appeal_finding(
    product: Product, why: str, actor: User, checked: text_check.TextCheckResult | None = None
) -> Check:
    """Appeal against the findings in the present text, or in the text that was `checked`; ends the earlier appeal.

    Raises ActionNotAllowed if nothing blocks the text or an appeal about it exists.
    """
    result = checked or text_check.check_product(product)
    if not result.blocking:
        raise ActionNotAllowed(_("现在没有不能用的话，直接提交就行"))
    row = text_check.record_check(result, product, actor)
    try:
        check = records.file_appeal(row, actor, why)
    except AppealNotPossible:
        raise ActionNotAllowed(_("这段话已经申诉过了")) from None
    records.take_back_appeals(text_check.make_subject(product), but=check)
    AuditEntry.write(actor, Verb.WORDING_APPEALED, product, product.place, name=product.name)
    return check


@transaction.atomic
def decide_appeal(product: Product, check: Check, passes: bool, reason: str, actor: User) -> Check:
    """Allow exactly this text under today's rules, or uphold the findings. Raises ActionNotAllowed.

    The listing counts as edited, so that an organiser who has its page open must look again.
    """
    try:
        check = records.decide_appeal(check, actor, passes, reason)
    except AppealNotPossible:
        gone = Check.objects.filter(pk=check.pk, appealed_at__isnull=True).exists()
        sentence = _("卖家把申诉收回了，不用再答复") if gone else _("已经有人处理过了")
        sentence = sentence if reason.strip() else _("写一句为什么，卖家才明白")
        raise ActionNotAllowed(sentence) from None
    verb = Verb.WORDING_PASSED if passes else Verb.WORDING_KEPT
    facts = {"reason": check.decision_reason, "check": check.pk}
    AuditEntry.write(actor, verb, product, product.place, name=product.name, **facts)
    product.mark_edited()
    return check
