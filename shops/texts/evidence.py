"""Evidence for claims in a listing's text, and appeals against a blocking finding."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from shops.audit import Verb
from shops.exceptions import ActionNotAllowed
from shops.models import Product, Proof
from shops.texts import text_check
from wording import records
from wording.models import Check
from wording.records import AppealNotPossible

GIVEN = ("source", "dated", "report_no", "file", "asks")


def shown(product: Product) -> list[Proof]:
    """Of the words that still stand in it; 广告法 §11 wants their source read beside them. One query."""
    text = text_check.joined(text_check.words_of(product))
    return [row for row in product.proofs.filter(asks=False) if row.words in text]


def replace_proofs(product: Product, proofs: Iterable[dict], actor: User | None) -> bool:
    """Replaces those of the same claim, lets those of claims that are gone be; whether anything is different."""
    changed = False
    known = {(row.rule, row.words): row for row in product.proofs.select_related("file")}
    for proof in proofs:
        row = known.get((proof["rule"], proof["words"]))
        if row and all(getattr(row, name) == proof[name] for name in GIVEN):
            continue
        claim = {"product": product, "rule": proof["rule"], "words": proof["words"]}
        given = {name: proof[name] for name in GIVEN} | {"made_by": actor}
        Proof.objects.update_or_create(**claim, defaults=given)
        changed = True
    return changed


def last_appeal(product: Product) -> Check | None:
    """The newest appeal about this listing, decided or not. One query."""
    rows = Check.objects.about(text_check.subject_of(product)).filter(appealed_at__isnull=False)
    return rows.select_related("decided_by").order_by("-appealed_at", "-id").first()


def holds_for(check: Check | None, product: Product) -> bool:
    """Whether it was about the words as they stand now."""
    return check is not None and check.text == records.make_storable(
        text_check.joined(text_check.words_of(product))
    )


@transaction.atomic
def appeal_finding(product: Product, why: str, actor: User) -> Check:
    """Of the words as they stand; raises ActionNotAllowed where nothing blocks them or they were appealed already."""
    looked = text_check.check_product(product)
    if not looked.blocking:
        raise ActionNotAllowed(_("现在没有不能用的话，直接提交就行"))
    try:
        check = records.file_appeal(text_check.record_check(looked, product, actor), actor, why)
    except AppealNotPossible:
        raise ActionNotAllowed(_("这段话已经申诉过了")) from None
    AuditEntry.write(actor, Verb.WORDING_APPEALED, product, product.place, name=product.name)
    return check


@transaction.atomic
def decide_appeal(product: Product, check: Check, passes: bool, reason: str, actor: User) -> Check:
    """Lets exactly this text pass under today's rules, or keeps the findings; whoever has the listing open for a
    decision looks again."""
    try:
        check = records.decide_appeal(check, actor, passes, reason)
    except AppealNotPossible:
        sentence = _("已经有人处理过了") if reason.strip() else _("写一句为什么，卖家才明白")
        raise ActionNotAllowed(sentence) from None
    verb = Verb.WORDING_PASSED if passes else Verb.WORDING_KEPT
    told = {"reason": check.decision_reason, "check": check.pk}
    AuditEntry.write(actor, verb, product, product.place, name=product.name, **told)
    product.mark_edited()
    return check
