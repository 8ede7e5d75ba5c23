"""Check the texts of a listing or a shop against the known wording rules, field by field.

The fields are checked, stored and allowed as one text; the end of a field ends its sentence. The result names the rules
that were hit; it never states that a text is lawful.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.utils.translation import get_language

from accounts.models import User
from shops.inventory import presales
from shops.models import Paper, Product, Proof, Shop, WaitingText
from shops.pricing import reference_price
from shops.shipping import policy
from shops.traceability import certificates
from wording import records
from wording.checker import Finding, check, get_rules_date
from wording.facts import Facts
from wording.models import Check

KIND = Check.Kind.LISTING
FIELDS = ("name", "variety", "origin", "description")
SHOP_FIELDS = ("name", "story")
LONGEST = 5000
PAPERS: dict[str, str] = {
    Paper.Kind.ORGANIC: "organic",
    Paper.Kind.GREEN: "green",
    Paper.Kind.GI: "gi",
    Paper.Kind.SELENIUM: "selenium",
}


@dataclass(frozen=True)
class Found:
    """Hold a finding and its place in its own field, in characters of the text as given."""

    field: str
    start: int
    end: int
    finding: Finding
    wants: tuple[str, ...] = ()  # the facts that evidence must state to allow it; empty where none can

    @property
    def blocks(self) -> bool:
        return self.finding.severity == "block"

    @property
    def is_hint(self) -> bool:
        """Return whether it only says how to write it better: nothing is blocked, and no evidence is asked."""
        return self.finding.severity == "info"

    @property
    def claim(self) -> tuple[str, str]:
        """Return what evidence is given for: the rule and the words."""
        return self.finding.rule, self.finding.words[:120]


@dataclass(frozen=True)
class TextCheckResult:
    """Hold the findings in some texts.

    `allowed`: claims that an organiser allowed in exactly this text (`find_allowed`). `asked`: claims that the seller submits
    without evidence.
    """

    texts: dict[str, str]
    facts: Facts
    found: list[Found]
    allowed: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    asked: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @property
    def passed(self) -> bool:
        """Return whether an organiser allowed all that was found in this text."""
        claims = [one.claim for one in self.found if not one.is_hint]
        return bool(claims) and self.allowed.issuperset(claims)

    @property
    def blocking(self) -> list[Found]:
        return [one for one in self.found if one.blocks and one.claim not in self.allowed]

    @property
    def unproven(self) -> list[Found]:
        """Return the warnings that still need evidence or another wording."""
        warn = [one for one in self.found if one.finding.severity == "warn"]
        return [one for one in warn if one.claim not in self.asked | self.allowed]

    @property
    def hints(self) -> list[Found]:
        """Return what could be written better, which keeps nothing from being published."""
        return [one for one in self.found if one.is_hint]


def check_texts(texts: Mapping[str, str], facts: Facts | None = None, lang: str | None = None) -> list[Found]:
    """Find what the texts hit, in their order. No query."""
    findings = check(join_texts(texts), KIND, facts, lang or get_language() or "zh")
    return locate_findings(texts, findings, find_unprovable(texts, facts, findings))


def locate_findings(
    texts: Mapping[str, str], findings: Iterable[Finding], stubborn: Collection[tuple[str, int]] = ()
) -> list[Found]:
    """Map findings in the joined text to their fields; no evidence can allow the `stubborn` ones (rule and start)."""
    found, spans, at = [], [], 0
    for name, text in texts.items():
        spans.append((at, at + len(text), name))
        at += len(text) + 1
    for finding in findings:
        begin, end, name = next(span for span in reversed(spans) if span[0] <= finding.start)
        wants = () if (finding.rule, finding.start) in stubborn else finding.proof
        found.append(Found(name, finding.start - begin, min(finding.end, end) - begin, finding, wants))
    return found


def find_unprovable(
    texts: Mapping[str, str], facts: Facts | None, findings: list[Finding]
) -> set[tuple[str, int]]:
    """Return the findings (rule and start) that remain even if every rule had evidence."""
    rules = {finding.rule for finding in findings if finding.proof}
    if not rules:
        return set()
    proven = replace(facts or Facts(), proven=tuple(sorted(rules)))
    return {(finding.rule, finding.start) for finding in check(join_texts(texts), KIND, proven)}


def join_texts(texts: Mapping[str, str]) -> str:
    """Join the fields into the one text that is checked and stored."""
    return "\n".join(texts.values())


def normalize_text(text: str | None) -> str:
    """Return the text with line ends as the text field counts them, cut at LONGEST."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")[:LONGEST]


def list_texts(row: Product | Shop | WaitingText) -> dict[str, str]:
    """Return the stored texts of a listing or a shop, by field."""
    names = SHOP_FIELDS if isinstance(row, Shop) else FIELDS
    return {name: normalize_text(getattr(row, name)) for name in names}


def build_own_facts(product: Product) -> Facts:
    """Return the facts in the product's own row. No query."""
    return Facts(
        name=product.name or None,
        variety=product.variety or None,
        origin=product.origin or None,
        unit=product.unit or None,
        net_grams=product.net_grams,
        price_fen=product.price_fen,
        stock=product.stock,
        self_grown=(product.grower == Product.Grower.OWN) if product.grower else None,
        goods=get_loaded_name(product, "category"),
    )


def get_loaded_name(product: Product, field: str) -> str | None:
    """Return the name of a related row if it is loaded already. No query."""
    row = product._state.fields_cache.get(field)
    return row.name if row else None


def build_batch_facts(product: Product) -> dict[str, Any]:
    """Return what was measured of the product's batch; at most two queries, none without a batch."""
    batch = product.batch if product.batch_id else None
    if batch is None:
        return {}
    sprays = list(batch.sprays.all())
    return {
        "brix": batch.brix or None if batch.brix_on else None,
        "brix_on": batch.brix_on.isoformat() if batch.brix_on else None,
        "interval_kept": all((batch.harvested_on - spray.on).days >= spray.interval_days for spray in sprays)
        if sprays
        else None,
    }


def build_facts(product: Product, has_gifts: bool | None = None) -> Facts:
    """Return all facts that can make a wording lawful, or stand in its place; about eleven queries.

    They come from the row, certificates in force today, freight, gifts, the presale, the price log and the batch; for an
    unsaved product only from the row and the shop.
    """
    shop = product.shop if product.shop_id else None
    facts = replace(
        build_own_facts(product),
        certificates=tuple(PAPERS[paper.kind] for paper in certificates.find_papers(product)) if shop else (),
        freight_known=product.freight_included or policy.is_settled(shop),
        gift_known=has_gifts,
        goods=product.category.name if product.category_id else None,
    )
    if not product.pk:
        return facts
    presale, before = presales.find_current(product), reference_price.find_reference_price(product)
    return replace(
        facts,
        gift_known=product.gifts.exists() if has_gifts is None else has_gifts,
        presale_by=presale.ship_by.isoformat() if presale else None,
        quota=presale.quota if presale else None,
        lowest_deal_fen=before.fen if before else None,
        **build_batch_facts(product),
    )


def check_product(
    product: Product,
    texts: Mapping[str, str] | None = None,
    proofs: Iterable[Proof] | None = None,
    has_gifts: bool | None = None,
) -> TextCheckResult:
    """Check the listing as stored, or with other `texts` and `proofs`.

    Runs no query if nothing is found with the row's own facts: facts from other tables can only clear findings.
    """
    texts = dict(texts or list_texts(product))
    facts = build_own_facts(product)
    found = check_texts(texts, facts)
    if all(one.is_hint for one in found):
        return TextCheckResult(texts, facts, found)
    facts = build_facts(product, has_gifts)
    if not (raw := check_texts(texts, facts)):
        return TextCheckResult(texts, facts, [])
    if proofs is None:
        proofs = product.proofs.all() if product.pk else []
    shown = {(row.rule, row.words): row.asks for row in proofs}
    proven = {claim for claim, asks in shown.items() if not asks}
    facts = replace(facts, proven=tuple(sorted(list_proven_rules(raw, proven))))
    found = [one for one in check_texts(texts, facts) if one.blocks or one.claim not in proven]
    asked = frozenset(claim for claim, asks in shown.items() if asks)
    stands = any(not one.is_hint for one in found)
    may_pass = stands and product.pk is not None
    allowed = find_allowed(texts, facts, make_subject(product)) if may_pass else frozenset()
    return TextCheckResult(texts, facts, found, allowed, asked)


def find_conflicts(product: Product, facts: Mapping[str, object]) -> list[Found]:
    """Return the findings that changing these `facts` of the row would make blocking.

    Only for a published or submitted listing; empty for others.
    """
    if product.status not in (Product.Status.PUBLISHED, Product.Status.SUBMITTED):
        return []
    other = copy.copy(product)
    for name, value in facts.items():
        setattr(other, name, value)
    if not (found := check_product(other).blocking):
        return []
    known = {one.claim for one in check_product(product).blocking}
    return [one for one in found if one.claim not in known]


def list_proven_rules(found: Iterable[Found], proven: set[tuple[str, str]]) -> set[str]:
    """Return the rules whose claims in the text all have evidence."""
    open_rules = {one.finding.rule for one in found if one.claim not in proven}
    return {one.finding.rule for one in found} - open_rules


def check_shop(shop: Shop, texts: Mapping[str, str] | None = None) -> TextCheckResult:
    """Check a shop's own texts; at most one query."""
    texts = dict(texts or list_texts(shop))
    facts = Facts()
    found = check_texts(texts, facts)
    may_pass = bool(found) and shop.pk is not None
    allowed = find_allowed(texts, facts, make_subject(shop)) if may_pass else frozenset()
    return TextCheckResult(texts, facts, found, allowed)


def make_subject(row: Product | Shop) -> str:
    """Return the name under which wording.records stores checks of this row."""
    return f"shops.{row._meta.model_name}:{row.pk}"


def find_allowed(texts: Mapping[str, str], facts: Facts, subject: str) -> frozenset[tuple[str, str]]:
    """Return the claims that an organiser allowed in exactly these texts under today's rules. One query.

    Only what stood in the appealed check is allowed, and what follows from a fact only while that fact is the same.
    """
    text = join_texts(texts)
    passed = records.list_passed(text, KIND, subject)
    return frozenset(claim for row in passed for claim in list_allowed_claims(row, text, facts))


def list_allowed_claims(row: Check, text: str, facts: Facts) -> set[tuple[str, str]]:
    """Return the claims that passing this check allows in its text while the `facts` are these; none under other rules."""
    if row.rules_date != get_rules_date():
        return set()
    claims = {(one["rule"], one["words"][:120]) for one in row.findings}
    if changed := list_changed_facts(Facts.of(row.facts), facts):
        same = replace(facts, **changed)
        claims &= {(one.rule, one.words[:120]) for one in check(text, KIND, same)}
    return claims


def list_changed_facts(before: Facts, now: Facts) -> dict[str, Any]:
    """Return the facts that changed in between, each with the value that says it is unknown."""
    unknown = Facts()
    return {
        one.name: getattr(unknown, one.name)
        for one in fields(Facts)
        if getattr(before, one.name) != getattr(now, one.name)
    }


def record_check(result: TextCheckResult, row: Product | Shop, by: User | None) -> Check:
    """Store the checked text under today's rules; the same check is stored once."""
    return records.record_check(join_texts(result.texts), KIND, result.facts, make_subject(row), by)
